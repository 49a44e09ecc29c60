namespace BpTrainer.Tests.Stopping;

/// <summary>Training ends when the updates are used up, in the middle of an epoch if need be.</summary>
public class UpdatesTests
{
    private static readonly DataSet<double> s_eight = Samples.Pairs([.. Enumerable.Repeat((1.0, 1.0), 8)]);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(12, 3)]
    public void AsManyUpdatesAreMade(long most, int epochs)
    {
        // Four batches an epoch, all alike: n updates lead to 1 − 0.9ⁿ.
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(
            Training.FullBatch(0.1, epochs: 100) with { BatchSize = 2, MaximumUpdates = most, Schedule = LearningRateSchedule.Step(90) },
            s_eight);
        Assert.Equal(StopReason.UpdatesReached, result.StopReason);
        Assert.Equal(epochs, result.History.Count);
        Assert.Equal(epochs, result.BestEpoch);
        Close.Absolute(1 - Math.Pow(0.9, most), network.Weight(), 1e-14);
    }

    [Fact]
    public void TheLossOfAPartOfAnEpochIsThatOfItsSamples()
    {
        // Before updates 5 and 6: ½·0.9⁸ and ½·0.9¹⁰.
        TrainingResult result = Networks.OneWeight().Train(
            Training.FullBatch(0.1, epochs: 100) with { BatchSize = 2, MaximumUpdates = 6 }, s_eight);
        Close.Absolute((Math.Pow(0.81, 4) + Math.Pow(0.81, 5)) / 4, result.History[^1].TrainingLoss, 1e-15);
    }

    [Fact]
    public void EpochsThatAnAdaptiveRateUndoesCountAsWell()
    {
        TrainingOptions options =
            Training.FullBatch(2.5, epochs: 100) with { Optimizer = Optimizer.AdaptiveGradientDescent(2.5), MaximumUpdates = 3 };
        TrainingResult result = Networks.OneWeight().Train(options, s_eight);
        Assert.Equal(StopReason.UpdatesReached, result.StopReason);
        Assert.Equal(3, result.History.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void ThereIsAnUpdate(long value)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "MaximumUpdates", () => new NetworkTrainer<double>(Networks.OneWeight(), new TrainingOptions { MaximumUpdates = value }));
        Assert.StartsWith($"MaximumUpdates is {value}, but must be 1 or more", error.Message);
    }
}
