namespace BpTrainer.Tests.Modes;

/// <summary>Learning sample by sample is an epoch of batches of 1, to the same bits.</summary>
public sealed class OnlineTrainerTests
{
    private static readonly DataSet<float> s_data = Samples.Random<float>(1, rows: 60, inputs: 5, targets: 2);

    private static readonly Dictionary<string, TrainingOptions> s_cases = new()
    {
        ["plain"] = new(),
        ["dropout"] = new() { Regularization = new() { HiddenDropout = [0.3], InputDropout = 0.1 }, Seed = 5 },
        ["penalties"] = new() { Regularization = new() { L1 = 0.001, L2 = 0.01, WeightDecay = 0.1 } },
        ["bounds"] = new() { Regularization = new() { ClipNorm = 0.5, ClipValue = 0.1, MaxNorm = 1 } },
        ["bias rate"] = new() { Optimizer = Optimizer.Momentum() with { BiasRateFactor = 2 } },
        ["cross-entropy"] = new() { Loss = Loss.BinaryCrossEntropy() },
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    public static TheoryData<string> Optimizers => EveryOptimizer.NamesForBatches;

    public static TheoryData<string, TrainingOptions> BadOptions => new()
    {
        { "Schedule", new TrainingOptions { Schedule = LearningRateSchedule.Exponential(0.9) } },
        { "Averaging", new TrainingOptions { Averaging = WeightAveraging.Exponential() } },
        { "BatchSize", new TrainingOptions { BatchSize = 8 } },
        { "BatchSize", new TrainingOptions { BatchSize = TrainingOptions.FullBatch } },
        { "Epochs", new TrainingOptions { Epochs = 3 } },
        { "TargetLoss", new TrainingOptions { TargetLoss = 0.1 } },
        { "EarlyStoppingRounds", new TrainingOptions { EarlyStoppingRounds = 3 } },
        { "MaximumUpdates", new TrainingOptions { MaximumUpdates = 3 } },
        { "TimeBudget", new TrainingOptions { TimeBudget = TimeSpan.FromMinutes(1) } },
        { "MinimumGradient", new TrainingOptions { MinimumGradient = 0.1 } },
        { "Checkpoint", new TrainingOptions { Checkpoint = Checkpoint.ToStream(() => new MemoryStream()) } },
        { "Optimizer", new TrainingOptions { Optimizer = Optimizer.AdaptiveMomentum() } },
        { "Optimizer", new TrainingOptions { Optimizer = Optimizer.ResilientMinus() } },
        { "Optimizer", new TrainingOptions { Optimizer = Optimizer.Lbfgs() } },
        { "Optimizer", new TrainingOptions { Optimizer = Optimizer.LevenbergMarquardt() } },
        { "L2", new TrainingOptions { Regularization = new() { L2 = -1 } } },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheSamplesOfAnEpochMakeTheSameBits(string name) => AssertSame(s_cases[name], Start(), s_data);

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void SoTheyDoWithEveryOptimizer(string name)
    {
        Optimizer optimizer = EveryOptimizer.Of(name);
        if (optimizer.Name.StartsWith("adaptive", StringComparison.Ordinal))
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new OnlineTrainer<float>(Start(), new() { Optimizer = optimizer }));
            return;
        }

        AssertSame(new() { Optimizer = optimizer }, Start(), s_data);
    }

    [Fact]
    public void UnitsAndCodesAreThoseOfTheNetwork()
    {
        // Inputs and targets far from 0 and 1, which the network scales, and codes besides the inputs.
        var data = new DataSet<float>(
            Array.ConvertAll(s_data.Inputs.ToArray(), x => 100 + (20 * x)), 5,
            Array.ConvertAll(s_data.Targets.ToArray(), y => 1000 * y), 2);
        NetworkBuilder builder = new NetworkBuilder(5).Add(12, Activation.Tanh).Add(2, Activation.Linear)
            .ScaleInputs(ColumnScaling.StandardizeInputs(data)).ScaleOutputs(ColumnScaling.StandardizeTargets(data));
        AssertSame(new(), builder.Build<float>(3), data);
        builder.EncodeInputs(PiecewiseLinearEncoding.FromQuantiles(data, bins: 4));
        AssertSame(new(), builder.Build<float>(3), data);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyNumberOfThreadsMakesTheSameBits(int threads)
    {
        // Large enough to be shared, and clipped, so that the samples go through batches.
        DataSet<float> data = Samples.Random<float>(1, rows: 6, inputs: 400, targets: 3);
        Network<float> one = new NetworkBuilder(400).Add(500, Activation.ReLU).Add(3, Activation.Linear).Build<float>(1);
        Network<float> several = one.Clone();
        TrainingOptions options = new() { Regularization = new() { ClipNorm = 1 } };
        Learn(one, options with { NumberOfThreads = 1 }, data);
        Learn(several, options with { NumberOfThreads = threads }, data);
        Assert.Equal(one.ToBytes(), several.ToBytes());
    }

    [Fact]
    public void AnUpdateIsTheNumericGradientOfTheLossReturned()
    {
        // η = 1: w − w⁺ is ∂E/∂w.
        Network<double> network = Networks.Random<double>(
            2, 3, new LayerSpec(4, Activation.PReLU()), new LayerSpec(2, Activation.Tanh) { Bias = BiasKind.Shared });
        double[] x = [0.3, -0.7, 0.5], y = [0.2, -0.4];
        TrainingOptions options = new() { Optimizer = Optimizer.GradientDescent(1) };
        double LossOf(Network<double> at)
        {
            using var trainer = new OnlineTrainer<double>(at.Clone(), options);
            return trainer.Learn(x, y);
        }

        Network<double> after = network.Clone();
        using (var trainer = new OnlineTrainer<double>(after, options))
        {
            trainer.Learn(x, y);
        }

        foreach (Parameter parameter in Parameter.Trained(network))
        {
            const double H = 1e-5;
            Network<double> above = network.Clone(), below = network.Clone();
            SetAll(parameter, above, parameter.Get(network) + H);
            SetAll(parameter, below, parameter.Get(network) - H);
            double slope = (LossOf(above) - LossOf(below)) / (2 * H);
            Close.Absolute(slope, parameter.Get(network) - parameter.Get(after), 1e-8, parameter.ToString());
        }
    }

    [Fact]
    public void TheStateOfTheOptimizerContinues()
    {
        TrainingOptions options = new() { Optimizer = Optimizer.Adam() };
        Network<float> whole = Start(), halves = Start();
        Learn(whole, options, s_data);
        OptimizerState state = Learn(halves, options, s_data.Take([.. Enumerable.Range(0, 30)]));
        Learn(halves, options, s_data.Take([.. Enumerable.Range(30, 30)]), state);
        Assert.Equal(whole.ToBytes(), halves.ToBytes());
    }

    [Fact]
    public void TheStateOfAnotherOptimizerOrNetworkIsRefused()
    {
        OptimizerState state = Learn(Start(), new() { Optimizer = Optimizer.Adam() }, s_data);
        Assert.Contains("adam", Assert.Throws<ArgumentException>(
            () => new OnlineTrainer<float>(Start(), new(), state)).Message, StringComparison.Ordinal);
        Network<float> other = new NetworkBuilder(5).Add(40, Activation.Tanh).Add(2, Activation.Linear).Build<float>();
        Assert.Contains("another shape", Assert.Throws<ArgumentException>(
            () => new OnlineTrainer<float>(other, new() { Optimizer = Optimizer.Adam() }, state)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLearningRateMayChangeBetweenSamples()
    {
        // w ← w − η (w − y) for x = 1: from 0 with η = 0.5 to 0.5, with η = 0.1 to 0.5 + 0.1·0.5 = 0.55.
        Network<double> network = Networks.OneWeight();
        using var trainer = new OnlineTrainer<double>(network, new() { Optimizer = Optimizer.GradientDescent(0.5) });
        Assert.Equal(0.5, trainer.Learn([1], [1]));
        Close.Absolute(0.5, network.Predict<double>([1])[0], 1e-15);
        trainer.LearningRate = 0.1;
        Assert.Equal(0.125, trainer.Learn([1], [1]));
        Close.Absolute(0.55, network.Weight(), 1e-15);
        Assert.Equal(2, trainer.Updates);
        Assert.Contains("LearningRate is 0", Assert.Throws<ArgumentOutOfRangeException>(
            () => trainer.LearningRate = 0).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ANumberThatIsNotFiniteChangesNothing(bool isClipped)
    {
        Network<float> network = Start(), expected = Start();
        TrainingOptions options = new() { Optimizer = Optimizer.Adam(), Regularization = new() { ClipNorm = isClipped ? 1 : null } };
        using var trainer = new OnlineTrainer<float>(network, options);
        trainer.Learn(s_data.InputRow(0), s_data.TargetRow(0));
        byte[] before = network.ToBytes();
        var error = Assert.Throws<NotFiniteNumberException>(() => trainer.Learn([1, 2, float.NaN, 4, 5], [0, 1]));
        Assert.Contains("Input 2 is NaN.", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<NotFiniteNumberException>(() => trainer.Learn([1, 2, 3, 4, 5], [0, float.PositiveInfinity]));
        Assert.Contains("Target 1 is Infinity.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, network.ToBytes());
        trainer.Learn(s_data.InputRow(1), s_data.TargetRow(1));
        Learn(expected, options, s_data.Take([0, 1]));
        Assert.Equal(expected.ToBytes(), network.ToBytes());
    }

    [Fact]
    public void ATrainingThatDivergesSaysSo()
    {
        Network<double> network = Networks.OneWeight();
        using var trainer = new OnlineTrainer<double>(network, new() { Optimizer = Optimizer.GradientDescent(1e100) });
        var error = Assert.Throws<NotFiniteNumberException>(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                trainer.Learn([1], [1]);
            }
        });
        Assert.Contains("lower the learning rate, which is 1E+100", error.Message, StringComparison.Ordinal);
        Assert.True(double.IsFinite(network.Weight()));
    }

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void AnOptionWithoutMeaningIsRefusedByName(string option, TrainingOptions options)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new OnlineTrainer<double>(Networks.OneWeight(), options));
        Assert.Equal(option, error.ParamName);
        Assert.StartsWith($"{option} is ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(6, 2)]
    [InlineData(5, 1)]
    [InlineData(0, 0)]
    public void ASampleOfAnotherShapeIsRefused(int inputs, int targets)
    {
        using var trainer = new OnlineTrainer<float>(Start(), new());
        var error = Assert.Throws<ArgumentException>(() => trainer.Learn(new float[inputs], new float[targets]));
        Assert.Contains($"{inputs} inputs and {targets} targets", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AfterDisposalItLearnsNothing()
    {
        var trainer = new OnlineTrainer<float>(Start(), new());
        trainer.Dispose();
        trainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => trainer.Learn(new float[5], new float[2]));
    }

    private static void AssertSame(TrainingOptions options, Network<float> start, DataSet<float> data)
    {
        Network<float> epoch = start.Clone(), online = start.Clone();
        TrainingResult result = epoch.Train(options with { BatchSize = 1, Shuffle = false, Epochs = 1 }, data);
        using var trainer = new OnlineTrainer<float>(online, options);
        double loss = Enumerable.Range(0, data.Rows).Sum(row => trainer.Learn(data.InputRow(row), data.TargetRow(row)));
        Assert.NotEqual(start.ToBytes(), online.ToBytes());
        Assert.Equal(epoch.ToBytes(), online.ToBytes());
        Assert.Equal(result.History[0].TrainingLoss, loss / data.Rows);
        Assert.Equal(data.Rows, trainer.Updates);
    }

    private static OptimizerState Learn(
        Network<float> network, TrainingOptions options, DataSet<float> data, OptimizerState? state = null)
    {
        using var trainer = new OnlineTrainer<float>(network, options, state);
        for (int row = 0; row < data.Rows; row++)
        {
            trainer.Learn(data.InputRow(row), data.TargetRow(row));
        }

        return trainer.CopyOptimizerState();
    }

    private static Network<float> Start() =>
        new NetworkBuilder(5).Add(20, Activation.Tanh).Add(6, Activation.PReLU()).Add(2, Activation.Logistic).Build<float>(9);

    /// <summary>Sets a parameter, a shared bias for all units.</summary>
    private static void SetAll(Parameter parameter, Network<double> network, double value)
    {
        bool isShared = parameter.Input == -1 && network.Layers[parameter.Layer].Bias == BiasKind.Shared;
        for (int o = isShared ? 0 : parameter.Output; o < (isShared ? network.Layers[parameter.Layer].Outputs : parameter.Output + 1); o++)
        {
            (parameter with { Output = o }).Set(network, value);
        }
    }
}
