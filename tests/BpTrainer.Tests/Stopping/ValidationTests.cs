using BpTrainer.Stopping;

namespace BpTrainer.Tests.Stopping;

/// <summary>
/// Early stopping on one weight with the training target 1: with η = 0.1 the weight climbs 0.1, 0.19, 0.271, … towards 1,
/// away from a validation target on the way.
/// </summary>
public class ValidationTests
{
    private static readonly DataSet<double> s_training = Samples.Pairs((1, 1));

    [Fact]
    public void TrainingStopsAfterTheChecksAllowedAndTheBestWeightsComeBack()
    {
        // w: 0.1, 0.19, 0.271, 0.3439, 0.40951, …; the target 0.36 is nearest to the fourth.
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(Training.FullBatch(0.1, epochs: 1000), s_training, Samples.Pairs((1, 0.36)));
        Assert.Equal(StopReason.EarlyStopping, result.StopReason);
        Assert.Equal(4, result.BestEpoch);
        Assert.Equal(10, result.History.Count);
        Close.Absolute(0.3439, network.Weight(), 1e-15);
    }

    [Fact]
    public void TheNetworkHasTheLowestValidationLossOfTheHistory()
    {
        DataSet<double> validation = Samples.Random<double>(2, rows: 15, inputs: 2, targets: 1, weighted: true);
        Network<double> network = new NetworkBuilder(2).Add(20, Activation.Tanh).Add(1, Activation.Linear).Build<double>(seed: 3);
        TrainingResult result = network.Train(
            new TrainingOptions { Optimizer = Optimizer.Momentum(0.1), BatchSize = 4, Epochs = 500, EarlyStoppingRounds = 20 },
            Samples.Random<double>(1, rows: 15, inputs: 2, targets: 1),
            validation);

        Assert.Equal(StopReason.EarlyStopping, result.StopReason);
        double lowest = result.History.Min(epoch => epoch.ValidationLoss!.Value);
        Assert.Equal(lowest, result.History[result.BestEpoch - 1].ValidationLoss);
        Assert.Equal(result.BestEpoch + 20, result.History.Count);
        Close.Relative(lowest, Gradient.LossOf(network, Loss.HalfSquaredError, validation), 1e-13);
    }

    [Fact]
    public void ANewLowStartsTheCountAgain()
    {
        // η = 1.9: w − 1 = −(−0.9)ⁿ, so w swings around 1 ever closer. From the target 0.8 every second epoch, on the far
        // side, is no new low; the near side comes closer until 0.9ⁿ is nearest to 0.2, at n = 16. Then two misses in a row.
        Network<double> network = Networks.OneWeight();
        TrainingOptions options = Training.FullBatch(1.9, epochs: 1000) with { EarlyStoppingRounds = 2 };
        TrainingResult result = network.Train(options, s_training, Samples.Pairs((1, 0.8)));
        Assert.Equal(StopReason.EarlyStopping, result.StopReason);
        Assert.Equal(16, result.BestEpoch);
        Assert.Equal(18, result.History.Count);
    }

    [Fact]
    public void StandingStillIsNoImprovement()
    {
        // The network is perfect on the training set, so it does not move; the first epoch remains the best.
        TrainingResult result = Networks.OneWeight(1).Train(Training.FullBatch(0.1, epochs: 100), s_training, Samples.Pairs((1, 0)));
        Assert.Equal(StopReason.EarlyStopping, result.StopReason);
        Assert.Equal(1, result.BestEpoch);
        Assert.Equal(7, result.History.Count);
    }

    [Fact]
    public void TheBestWeightsComeBackAlsoWhenTheEpochsRunOutFirst()
    {
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(Training.FullBatch(0.1, epochs: 7), s_training, Samples.Pairs((1, 0.36)));
        Assert.Equal(StopReason.EpochsReached, result.StopReason);
        Assert.Equal(4, result.BestEpoch);
        Close.Absolute(0.3439, network.Weight(), 1e-15);
    }

    [Fact]
    public void ValidationSamplesNeverTeach()
    {
        Network<double> with = Networks.OneWeight();
        Network<double> without = Networks.OneWeight();
        with.Train(Training.FullBatch(0.1, epochs: 5), s_training, Samples.Pairs((1, 7), (2, -3), (5, 90)), onEpoch: null);
        without.Train(Training.FullBatch(0.1, epochs: 5), s_training);

        // The third row is nearest at the largest weight, so that the last epoch is the best in both.
        Assert.Equal(without.Weight(), with.Weight());
    }
}
