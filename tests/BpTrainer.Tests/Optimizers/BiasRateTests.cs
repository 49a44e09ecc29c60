namespace BpTrainer.Tests.Optimizers;

/// <summary>A learning rate of their own for biases.</summary>
public class BiasRateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(TrainingOptions.FullBatch)]
    public void BiasesMoveByTheFactorTimesTheRateAndWeightsByTheRate(int batchSize)
    {
        // a = w·x + b with x = 2, y = 1 from w = b = 0: e = −1, ∂E/∂w = −2, ∂E/∂b = −1.
        // η 0.1, factor 3: w = 0.2, b = 0.3; then e = 0.4 + 0.3 − 1 = −0.3: w = 0.2 + 0.06, b = 0.3 + 0.09
        Network<double> network = Networks.Of(BiasKind.PerUnit, new GivenLayer(Activation.Linear, new[,] { { 0.0 } }, [0]));
        Optimizer optimizer = Optimizer.GradientDescent(0.1) with { BiasRateFactor = 3 };
        network.Train(Training.FullBatch(0.1, epochs: 2) with { BatchSize = batchSize, Optimizer = optimizer }, Samples.Pairs((2, 1)));
        Close.Absolute(0.26, network.Weight(), 1e-15);
        Close.Absolute(0.39, network.Layers[0].GetBias(0), 1e-15);
    }

    [Fact]
    public void AnAdaptiveRateTakesItAlong()
    {
        // The error falls, so that the second epoch has η 0.105 for w and 0.315 for b: w = 0.2 + 0.105·0.6, b = 0.3 + 0.315·0.3
        Network<double> network = Networks.Of(BiasKind.PerUnit, new GivenLayer(Activation.Linear, new[,] { { 0.0 } }, [0]));
        network.Train(
            Training.FullBatch(0.1, epochs: 2) with { Optimizer = Optimizer.AdaptiveGradientDescent(0.1) with { BiasRateFactor = 3 } },
            Samples.Pairs((2, 1)));
        Close.Absolute(0.263, network.Weight(), 1e-15);
        Close.Absolute(0.3945, network.Layers[0].GetBias(0), 1e-15);
    }
}
