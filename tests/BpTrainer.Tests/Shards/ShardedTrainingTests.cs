using BpTrainer.Optimizers;
using BpTrainer.Tests.Checkpoints;
using BpTrainer.Tests.Data;

namespace BpTrainer.Tests.Shards;

/// <summary>
/// One shard gives the bits of a training without shards; several give the same bits on any number of machines, also when some are lost.
/// </summary>
public sealed class ShardedTrainingTests
{
    private const int Epochs = 6;

    private static readonly DataSet<float> s_training = Samples.Random<float>(1, rows: 71, inputs: 5, targets: 3, weighted: true);
    private static readonly DataSet<float> s_validation = Samples.Random<float>(2, rows: 20, inputs: 5, targets: 3, weighted: true);

    public static TheoryData<string> Names => [.. Trainings.Keys];

    private static Dictionary<string, TrainingOptions> Trainings
    {
        get
        {
            var mini = new TrainingOptions { Epochs = Epochs, BatchSize = 8, Optimizer = Optimizer.Momentum(0.05), Seed = 3 };
            var trainings = new Dictionary<string, TrainingOptions>();
            foreach (Optimizer optimizer in EveryOptimizer.All.Where(optimizer => optimizer is not LevenbergMarquardtOptimizer))
            {
                string name = optimizer is StepOptimizer { AdaptiveRate: not null } ? optimizer.Describe() : optimizer.Name;
                trainings.Add($"{name}, full batch", mini with { Optimizer = optimizer, BatchSize = TrainingOptions.FullBatch });
                if (!optimizer.IsFullBatchOnly)
                {
                    trainings.Add($"{name}, mini-batch", mini with { Optimizer = optimizer });
                }
            }

            Regularization penalties = new() { L1 = 0.001, L2 = 0.01, ClipValue = 0.3, ClipNorm = 0.5, MaxNorm = 1 };
            trainings.Add("no shuffling", mini with { Shuffle = false });
            trainings.Add("dropout", mini with { Regularization = new() { HiddenDropout = [0.3], InputDropout = 0.1 } });
            trainings.Add("penalties", mini with { Regularization = penalties });
            trainings.Add("weight decay", mini with { Regularization = new() { WeightDecay = 0.1 } });
            trainings.Add("cosine", mini with { Schedule = LearningRateSchedule.Cosine().WithWarmUp(1) });
            trainings.Add("plateau", mini with { Schedule = LearningRateSchedule.ReduceOnPlateau(0.5, patience: 0) });
            trainings.Add("exponential average", mini with { Averaging = WeightAveraging.Exponential(0.9) });
            trainings.Add("average of epochs", mini with { Averaging = WeightAveraging.LastEpochs(3) });
            trainings.Add("minimum gradient", mini with { MinimumGradient = 1e-9, Regularization = penalties });
            trainings.Add("minimum gradient reached", mini with { MinimumGradient = 0.5, Epochs = 50 });
            trainings.Add("most updates", mini with { MaximumUpdates = 21 });
            trainings.Add("early stopping", mini with { EarlyStoppingRounds = 1, Epochs = 60 });
            trainings.Add("huber", mini with { Loss = Loss.Huber(0.4) });
            trainings.Add("quantiles", mini with { Loss = Loss.Quantiles(0.1, 0.5, 0.8) });
            trainings.Add("state", mini with { KeepOptimizerState = true, Optimizer = Optimizer.Adam() });
            return trainings;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OneShardGivesTheBitsOfATrainingWithoutShards(string name)
    {
        foreach (DataSet<float>? validation in new[] { s_validation, null })
        {
            Network<float> expected = Start(), actual = Start();
            TrainingResult without = new NetworkTrainer<float>(expected, Trainings[name]).Train(s_training, validation);
            using var shards = new LocalShards<float>(new Shard<float>(s_training, validation));
            TrainingResult with = new NetworkTrainer<float>(actual, Trainings[name]).Train(shards);
            AssertSame(without, with);
            Assert.Equal(expected.ToBytes(), actual.ToBytes());
            Assert.NotEqual(Start().ToBytes(), actual.ToBytes());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheMachinesDoNotMatter(string name)
    {
        Shard<float>[] shards = Cut(7);
        Network<float> expected = Start();
        using var local = new LocalShards<float>(shards);
        TrainingResult onOne = new NetworkTrainer<float>(expected, Trainings[name]).Train(local);
        foreach ((int machines, int lostEvery) in new[] { (2, 0), (3, 4) })
        {
            Network<float> actual = Start();
            using var cluster = new Machines<float>(shards, machines, lostEvery);
            AssertSame(onOne, new NetworkTrainer<float>(actual, Trainings[name]).Train(cluster));
            Assert.Equal(expected.ToBytes(), actual.ToBytes());
        }
    }

    [Theory]
    [InlineData("momentum, mini-batch")]
    [InlineData("adam, full batch")]
    [InlineData("l-bfgs, full batch")]
    [InlineData("scaled-conjugate-gradient, full batch")]
    [InlineData("dropout")]
    [InlineData("average of epochs")]
    [InlineData("plateau")]
    [InlineData("early stopping")]
    public void ItIsResumedToTheSameBits(string name)
    {
        var checkpoints = new List<MemoryStream>();
        Shard<float>[] shards = Cut(5);
        Network<float> whole = Start();
        using var local = new LocalShards<float>(shards);
        TrainingOptions options = Trainings[name];
        TrainingResult expected = new NetworkTrainer<float>(whole, options with { Checkpoint = ResumeTests.Into(checkpoints, every: 2) })
            .Train(local);
        Assert.NotEmpty(checkpoints);
        foreach (MemoryStream checkpoint in checkpoints)
        {
            Network<float> resumed = Start(seed: 77);
            using var cluster = new Machines<float>(shards, machines: 2);
            AssertSame(expected, new NetworkTrainer<float>(resumed, options).Resume(ResumeTests.Copy(checkpoint), cluster));
            Assert.Equal(whole.ToBytes(), resumed.ToBytes());
        }
    }

    [Fact]
    public void ACheckpointOfOtherShardsIsRefused()
    {
        var checkpoints = new List<MemoryStream>();
        using LocalShards<float> five = new(Cut(5)), four = new(Cut(4));
        var options = new TrainingOptions { Epochs = 2 };
        new NetworkTrainer<float>(Start(), options with { Checkpoint = ResumeTests.Into(checkpoints, every: 1) }).Train(five);
        var error = Assert.Throws<ArgumentException>(
            () => new NetworkTrainer<float>(Start(), options).Resume(ResumeTests.Copy(checkpoints[0]), four));
        Assert.Contains("the number of shards was 5, but is 4 now", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SparseInputsToo(bool hasSparseValidation)
    {
        DataSet<float> random = Samples.Random<float>(4, rows: 40, inputs: 30, targets: 1);
        float[] inputs = [.. random.Inputs.ToArray().Select((x, i) => i % 5 == 0 ? x : 0)];
        DataSet<float> dense = new(inputs, 30, random.Targets, 1), sparse = SparseTests.Sparse(dense);
        DataSet<float> validation = (hasSparseValidation ? sparse : dense).Select([1, 4, 9]);
        Network<float> expected = Networks.Random<float>(1, 30, new LayerSpec(20, Activation.Tanh), new LayerSpec(1, Activation.Linear));
        Network<float> one = expected.Clone(), three = expected.Clone(), cluster = expected.Clone();
        var trainings = new TrainingOptions { Epochs = 3, BatchSize = 6, Seed = 5 };
        new NetworkTrainer<float>(expected, trainings).Train(sparse, validation);
        using var shard = new LocalShards<float>(new Shard<float>(sparse, validation));
        new NetworkTrainer<float>(one, trainings).Train(shard);
        Assert.Equal(expected.ToBytes(), one.ToBytes());

        Shard<float>[] shards = [
            new(sparse.Select([.. Enumerable.Range(0, 10)])), new(sparse.Select([.. Enumerable.Range(10, 21)]), validation),
            new(sparse.Select([.. Enumerable.Range(31, 9)]))];
        using LocalShards<float> local = new(shards);
        new NetworkTrainer<float>(three, trainings).Train(local);
        using var machines = new Machines<float>(shards, machines: 3);
        new NetworkTrainer<float>(cluster, trainings).Train(machines);
        Assert.Equal(three.ToBytes(), cluster.ToBytes());
    }

    [Fact]
    public void AllShardsTogetherLearnWhatOneDoes()
    {
        // A gradient over all rows is the same up to rounding, however the rows are cut.
        DataSet<double> data = Samples.Random<double>(1, rows: 71, inputs: 5, targets: 3, weighted: true);
        TrainingOptions options = new() { Optimizer = Optimizer.GradientDescent(0.1), BatchSize = TrainingOptions.FullBatch, Epochs = 30 };
        Network<double> expected = Networks.Random<double>(1, 5, new LayerSpec(8, Activation.Tanh), new LayerSpec(3, Activation.Linear));
        Network<double> actual = expected.Clone();
        TrainingResult whole = new NetworkTrainer<double>(expected, options).Train(data);
        using var shards = new LocalShards<double>(
            new Shard<double>(data.Select([.. Enumerable.Range(0, 50)])), new Shard<double>(data.Select([.. Enumerable.Range(50, 21)])));
        TrainingResult cut = new NetworkTrainer<double>(actual, options).Train(shards);
        Close.Relative(whole.History[^1].TrainingLoss, cut.History[^1].TrainingLoss, 1e-10);
        foreach (Parameter parameter in Parameter.Trained(expected))
        {
            Close.Relative(parameter.Get(expected), parameter.Get(actual), 1e-9, parameter.ToString(), floor: 0.01);
        }
    }

    [Fact]
    public void SingleSamplesAreLearnedAsBatchesOfOne()
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 20, inputs: 5, targets: 3);
        TrainingOptions options = new() { BatchSize = 1, Epochs = 3, Optimizer = Optimizer.Adam() };
        Network<double> expected = Networks.Random<double>(1, 5, new LayerSpec(8, Activation.Tanh), new LayerSpec(3, Activation.Linear));
        Network<double> actual = expected.Clone();
        new NetworkTrainer<double>(expected, options).Train(data);
        using var shards = new LocalShards<double>(new Shard<double>(data));
        new NetworkTrainer<double>(actual, options).Train(shards);
        foreach (Parameter parameter in Parameter.Trained(expected))
        {
            Close.Relative(parameter.Get(expected), parameter.Get(actual), 1e-9, parameter.ToString(), floor: 0.01);
        }
    }

    [Theory]
    [InlineData("levenberg-marquardt")]
    [InlineData("bayesian-regularization")]
    public void LevenbergMarquardtIsRefusedByName(string name)
    {
        using var shards = new LocalShards<float>(Cut(2));
        var trainer = new NetworkTrainer<float>(Start(), new TrainingOptions().With(EveryOptimizer.Of(name)));
        var error = Assert.Throws<ArgumentException>(() => trainer.Train(shards));
        Assert.Contains($"{name} does not work on shards", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThereMayBeMoreRowsToValidateOnThanToLearn()
    {
        DataSet<float> few = s_training.Select([3, 1, 4]);
        Network<float> expected = Start(), actual = Start();
        TrainingResult without = new NetworkTrainer<float>(expected, new TrainingOptions { Epochs = 4 }).Train(few, s_validation);
        using var shards = new LocalShards<float>(new Shard<float>(few, s_validation));
        AssertSame(without, new NetworkTrainer<float>(actual, new TrainingOptions { Epochs = 4 }).Train(shards));
        Assert.Equal(expected.ToBytes(), actual.ToBytes());
    }

    [Fact]
    public void AnEnsembleTrainsOnShards()
    {
        NetworkBuilder builder = new NetworkBuilder(5).Add(4, Activation.Tanh).Add(3, Activation.Linear);
        var trainer = new EnsembleTrainer<float>(builder, new TrainingOptions { Epochs = 3 }, size: 2);
        using var local = new LocalShards<float>(new Shard<float>(s_training, s_validation));
        NetworkEnsemble<float> expected = trainer.Train(s_training, s_validation), actual = trainer.Train(local);
        Assert.Equal(expected.Networks.Select(network => network.ToBytes()), actual.Networks.Select(network => network.ToBytes()));
    }

    [Fact]
    public void ACancelledTrainingKeepsItsBestEpoch()
    {
        using var source = new CancellationTokenSource();
        using var shards = new LocalShards<float>(Cut(3));
        TrainingResult result = new NetworkTrainer<float>(Start(), new TrainingOptions { Epochs = 100 }).Train(
            shards,
            progress =>
            {
                if (progress.Epoch.Epoch == 3)
                {
                    source.Cancel();
                }
            },
            source.Token);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Equal(3, result.History.Count);
    }

    [Fact]
    public void RowsThatDoNotFitAreRefused()
    {
        Shard<float> weighted = new(s_training), plain = new(Samples.Random<float>(1, rows: 9, inputs: 5, targets: 3));
        Shard<float> wide = new(Samples.Random<float>(1, rows: 9, inputs: 6, targets: 3));
        Assert.Throws<ArgumentException>("shards", () => new LocalShards<float>());
        Assert.Throws<ArgumentException>("shards", () => new LocalShards<float>(plain, wide));
        Assert.Throws<ArgumentException>("validation", () => new Shard<float>(s_training, wide.Training));
        using LocalShards<float> mixed = new(weighted, plain), six = new(wide);
        Assert.Throws<ArgumentException>("rows", () => new NetworkTrainer<float>(Start(), new TrainingOptions()).Train(mixed));
        Assert.Throws<ArgumentException>("rows", () => new NetworkTrainer<float>(Start(), new TrainingOptions()).Train(six));
    }

    /// <summary>Cuts the rows into shards of different sizes, of which not all have validation rows.</summary>
    private static Shard<float>[] Cut(int shards)
    {
        int[] first = [.. Enumerable.Range(0, shards + 1).Select(s => s * (s + 1) * 71 / (shards * (shards + 1)))];
        return [.. Enumerable.Range(0, shards).Select(s => new Shard<float>(
            s_training.Select([.. Enumerable.Range(first[s], first[s + 1] - first[s])]),
            s % 3 == 1 ? s_validation.Select([.. Enumerable.Range(s, 5)]) : null))];
    }

    private static void AssertSame(TrainingResult expected, TrainingResult actual)
    {
        Assert.Equal(expected.StopReason, actual.StopReason);
        Assert.Equal(expected.BestEpoch, actual.BestEpoch);
        Assert.Equal(expected.Loss, actual.Loss);
        Assert.Equal(expected.ConstantLoss, actual.ConstantLoss);
        Assert.Equal(
            expected.History.Select(epoch => epoch with { Seconds = 0 }), actual.History.Select(epoch => epoch with { Seconds = 0 }));
        Assert.Equal(StateOf(expected), StateOf(actual));
    }

    private static byte[] StateOf(TrainingResult result)
    {
        using var stream = new MemoryStream();
        result.OptimizerState?.Save(stream);
        return stream.ToArray();
    }

    private static Network<float> Start(int seed = 9) =>
        new NetworkBuilder(5).Add(20, Activation.Tanh).Add(6, Activation.PReLU()).Add(3, Activation.Linear).Build<float>(seed);
}
