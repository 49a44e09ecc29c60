using System.Net;
using BpTrainer.Orleans.Jobs;
using BpTrainer.Orleans.Silos;
using Orleans.Runtime;

namespace BpTrainer.Orleans.Tests.Jobs;

/// <summary>Who gets which job, and what becomes of jobs whose workers are lost or refused.</summary>
public class JobRoundTests
{
    private static readonly Job[] s_jobs = [new Nothing { Files = [] }, new Nothing { Files = [] }, new Nothing { Files = [] }];

    [Fact]
    public void TheWorkerWithTheMostFreeHandsIsNext()
    {
        var round = new JobRound(s_jobs);
        Worker[] workers = [Worker("a", hands: 1), Worker("b", hands: 2)];
        string[] names = [.. Enumerable.Range(0, 3).Select(_ => round.Next(workers)!.Value.Worker.Name)];
        Assert.Equal(["b", "a", "b"], names);
        Assert.Null(round.Next(workers));
    }

    [Fact]
    public void AJobWhoseWorkerIsLostIsNextAgain()
    {
        var round = new JobRound(s_jobs);
        Worker[] workers = [Worker("a", hands: 3)];
        (int first, Worker worker) = round.Next(workers)!.Value;
        Assert.Null(round.Settle(new JobAttempt(first, worker, Last: null, new TimeoutException()), out JobResult? result));
        Assert.Null(result);
        Assert.Equal(first, round.Next(workers)!.Value.Number);
    }

    [Fact]
    public void AJobThatLosesWorkerAfterWorkerEndsTheWork()
    {
        var round = new JobRound(s_jobs);
        Worker worker = Worker("a", hands: 1);
        for (int loss = 1; loss < 5; loss++)
        {
            round.Settle(new JobAttempt(round.Next([worker])!.Value.Number, worker, Last: null, new TimeoutException()), out _);
        }

        int number = round.Next([worker])!.Value.Number;
        var error = Assert.Throws<InvalidOperationException>(
            () => round.Settle(new JobAttempt(number, worker, Last: null, new TimeoutException("too late")), out _));
        Assert.Equal("nothing has lost 5 workers, the last of them 'a': too late", error.Message);
    }

    [Fact]
    public void AWorkerThatIsRefusedGetsNoMore()
    {
        var round = new JobRound(s_jobs);
        Worker a = Worker("a", hands: 1), b = Worker("b", hands: 1);
        int number = round.Next([a])!.Value.Number;
        var refused = new JobEvent(JobEventKind.Refused, [], "it has no file 'x'.");
        Assert.Equal(
            "Worker 'a' is refused for nothing: it has no file 'x'.", round.Settle(new JobAttempt(number, a, refused, Loss: null), out _));
        Assert.Null(round.Next([a]));
        Assert.Equal((number, b), round.Next([a, b]));
    }

    [Fact]
    public void JobsThatNobodyDoesAreSaid()
    {
        var round = new JobRound(s_jobs);
        round.CheckIdle(TimeSpan.FromDays(1), []);
        var error = Assert.Throws<TimeoutException>(() => round.CheckIdle(TimeSpan.FromTicks(-1), ["Worker 'c' is refused."]));
        Assert.EndsWith("Worker 'c' is refused.", error.Message, StringComparison.Ordinal);
    }

    private static Worker Worker(string name, int hands) =>
        new(SiloAddress.New(IPAddress.Loopback, name[0], 1), name, "1", "Naive", hands);

    private sealed record Nothing : Job
    {
        public override string Name => "nothing";

        public override double[] Run(Action<double[]> report, CancellationToken cancellationToken) => [];
    }
}
