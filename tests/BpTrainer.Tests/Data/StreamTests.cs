namespace BpTrainer.Tests.Data;

/// <summary>Samples that come in blocks teach as those in memory do.</summary>
public class StreamTests
{
    private const int Rows = 100, Inputs = 5, Targets = 2;

    private static readonly Lazy<byte[]> s_oneThread = new(() => TrainOn(threads: 1));

    public static TheoryData<string, TrainingOptions> Modes => new()
    {
        { "incremental", new() { BatchSize = 1 } },
        { "incremental with dropout", new() { BatchSize = 1, Regularization = new() { HiddenDropout = [0.5], InputDropout = 0.2 } } },
        { "mini-batch with dropout", new() { BatchSize = 16, Regularization = new() { HiddenDropout = [0.5], InputDropout = 0.2 } } },
        { "mini-batch", new() { BatchSize = 16 } },
        { "full batch", new() { BatchSize = TrainingOptions.FullBatch } },
        { "in order", new() { BatchSize = 16, Shuffle = false } },
        { "adaptive", new() { BatchSize = 16, Optimizer = Optimizer.AdaptiveMomentum() } },
        { "adaptive full batch", new() { BatchSize = TrainingOptions.FullBatch, Optimizer = Optimizer.AdaptiveGradientDescent() } },
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public void OneBlockOfAllSamplesGivesTheSameBitsAsMemory(string mode, TrainingOptions options)
    {
        DataSet<float> data = Data(weighted: true), validation = Samples.Random<float>(8, 30, Inputs, Targets);
        options = options with { Epochs = 6, Optimizer = options.Optimizer.WithLearningRate(0.05), Seed = 3 };
        Network<float> inMemory = Start(), streamed = Start();
        TrainingResult expected = new NetworkTrainer<float>(inMemory, options).Train(data, validation);
        TrainingResult actual = new NetworkTrainer<float>(streamed, options).Train(
            new SampleStream<float>(data) { MostAtOnce = 7 }, Rows, validation);
        Assert.True(inMemory.ToBytes().AsSpan().SequenceEqual(streamed.ToBytes()), mode);
        Assert.Equal(Losses(expected), Losses(actual));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BlocksOfSamplesInOrderGiveTheSameBitsAsMemory(bool isAdaptive)
    {
        // Without shuffling it does not show where a block ends. The error that an adaptive optimizer measures is added up in other
        // groups of rows, which changes the last bits of a double and here no judgement.
        var options = new TrainingOptions { BatchSize = 8, Epochs = 5, Optimizer = Optimizer.Momentum(0.05), Shuffle = false };
        options = isAdaptive ? options with { Optimizer = Optimizer.AdaptiveGradientDescent(0.05) } : options;
        DataSet<float> data = Data(weighted: true);
        Network<float> inMemory = Start(), streamed = Start();
        TrainingResult expected = new NetworkTrainer<float>(inMemory, options).Train(data);
        TrainingResult actual = new NetworkTrainer<float>(streamed, options).Train(new SampleStream<float>(data), blockRows: 35);
        Assert.Equal(inMemory.ToBytes(), streamed.ToBytes());
        Assert.All(expected.History.Zip(actual.History), pair => Assert.Equal(pair.First.TrainingLoss, pair.Second.TrainingLoss, 1e-9));
    }

    [Fact]
    public void EverySampleIsLearnedOnceAnEpochWithinItsBlock()
    {
        // One weight, targets 0: a sample x multiplies w by 1 − ηx². The product over an epoch does not depend on the order, so a
        // sample that is lost or comes twice shows.
        double[] x = [.. Enumerable.Range(1, 23).Select(i => i / 23.0)];
        var data = new DataSet<double>(x, 1, new double[23], 1);
        Network<double> network = Networks.OneWeight(1);
        var options = new TrainingOptions { BatchSize = 1, Epochs = 2, Optimizer = Optimizer.GradientDescent(0.1), Seed = 4 };
        new NetworkTrainer<double>(network, options).Train(new SampleStream<double>(data) { CanShuffle = true }, blockRows: 5);
        double expected = x.Aggregate(1.0, (w, value) => w * (1 - (0.1 * value * value)));
        Close.Relative(expected * expected, network.Weight(), 1e-12, "weight");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void TheNumberOfThreadsChangesNoBit(int threads) => Assert.Equal(s_oneThread.Value, TrainOn(threads));

    [Fact]
    public void TheSeedDecidesTheOrder()
    {
        byte[] Train(int seed)
        {
            Network<float> network = Start();
            var options = new TrainingOptions { BatchSize = 8, Epochs = 3, Seed = seed };
            new NetworkTrainer<float>(network, options).Train(new SampleStream<float>(Data()) { CanShuffle = true }, blockRows: 40);
            return network.ToBytes();
        }

        Assert.Equal(Train(1), Train(1));
        Assert.NotEqual(Train(1), Train(2));
    }

    [Fact]
    public void EveryEpochAsksForAnOrderOfItsOwnUnlessNothingIsShuffled()
    {
        var stream = new SampleStream<float>(Data());
        var options = new TrainingOptions { BatchSize = 8, Epochs = 4, Optimizer = Optimizer.AdaptiveGradientDescent() };
        new NetworkTrainer<float>(Start(), options).Train(stream, blockRows: 40);

        // An adaptive optimizer measures before the first epoch and after each.
        Assert.Equal([true, false, true, false, true, false, true, false, true], stream.Seeds.Select(seed => seed is null));
        Assert.Equal(4, stream.Seeds.OfType<int>().Distinct().Count());

        var plain = new SampleStream<float>(Data());
        new NetworkTrainer<float>(Start(), new TrainingOptions { Epochs = 2, Shuffle = false, BatchSize = 8 }).Train(plain, blockRows: 40);

        // Two epochs, and two looks at the first samples in the end.
        Assert.Equal([null, null, null, null], plain.Seeds);
    }

    [Fact]
    public void CancellingWhileABlockIsReadEndsWithinAFewRowsAndGoesBackToTheLastEpoch()
    {
        using var source = new CancellationTokenSource();
        int epochs = 0, after = 0;
        var stream = new SampleStream<float>(Data())
        {
            MostAtOnce = 1,
            OnRead = row =>
            {
                after += source.IsCancellationRequested ? 1 : 0;
                if (epochs == 2 && row == 60)
                {
                    source.Cancel();
                }
            },
        };
        Network<float> network = Start(), reference = Start();
        var options = new TrainingOptions { BatchSize = 8, Epochs = 1000 };
        TrainingResult result = new NetworkTrainer<float>(network, options).Train(stream, 40, null, _ => epochs++, source.Token);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Equal(2, result.History.Count);
        Assert.Equal(0, after);
        new NetworkTrainer<float>(reference, options with { Epochs = 2 }).Train(new SampleStream<float>(Data()), 40);
        Assert.Equal(reference.ToBytes(), network.ToBytes());
    }

    [Theory]
    [InlineData(90)]
    [InlineData(110)]
    public void AStreamThatHandsOutAnotherNumberOfRowsIsRefused(long rows)
    {
        var stream = new SampleStream<float>(Data()) { Rows = rows };
        var error = Assert.Throws<InvalidOperationException>(
            () => new NetworkTrainer<float>(Start(), new TrainingOptions { BatchSize = 8 }).Train(stream, 40));
        Assert.Contains($"{rows}", error.Message);
    }

    [Fact]
    public void ABatchFitsIntoABlock()
    {
        var trainer = new NetworkTrainer<float>(Start(), new TrainingOptions { BatchSize = 41 });
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "blockRows", () => trainer.Train(new SampleStream<float>(Data()), blockRows: 40));
        Assert.Contains("40", error.Message);
        Assert.Contains("BatchSize 41", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>("blockRows", () => trainer.Train(new SampleStream<float>(Data()), blockRows: 0));
    }

    [Fact]
    public void ABlockFitsIntoAnArray()
    {
        var stream = new SampleStream<float>(Data()) { Rows = int.MaxValue };
        var trainer = new NetworkTrainer<float>(Start(), new TrainingOptions());
        var error = Assert.Throws<ArgumentOutOfRangeException>("blockRows", () => trainer.Train(stream, blockRows: 1_000_000_000));
        Assert.Contains("at most 429496718", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(100, 0.0)]
    [InlineData(100, double.NaN)]
    [InlineData(100, double.PositiveInfinity)]
    public void AStreamHasRowsAndAWeight(long rows, double weight)
    {
        var stream = new SampleStream<float>(Data()) { Rows = rows, TotalWeight = weight };
        Assert.Throws<ArgumentException>("training", () => new NetworkTrainer<float>(Start(), new TrainingOptions()).Train(stream, 40));
    }

    [Fact]
    public void ABadWeightIsNamed()
    {
        DataSet<float> data = Data();
        float[] weights = [.. Enumerable.Repeat(1f, Rows)];
        var weighted = new DataSet<float>(data.Inputs, Inputs, data.Targets, Targets, weights);
        var stream = new SampleStream<float>(weighted);
        weights[70] = -2;
        var error = Assert.Throws<ArgumentException>(() => new NetworkTrainer<float>(Start(), new TrainingOptions()).Train(stream, 40));
        Assert.Contains("row 70 is -2", error.Message);
    }

    [Fact]
    public void AStreamHasTheShapeOfTheNetwork()
    {
        var stream = new SampleStream<float>(Samples.Random<float>(1, 10, Inputs + 1, Targets));
        Assert.Throws<ArgumentException>("training", () => new NetworkTrainer<float>(Start(), new TrainingOptions()).Train(stream, 40));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void ABlockAllocatesNothingAfterTheFirstEpoch(string mode, TrainingOptions options)
    {
        options =
            options with { BatchSize = Math.Min(options.BatchSize, 10), Epochs = 5, Optimizer = options.Optimizer.WithLearningRate(1e-4) };

        // The least of some tries: a collection elsewhere adds the unused rest of this thread's block of memory to the count.
        long few = Enumerable.Range(0, 5).Min(_ => BytesOfEpochs(options, blockRows: 50));
        long many = Enumerable.Range(0, 5).Min(_ => BytesOfEpochs(options, blockRows: 10));
        Assert.True(few == many, $"{mode}: {few} bytes with 2 blocks an epoch, {many} with 10.");
    }

    private static byte[] TrainOn(int threads)
    {
        DataSet<float> data = Samples.Random<float>(2, 700, 80, 2, weighted: true);
        Network<float> network = Networks.Random<float>(1, 80, new LayerSpec(120, Activation.Tanh), new LayerSpec(2, Activation.Linear));
        var options = new TrainingOptions
        {
            BatchSize = 150,
            Epochs = 3,
            NumberOfThreads = threads,
            Optimizer = Optimizer.AdaptiveMomentum(),
        };
        TrainingResult result = new NetworkTrainer<float>(network, options).Train(
            new SampleStream<float>(data) { CanShuffle = true }, blockRows: 320);
        Assert.Equal(threads, result.Threads);
        return network.ToBytes();
    }

    private static long BytesOfEpochs(TrainingOptions options, int blockRows)
    {
        long first = 0, last = 0;
        var stream = new SampleStream<float>(Data());
        stream.Seeds.Capacity = 100;
        new NetworkTrainer<float>(Start(), options).Train(stream, blockRows, null, progress =>
        {
            last = GC.GetAllocatedBytesForCurrentThread();
            first = progress.Epoch.Epoch == 1 ? last : first;
        });
        return last - first;
    }

    private static Network<float> Start() =>
        Networks.Random<float>(9, Inputs, new LayerSpec(6, Activation.Tanh), new LayerSpec(Targets, Activation.Linear));

    private static DataSet<float> Data(bool weighted = false) => Samples.Random<float>(4, Rows, Inputs, Targets, weighted);

    private static IEnumerable<(double, double?)> Losses(TrainingResult result) =>
        result.History.Select(e => (e.TrainingLoss, e.ValidationLoss));
}
