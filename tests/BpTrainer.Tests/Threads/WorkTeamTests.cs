using BpTrainer.Threads;

namespace BpTrainer.Tests;

/// <summary>A team does every item of every job once, whoever is awake.</summary>
public sealed class WorkTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void EveryItemIsDoneOnce(int threads)
    {
        using var team = new WorkTeam(threads);
        var done = new int[50];
        for (int job = 1; job <= 2000; job++)
        {
            int items = job % done.Length;
            Array.Clear(done);
            team.Run(items, item => Interlocked.Increment(ref done[item]));
            for (int item = 0; item < done.Length; item++)
            {
                Assert.Equal(item < items ? 1 : 0, done[item]);
            }

            if (job % 500 == 0)
            {
                SpinWait.SpinUntil(() => team.Sleeping == threads - 1);
            }
        }
    }

    [Fact]
    public void AFailureReachesTheCallerAndTheTeamGoesOn()
    {
        using var team = new WorkTeam(3);
        var error = Assert.Throws<InvalidOperationException>(
            () => team.Run(10, item => { if (item == 5) { throw new FormatException("five"); } }));
        Assert.IsType<FormatException>(error.InnerException);
        int sum = 0;
        team.Run(10, item => Interlocked.Add(ref sum, item));
        Assert.Equal(45, sum);
    }
}
