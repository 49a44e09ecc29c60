namespace BpTrainer.Tests.Stopping;

/// <summary>The callback reads the network in training, with the weights after the epoch.</summary>
public class ProgressNetworkTests
{
    private static readonly DataSet<double> s_pair = Samples.Pairs((1, 1));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ItHasTheWeightsThatLearn(bool isAveraged)
    {
        // With η = 0.1 the weight climbs 0.1, 0.19, 0.271.
        TrainingOptions options = Training.FullBatch(0.1, epochs: 3) with
        {
            Averaging = isAveraged ? WeightAveraging.LastEpochs(2) : null,
        };
        Assert.All(Weights(options, Networks.OneWeight()).Zip([0.1, 0.19, 0.271]), pair => Close.Absolute(pair.Second, pair.First, 1e-15));
    }

    [Fact]
    public void AfterAnUndoneEpochItHasThoseFromBefore()
    {
        // η = 2.5 is undone, 1.75 leads to 1.75, 5.25 is undone.
        TrainingOptions options = Training.FullBatch(2.5, epochs: 3) with
        {
            Optimizer = Optimizer.AdaptiveGradientDescent(2.5, increase: 3),
        };
        Assert.Equal([0, 1.75, 1.75], Weights(options, Networks.OneWeight()));
    }

    [Fact]
    public void ItIsTheNetworkThatTrainsAndACloneKeepsIt()
    {
        Network<double> network = Networks.OneWeight();
        var clones = new List<Network<double>>();
        TrainingResult result = new NetworkTrainer<double>(network, Training.FullBatch(0.1, epochs: 3)).Train(
            s_pair, Samples.Pairs((1, 0.2)), progress =>
            {
                Assert.Same(network, progress.Network);
                clones.Add(progress.Network.Clone());
            });
        Assert.Equal(2, result.BestEpoch);
        Assert.Equal(clones[1].ToBytes(), network.ToBytes());
        Close.Absolute(0.271, clones[2].Weight(), 1e-15);
    }

    [Theory]
    [MemberData(nameof(EveryOptimizer.Names), MemberType = typeof(EveryOptimizer))]
    public void ItsLossIsTheValidationLoss(string optimizer)
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 40, inputs: 3, targets: 2);
        DataSet<double> validation = Samples.Random<double>(2, rows: 20, inputs: 3, targets: 2);
        Network<double> network = Networks.Random<double>(3, 3, new LayerSpec(9, Activation.Tanh), new LayerSpec(2, Activation.Linear));
        TrainingOptions options = new TrainingOptions { Epochs = 4, BatchSize = 8 }.With(EveryOptimizer.Of(optimizer));
        int calls = 0;
        new NetworkTrainer<double>(network, options).Train(data, validation, progress =>
        {
            Close.Relative(progress.Epoch.ValidationLoss!.Value, progress.Network.Evaluate(validation, options.Loss), 1e-14);
            calls++;
        });
        Assert.InRange(calls, 1, 4);
    }

    [Fact]
    public void SoItIsWithRowsFromAStream()
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 40, inputs: 3, targets: 2);
        Network<double> network = Networks.Random<double>(3, 3, new LayerSpec(9, Activation.Tanh), new LayerSpec(2, Activation.Linear));
        var losses = new List<double>();
        TrainingResult result = new NetworkTrainer<double>(network, new TrainingOptions { Epochs = 4, BatchSize = 8 }).Train(
            new SampleStream<double>(data), blockRows: 16, data,
            progress => losses.Add(progress.Network.Evaluate(data, Loss.HalfSquaredError)));
        Assert.Equal(result.History.Select(epoch => epoch.ValidationLoss!.Value), losses);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void EachNetworkOfAnEnsembleIsItsOwn(int threads)
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 40, inputs: 3, targets: 2);
        NetworkBuilder builder = new NetworkBuilder(3).Add(5, Activation.Tanh).Add(2, Activation.Linear);
        var last = new byte[3][];
        var options = new TrainingOptions { Epochs = 5, NumberOfThreads = threads, EarlyStoppingRounds = 5 };
        NetworkEnsemble<double> ensemble = new EnsembleTrainer<double>(builder, options, size: 3).Train(data, data, progress =>
        {
            Close.Relative(progress.Epoch.ValidationLoss!.Value, progress.Network.Evaluate(data, options.Loss), 1e-14);
            last[progress.NetworkIndex] = progress.Network.ToBytes();
        });

        // On its own training rows every epoch is the best so far.
        Assert.All(ensemble.Results, result => Assert.Equal(5, result.BestEpoch));
        Assert.Equal(ensemble.Networks.Select(network => network.ToBytes()), last);
    }

    private static List<double> Weights(TrainingOptions options, Network<double> network)
    {
        var weights = new List<double>();
        new NetworkTrainer<double>(network, options).Train(
            s_pair, onEpoch: progress => weights.Add(progress.Network.Predict<double>([1])[0]));
        return weights;
    }
}
