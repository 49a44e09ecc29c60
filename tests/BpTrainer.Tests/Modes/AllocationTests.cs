namespace BpTrainer.Tests.Modes;

/// <summary>Work buffers are allocated once: neither a batch nor a prediction leaves anything to the garbage collector.</summary>
[Collection(nameof(Alone))]
public class AllocationTests
{
    private const int Inputs = 20;
    private const int Tries = 5;

    public static TheoryData<string, TrainingOptions> Kinds => new()
    {
        { "incremental", new() { BatchSize = 1 } },
        { "incremental with dropout", new() { BatchSize = 1, Regularization = new() { HiddenDropout = [0.5], InputDropout = 0.2 } } },
        { "mini-batch with dropout", new() { BatchSize = 8, Regularization = new() { HiddenDropout = [0.5], InputDropout = 0.2 } } },
        { "mini-batch", new() { BatchSize = 8 } },
        { "adaptive", new() { BatchSize = 8, Optimizer = Optimizer.AdaptiveMomentum() } },
        { "shared by threads", new() { BatchSize = 256, NumberOfThreads = 3 } },
        {
            "incremental with schedule and average",
            new() { BatchSize = 1, Schedule = LearningRateSchedule.Cosine(), Averaging = WeightAveraging.Exponential() }
        },
        {
            "mini-batch with schedule and average",
            new() { BatchSize = 8, Schedule = LearningRateSchedule.OneCycle(), Averaging = WeightAveraging.Exponential() }
        },
        { "stopping", new() { BatchSize = 8, MaximumUpdates = 1_000_000, MinimumGradient = 0, TimeBudget = TimeSpan.FromDays(1) } },
        { "regularized", new() { BatchSize = 8, Regularization = new Regularization { L1 = 0.01, L2 = 0.01, ClipNorm = 1, MaxNorm = 2 } } },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ABatchAllocatesNothing(string kind, TrainingOptions options)
    {
        // The same epochs, with a few batches each and with a hundred times as many: what they allocate is the same.
        // A collection that another test causes adds the unused rest of this thread's 8 kB block to the count, so that the
        // least of some tries counts; an object a batch would show in every one.
        long few = Enumerable.Range(0, Tries).Min(_ => BytesOfEpochs(options, rows: 2 * options.BatchSize));
        long many = Enumerable.Range(0, Tries).Min(_ => BytesOfEpochs(options, rows: 200 * options.BatchSize));
        Assert.True(few == many, $"{kind}: {few} bytes in epochs of 2 batches, {many} bytes in epochs of 200.");
    }

    public static TheoryData<string> Optimizers => EveryOptimizer.NamesForBatches;

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void AnUpdateAllocatesNothing(string optimizer)
    {
        ABatchAllocatesNothing($"{optimizer}, mini-batch", new TrainingOptions { BatchSize = 8, Optimizer = EveryOptimizer.Of(optimizer) });
        ABatchAllocatesNothing(
            $"{optimizer}, incremental", new TrainingOptions { BatchSize = 1, Optimizer = EveryOptimizer.Of(optimizer) });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ASampleLearnedAloneAllocatesNothing(bool isRegularized)
    {
        var options = new TrainingOptions { Regularization = new() { L2 = isRegularized ? 0.01 : 0, ClipNorm = isRegularized ? 1 : null } };
        using var trainer = new OnlineTrainer<float>(Build(), options);
        var inputs = new float[Inputs];
        trainer.Learn(inputs, [1]);
        Assert.Equal(0, Enumerable.Range(0, Tries).Min(_ => BytesOfSamples(trainer, inputs)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    public void APredictionAllocatesNothing(int rows)
    {
        Network<float> network = Build();
        var inputs = new float[rows * Inputs];
        var outputs = new float[rows];
        network.Predict(inputs, outputs, rows);
        Assert.Equal(0, Enumerable.Range(0, Tries).Min(_ => BytesOfPredictions(network, inputs, outputs, rows)));
    }

    private static long BytesOfSamples(OnlineTrainer<float> trainer, float[] inputs)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            trainer.Learn(inputs, [1]);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static long BytesOfPredictions(Network<float> network, float[] inputs, float[] outputs, int rows)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            network.Predict(inputs, outputs, rows);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>The bytes from the end of the first epoch to the end of the fifth.</summary>
    private static long BytesOfEpochs(TrainingOptions options, int rows)
    {
        DataSet<float> data = Samples.Random<float>(1, rows, Inputs, targets: 1);
        long first = 0, last = 0;
        Build().Train(options with { Epochs = 5, Optimizer = options.Optimizer.WithLearningRate(1e-4) }, data, onEpoch: epoch =>
        {
            last = GC.GetAllocatedBytesForCurrentThread();
            first = epoch.Epoch == 1 ? last : first;
        });
        return last - first;
    }

    private static Network<float> Build() =>
        new NetworkBuilder(Inputs).Add(40, Activation.Tanh).Add(1, Activation.Linear).Build<float>(1);
}
