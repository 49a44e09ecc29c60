namespace BpTrainer.Tests;

/// <summary>Learned slopes are learned, kept with the best weights, and the same for any number of threads.</summary>
public sealed class SlopeBitsTests
{
    private static readonly Lazy<byte[]> s_oneThread = new(() => Train(threads: 1, BiasKind.PerUnit).ToBytes());

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void AnyNumberOfThreadsLearnsTheSameSlopes(int threads) =>
        Assert.Equal(s_oneThread.Value, Train(threads, BiasKind.PerUnit).ToBytes());

    [Theory]
    [InlineData(BiasKind.Shared)]
    [InlineData(BiasKind.Frozen)]
    public void SlopesAreLearnedForEachUnitWithAnyBias(BiasKind bias)
    {
        Layer<float> layer = Train(threads: 2, bias).Layers[0];
        Assert.Equal(layer.Outputs, Enumerable.Range(0, layer.Outputs).Select(layer.GetSlope).Distinct().Count());
        Assert.DoesNotContain(0.25f, Enumerable.Range(0, layer.Outputs).Select(layer.GetSlope));
    }

    [Fact]
    public void TheBestSlopesComeBackWithTheBestWeights()
    {
        // Training turns the outputs to the other sign than validation wants: every epoch after the first is worse.
        Network<double> network = new NetworkBuilder(1).Add(1, Activation.PReLU(0.5)).Build<double>(seed: 1);
        network.Layers[0].SetWeight(0, 0, 1);
        DataSet<double> training = Samples.Pairs((-1, 0.5), (-2, 1));
        DataSet<double> validation = Samples.Pairs((-1, -0.5), (-2, -1));
        var slopes = new List<double>();
        TrainingResult result = network.Train(
            Training.FullBatch(learningRate: 0.05, epochs: 20), training, validation, _ => slopes.Add(network.Layers[0].GetSlope(0)));
        Assert.Equal(1, result.BestEpoch);
        Assert.NotEqual(slopes[0], slopes[^1]);
        Assert.Equal(slopes[0], network.Layers[0].GetSlope(0));
    }

    [Fact]
    public void OnlyALayerOfPReLUHasSlopes()
    {
        Network<float> network = new NetworkBuilder(1).Add(2, Activation.PReLU(0.5)).Add(1, Activation.LeakyReLU()).Build<float>();
        Assert.True(network.Layers[0].HasSlopes);
        Assert.Equal(0.5f, network.Layers[0].GetSlope(1));
        Assert.Throws<ArgumentOutOfRangeException>("output", () => network.Layers[0].GetSlope(2));
        Assert.False(network.Layers[1].HasSlopes);
        Assert.Contains("leaky-relu(0.01)", Assert.Throws<InvalidOperationException>(() => network.Layers[1].GetSlope(0)).Message);
        Assert.Throws<InvalidOperationException>(() => network.Layers[1].SetSlope(0, 1));
    }

    private static Network<float> Train(int threads, BiasKind bias)
    {
        Network<float> network = new NetworkBuilder(40)
            .Add(new LayerSpec(90, Activation.PReLU()) { Bias = bias })
            .Add(5, Activation.PReLU())
            .Add(60, Activation.Mish)
            .Add(7, Activation.PReLU())
            .Build<float>(seed: 3);
        var options = new TrainingOptions { Epochs = 3, BatchSize = 700, NumberOfThreads = threads, Optimizer = Optimizer.Momentum(0.05) };
        TrainingResult result = network.Train(options, Samples.Random<float>(4, rows: 1000, inputs: 40, targets: 7));
        Assert.Equal(threads, result.Threads);
        return network;
    }
}
