using System.Collections.Concurrent;

namespace BpTrainer.Tests;

/// <summary>The number of threads changes the time that training takes, and nothing else.</summary>
public sealed class SameBitsTests
{
    private static readonly ConcurrentDictionary<string, (byte[] Network, TrainingResult Result)> s_oneThread = new();

    public static TheoryData<string, int> Cases => Combinations.Of(
        [
            "momentum", "adaptive", "momentum-adaptive-full-batch", "several-slices", "regularized", "dropout", "dropout-several-slices",
            "scheduled-averaged-gradient",
        ],
        [2, 3, 8]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void AnyNumberOfThreadsGivesTheSameBits(string name, int threads)
    {
        (byte[] one, TrainingResult alone) = s_oneThread.GetOrAdd(name, static name => Train(name, threads: 1));
        (byte[] many, TrainingResult result) = Train(name, threads);
        Assert.Equal((1, threads), (alone.Threads, result.Threads));
        Assert.Equal(one, many);
        Assert.Equal(
            alone.History.Select(e => (e.TrainingLoss, e.ValidationLoss)),
            result.History.Select(e => (e.TrainingLoss, e.ValidationLoss)));
    }

    [Fact]
    public void ASmallBatchIsNotSharedOut()
    {
        Network<float> network = new NetworkBuilder(2).Add(3, Activation.Tanh).Add(1, Activation.Linear).Build<float>();
        var data = new DataSet<float>(new float[20], 2, new float[10], 1);
        TrainingResult result = new NetworkTrainer<float>(network, new TrainingOptions { Epochs = 1, NumberOfThreads = 8 }).Train(data);
        Assert.Equal(1, result.Threads);
    }

    private static (byte[] Network, TrainingResult Result) Train(string name, int threads)
    {
        const int Rows = 1100, Inputs = 60;
        Network<float> network = new NetworkBuilder(Inputs)
            .Add(96, Activation.ReLU).Add(5, Activation.Tanh).Add(70, Activation.Logistic).Add(10, Activation.Softmax).Build<float>(3);
        var random = new Random(4);
        float[] x = [.. Enumerable.Range(0, Rows * Inputs).Select(_ => random.NextSingle() - 0.5f)];
        var y = new float[Rows * 10];
        for (int row = 0; row < Rows; row++)
        {
            y[(row * 10) + (x[row * Inputs] > 0 ? 1 : 7)] = 1;
        }

        var data = new DataSet<float>(x, Inputs, y, 10);
        DataSet<float> training = data.Take([.. Enumerable.Range(0, 1000)]);
        DataSet<float> validation = data.Take([.. Enumerable.Range(1000, 100)]);
        var options = new TrainingOptions
        {
            Loss = Loss.CategoricalCrossEntropy(),
            Epochs = 4,
            NumberOfThreads = threads,
            Schedule = name.StartsWith("scheduled", StringComparison.Ordinal)
                ? LearningRateSchedule.Cosine().WithWarmUp(1)
                : LearningRateSchedule.Constant,
            Averaging = name.StartsWith("scheduled", StringComparison.Ordinal) ? WeightAveraging.Exponential(0.9) : null,
            MinimumGradient = name.StartsWith("scheduled", StringComparison.Ordinal) ? 1e-9 : null,
            BatchSize = name switch
            {
                "momentum-adaptive-full-batch" => TrainingOptions.FullBatch,
                "several-slices" or "dropout-several-slices" => 700,
                _ => 150,
            },
            Regularization = name switch
            {
                "regularized" => new() { L1 = 1e-5, L2 = 1e-4, WeightDecay = 1e-3, MaxNorm = 1.5, ClipNorm = 0.1, ClipValue = 0.05 },
                "dropout" or "dropout-several-slices" => new() { HiddenDropout = [0.5, 0.2, 0.1], InputDropout = 0.1 },
                _ => new(),
            },
            Optimizer = name switch
            {
                "adaptive" => Optimizer.AdaptiveGradientDescent(0.1),
                "momentum-adaptive-full-batch" => Optimizer.AdaptiveMomentum(0.1),
                _ => Optimizer.Momentum(0.1),
            },
        };
        TrainingResult result = new NetworkTrainer<float>(network, options).Train(training, validation);
        using var stream = new MemoryStream();
        network.Save(stream);
        return (stream.ToArray(), result);
    }
}
