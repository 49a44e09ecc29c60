using System.Diagnostics;

namespace BpTrainer.Tests.Stopping;

/// <summary>A time budget ends a training in the middle of an epoch; the weights are those of whole ones.</summary>
[Collection(nameof(Alone))]
public class TimeBudgetTests
{
    private static readonly DataSet<float> s_data = Samples.Random<float>(4, rows: 300, inputs: 3, targets: 2);

    [Fact]
    public void TrainingEndsSoonAfterTheBudgetWithTheWeightsOfAWholeEpoch()
    {
        var options = new TrainingOptions { BatchSize = 1, Epochs = int.MaxValue, Seed = 5, TimeBudget = TimeSpan.FromMilliseconds(60) };
        Network<float> network = Start();
        long start = Stopwatch.GetTimestamp();
        TrainingResult result = network.Train(options, s_data);
        Assert.Equal(StopReason.TimeBudgetReached, result.StopReason);

        // A busy machine may be late; an epoch that does not end would be far later.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.05, 30);
        Assert.InRange(result.BestEpoch, 1, result.History.Count);
        Network<float> expected = Start();
        expected.TrainToTheLast(options with { Epochs = result.BestEpoch, TimeBudget = null }, s_data);
        Assert.Equal(expected.ToBytes(), network.ToBytes());
    }

    [Fact]
    public void AnEpochThatNeverEndsIsGivenUp()
    {
        var stream = new EndlessStream();
        Network<float> network = new NetworkBuilder(1).Add(1, Activation.Linear).Build<float>();
        byte[] before = network.ToBytes();
        TrainingResult result = new NetworkTrainer<float>(network, new TrainingOptions { TimeBudget = TimeSpan.FromMilliseconds(20) })
            .Train(stream, blockRows: 64);
        Assert.Equal(StopReason.TimeBudgetReached, result.StopReason);
        Assert.Empty(result.History);
        Assert.Equal(before, network.ToBytes());
    }

    [Fact]
    public void ABudgetThatIsNotUsedUpChangesNothing()
    {
        var options = new TrainingOptions { Epochs = 3, TimeBudget = TimeSpan.FromDays(1) };
        Assert.Equal(StopReason.EpochsReached, Start().Train(options, s_data).StopReason);
    }

    [Fact]
    public void TheTokenOfTheUserIsToldApart()
    {
        using var source = new CancellationTokenSource();
        TrainingResult result = Start().Train(
            new TrainingOptions { TimeBudget = TimeSpan.FromDays(1) },
            s_data,
            onEpoch: _ => source.Cancel(),
            cancellationToken: source.Token);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Single(result.History);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(25)]
    public void ABudgetIsAbove0AndNoLongerThanATimerRuns(int days)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "TimeBudget", () => new NetworkTrainer<float>(Start(), new TrainingOptions { TimeBudget = TimeSpan.FromDays(days) }));
        Assert.Contains("above 0 and at most 24 days", error.Message, StringComparison.Ordinal);
    }

    private static Network<float> Start() =>
        new NetworkBuilder(3).Add(6, Activation.Tanh).Add(2, Activation.Linear).Build<float>(seed: 9);

    /// <summary>A pass of as many rows as a long can count.</summary>
    private sealed class EndlessStream : IRowStream<float>
    {
        public int InputColumns => 1;

        public int TargetColumns => 1;

        public long Rows => long.MaxValue;

        public double? TotalWeight => null;

        public void Restart(int? shuffleSeed)
        {
        }

        public int Read(Span<float> inputs, Span<float> targets, Span<float> weights)
        {
            inputs.Fill(1);
            targets.Fill(1);
            return targets.Length;
        }
    }
}
