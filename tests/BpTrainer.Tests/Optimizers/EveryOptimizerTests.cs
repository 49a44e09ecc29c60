using System.Collections.Concurrent;

namespace BpTrainer.Tests.Optimizers;

/// <summary>What every optimizer must do.</summary>
public class EveryOptimizerTests
{
    private static readonly ConcurrentDictionary<string, byte[]> s_oneThread = new();

    public static TheoryData<string> Names => EveryOptimizer.Names;

    public static TheoryData<string, int> NamesAndThreads =>
        Combinations.Of(EveryOptimizer.All.Select(optimizer => optimizer.Name), [2, 3, 8]);

    /// <summary>The tests of every optimizer go over <see cref="EveryOptimizer.All"/>.</summary>
    [Fact]
    public void EveryOptimizerIsTested()
    {
        IEnumerable<Type> types =
            typeof(Optimizer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Optimizer)) && !type.IsAbstract);
        Assert.Equal(types.ToHashSet(), EveryOptimizer.All.Select(optimizer => optimizer.GetType()).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ItLearnsTheExclusiveOrWithinTenRestarts(string name)
    {
        // Four rows are no evidence for 17 parameters: Bayesian regularization takes them for noise unless it sees them often.
        int copies = name == "bayesian-regularization" ? 100 : 1;
        DataSet<double> xor = Samples.Xor().Take([.. Enumerable.Range(0, 4 * copies).Select(row => row % 4)]);
        Optimizer optimizer = EveryOptimizer.Of(name);

        // The rates of the literature for a task this small; those of resilient propagation and the solvers are their own.
        double? rate = name switch
        {
            "irprop-" or "irprop+" => null,
            _ when optimizer.LearningRate is null => null,
            "rmsprop" or "adam" or "adamw" or "nadam" => 0.02,
            _ => 0.5,
        };
        var options = new TrainingOptions
        {
            Optimizer = rate is { } eta ? optimizer.WithLearningRate(eta) : optimizer,
            BatchSize = TrainingOptions.FullBatch,
            Epochs = 2000,
            TargetLoss = 0.001,
        };
        Assert.Contains(Enumerable.Range(0, 10), seed =>
        {
            Network<double> network = new NetworkBuilder(2).Add(4, Activation.Tanh).Add(1, Activation.Logistic).Build<double>(seed);
            network.Train(options, xor);
            return network.Predict(xor.Inputs.Span).Zip(xor.Targets.ToArray()).All(pair => pair.First > 0.5 == pair.Second > 0.5);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ItLearnsToTellFlowersApart(string name)
    {
        DataSet<float> iris = RealSets.Iris();
        Network<float> network = new NetworkBuilder(4)
            .Add(10, Activation.Tanh).Add(3, Activation.Logistic).ScaleInputs(ColumnScaling.StandardizeInputs(iris)).Build<float>(1);
        var options = new TrainingOptions { BatchSize = 10, Epochs = 150 };
        Optimizer optimizer = EveryOptimizer.Of(name);
        network.Train(options.With(name is "gradient-descent" or "adagrad" ? optimizer.WithLearningRate(0.1) : optimizer), iris);
        Assert.InRange(RealSets.Accuracy(network, iris), 0.95, 1);
    }

    [Theory]
    [MemberData(nameof(NamesAndThreads))]
    public void AnyNumberOfThreadsGivesTheSameBits(string name, int threads)
    {
        byte[] oneThread = s_oneThread.GetOrAdd(name, static name => Train(name, threads: 1).Network);
        (byte[] network, int used) = Train(name, threads);
        Assert.Equal(oneThread, network);
        Assert.InRange(used, 2, threads);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ACancelledTrainingEndsSoonAndKeepsItsWeights(string name)
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 40, inputs: 3, targets: 1);
        Network<double> network = Networks.Random<double>(1, 3, new LayerSpec(5, Activation.Tanh), new LayerSpec(1, Activation.Linear));
        Network<double> expected = network.Clone();
        TrainingOptions options = new TrainingOptions { Epochs = 50 }.With(EveryOptimizer.Of(name));
        using var source = new CancellationTokenSource();
        TrainingResult result = network.Train(options, data, onEpoch: epoch => CancelAt(3, epoch, source), cancellationToken: source.Token);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Equal(3, result.History.Count);
        expected.Train(options with { Epochs = 3 }, data);
        Assert.Equal(expected.ToBytes(), network.ToBytes());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AStreamOfOneBlockTeachesTheSame(string name)
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 40, inputs: 3, targets: 1);
        Network<double> inMemory = Networks.Random<double>(1, 3, new LayerSpec(5, Activation.Tanh), new LayerSpec(1, Activation.Linear));
        Network<double> streamed = inMemory.Clone();
        TrainingOptions options = new TrainingOptions { Epochs = 5 }.With(EveryOptimizer.Of(name));
        inMemory.Train(options, data);
        new NetworkTrainer<double>(streamed, options).Train(new SampleStream<double>(data), blockRows: 40);
        Assert.Equal(inMemory.ToBytes(), streamed.ToBytes());
    }

    [Theory]
    [InlineData("adagrad")]
    [InlineData("rmsprop")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("nadam")]
    public void AnEpsilonBelowAllFloatsStillKeepsTheDivisorAbove0(string name)
    {
        // A third input that is always 0 has the slope 0, and 0/0 would be no number.
        const double Epsilon = 1e-60;
        Optimizer optimizer = name switch
        {
            "adagrad" => Optimizer.AdaGrad(epsilon: Epsilon),
            "rmsprop" => Optimizer.RmsProp(epsilon: Epsilon),
            "adam" => Optimizer.Adam(epsilon: Epsilon),
            "adamw" => Optimizer.AdamW(epsilon: Epsilon),
            _ => Optimizer.Nadam(epsilon: Epsilon),
        };
        Network<float> network = new NetworkBuilder(3).Add(4, Activation.Tanh).Add(1, Activation.Linear).Build<float>(1);
        float idle = network.Layers[0].GetWeight(2, 0);
        var data = new DataSet<float>(new float[] { 1, 2, 0, -1, 3, 0 }, 3, new float[] { 1, -1 }, 1);
        TrainingResult result = network.Train(new TrainingOptions { Optimizer = optimizer, Epochs = 3, Regularization = new() }, data);
        Assert.Equal(StopReason.EpochsReached, result.StopReason);
        Assert.Equal(name == "adamw" ? idle * MathF.Pow(1 - (0.001f * 0.01f), 3) : idle, network.Layers[0].GetWeight(2, 0), 1e-6f);
    }

    private static void CancelAt(int epoch, EpochRecord record, CancellationTokenSource source)
    {
        if (record.Epoch == epoch)
        {
            source.Cancel();
        }
    }

    private static (byte[] Network, int Threads) Train(string name, int threads)
    {
        DataSet<float> data = Samples.Random<float>(1, rows: 700, inputs: 12, targets: 3);
        Network<float> network =
            new NetworkBuilder(12).Add(17, Activation.PReLU()).Add(9, Activation.Tanh).Add(3, Activation.Linear).Build<float>(3);
        var options = new TrainingOptions { BatchSize = 650, Epochs = 4, NumberOfThreads = threads };
        int used = network.Train(options.With(EveryOptimizer.Of(name)), data).Threads;
        return (network.ToBytes(), used);
    }
}
