using BpTrainer.ML.Training;

namespace BpTrainer.ML.Tests;

/// <summary>A training takes at most the time of an epoch, times epochs, times the turns that the networks take.</summary>
public class DurationEstimateTests
{
    [Theory]
    [InlineData(200, 1, 1, 0.01, "2.0 s for 200 epochs")]
    [InlineData(200, 8, 2, 0.01, "8.0 s for 8 networks of 200 epochs")]
    [InlineData(200, 8, 3, 0.01, "6.0 s for 8 networks of 200 epochs")]
    [InlineData(50, 3, 8, 0.5, "25 s for 3 networks of 50 epochs")]
    [InlineData(50, 1, 1, 0.9, "45 s for 50 epochs")]
    [InlineData(12.5, 1, 1, 0.1, "1.3 s for 13 epochs")]
    public void TheSecondEpochIsMeasured(double epochs, int networks, int sideBySide, double seconds, string expected)
    {
        var estimate = new DurationEstimate(epochs, networks, sideBySide, budget: null);
        Assert.Null(Add(estimate, epoch: 1, seconds: 0.3, network: 0));
        Assert.Equal($"Expected to take at most {expected}.", Add(estimate, epoch: 2, 0.3 + seconds, network: 0));
        Assert.Null(Add(estimate, epoch: 3, 0.3 + (2 * seconds), network: 0));
    }

    [Theory]
    [InlineData(200, 3.0, null, "10 min")]
    [InlineData(200, 300.0, null, "16.7 h")]
    [InlineData(200, 3.0, 20.0, "20 s")]
    [InlineData(1, 0.2, null, "0.2 s")]
    public void ALongOrOnlyFirstEpochIsEnough(double epochs, double seconds, double? budget, string expected)
    {
        var estimate = new DurationEstimate(epochs, 1, 1, budget is { } most ? TimeSpan.FromSeconds(most) : null);
        Assert.StartsWith(
            $"Expected to take at most {expected} for ", Add(estimate, epoch: 1, seconds, network: 0), StringComparison.Ordinal);
    }

    [Fact]
    public void EpochsOfOtherNetworksAreNotMixedUp()
    {
        var estimate = new DurationEstimate(100, 2, 2, budget: null);
        Assert.Null(Add(estimate, epoch: 1, seconds: 0.1, network: 0));
        Assert.Null(Add(estimate, epoch: 1, seconds: 0.5, network: 1));
        Assert.Equal("Expected to take at most 20 s for 2 networks of 100 epochs.", Add(estimate, epoch: 2, 0.7, network: 1));
    }

    private static string? Add(DurationEstimate estimate, int epoch, double seconds, int network = 0) =>
        estimate.Add(network, new EpochRecord(epoch, 1, null, 0.1, seconds));
}
