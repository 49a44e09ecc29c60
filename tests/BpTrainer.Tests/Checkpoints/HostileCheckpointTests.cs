using System.Buffers.Binary;
using BpTrainer.Tests.Files;

namespace BpTrainer.Tests.Checkpoints;

/// <summary>
/// Checkpoints behind a right checksum with hostile figures wherever they can be: a random stream at 0 and a damping of 0 ran for ever,
/// an index of L-BFGS left its array, a time was longer than a TimeSpan.
/// </summary>
public class HostileCheckpointTests
{
    private static readonly DataSet<float> s_validation = Samples.Random<float>(2, rows: 6, inputs: 2, targets: 1);

    public static TheoryData<string, TrainingOptions> Trainings => new()
    {
        {
            "momentum",
            new()
            {
                Schedule = LearningRateSchedule.ReduceOnPlateau(patience: 1),
                Averaging = WeightAveraging.Exponential(0.9),
                Regularization = new() { HiddenDropout = [0.3] },
            }
        },
        {
            "adam",
            new()
            {
                Optimizer = Optimizer.Adam(),
                Schedule = LearningRateSchedule.CosineRestarts(1),
                Averaging = WeightAveraging.LastEpochs(2),
                KeepOptimizerState = true,
            }
        },
        { "adaptive", new() { Optimizer = Optimizer.AdaptiveMomentum(), MinimumGradient = 1e-9 } },
        { "l-bfgs", new() { Optimizer = Optimizer.Lbfgs(2), BatchSize = TrainingOptions.FullBatch } },
        { "levenberg-marquardt", new() { Optimizer = Optimizer.LevenbergMarquardt(), BatchSize = TrainingOptions.FullBatch } },
        { "scg", new() { Optimizer = Optimizer.ScaledConjugateGradient(), BatchSize = TrainingOptions.FullBatch } },
        { "bayesian", new() { Optimizer = Optimizer.BayesianRegularization(), BatchSize = TrainingOptions.FullBatch } },
    };

    [Theory]
    [MemberData(nameof(Trainings))]
    public void OfRowsInMemory(string name, TrainingOptions options)
    {
        // Some rows of a set, one of them twice: an order of other numbers than those leaves the memory of the set.
        DataSet<float> training = Samples.Random<float>(1, rows: 10, inputs: 2, targets: 1).Select([9, 8, 7, 7, 6, 5, 4, 9, 9, 9, 9, 9]);
        Attack(
            name,
            options,
            (trainer, file) => trainer.Resume(file, training, s_validation),
            trainer => trainer.Train(training, s_validation));
    }

    [Fact]
    public void OfAStream()
    {
        DataSet<float> data = Samples.Random<float>(1, rows: 10, inputs: 2, targets: 1);
        var options = new TrainingOptions { Shuffle = true };
        Attack(
            "stream",
            options,
            (trainer, file) => trainer.Resume(file, new SampleStream<float>(data) { CanShuffle = true }, 8, s_validation),
            trainer => trainer.Train(new SampleStream<float>(data) { CanShuffle = true }, 8, s_validation));
    }

    private static void Attack(
        string name,
        TrainingOptions options,
        Func<NetworkTrainer<float>, Stream, TrainingResult> resume,
        Action<NetworkTrainer<float>> train)
    {
        byte[] checkpoint = [];
        options = options with
        {
            BatchSize = Math.Min(options.BatchSize, 4),
            Epochs = 3,
            NumberOfThreads = 1,
            TimeBudget = TimeSpan.FromHours(1),
        };
        if (options.Optimizer.IsFullBatchOnly)
        {
            options = options with { BatchSize = TrainingOptions.FullBatch };
        }

        using (var file = new MemoryStream())
        {
            train(new NetworkTrainer<float>(Start(), options with { Checkpoint = Checkpoint.ToStream(() => file, everyEpochs: 3) }));
            checkpoint = file.ToArray();
        }

        options = options with { Epochs = 4 };
        int loaded = 0, refused = 0;
        (int start, int length) = Examples.Body(checkpoint).GetOffsetAndLength(checkpoint.Length);
        foreach (byte[] figure in Figures())
        {
            // Behind the texts that say which training it is.
            for (int i = start + TextBytes(checkpoint.AsSpan(start, length)); i + figure.Length <= start + length; i++)
            {
                byte[] hostile = [.. checkpoint];
                figure.CopyTo(hostile, i);
                Network<float> network = Start();
                byte[] before = network.ToBytes();
                Exception? error = Record.Exception(() =>
                {
                    TrainingResult result = resume(new NetworkTrainer<float>(network, options), new MemoryStream(Examples.Reseal(hostile)));
                    Assert.InRange(result.BestEpoch, 0, result.History.Count);
                    loaded++;
                });
                Assert.True(error is null or InvalidDataException, $"{name}, {Convert.ToHexString(figure)} at {i}: {error}");
                Assert.True(error is null || before.AsSpan().SequenceEqual(network.ToBytes()), $"{name}, {i}: the network has changed");
                refused += error is null ? 0 : 1;
            }
        }

        Assert.True(loaded > 0 && refused > 0, name);
    }

    private static IEnumerable<byte[]> Figures()
    {
        yield return new byte[32];
        yield return BitConverter.GetBytes(long.MaxValue);
        yield return BitConverter.GetBytes(-1L);
        foreach (double number in new[] { double.NaN, double.PositiveInfinity, -1, 1e300, 2.5 })
        {
            yield return BitConverter.GetBytes(number);
        }
    }

    /// <summary>The bytes of the texts that begin a checkpoint; what follows is the number of epochs, 3.</summary>
    private static int TextBytes(ReadOnlySpan<byte> body)
    {
        int end = 0;
        while (BinaryPrimitives.ReadInt32LittleEndian(body[end..]) != 3)
        {
            int length = body[end++] & 0x7F;
            if (body[end - 1] >= 0x80)
            {
                length |= body[end++] << 7;
            }

            end += length;
        }

        return end;
    }

    private static Network<float> Start() => new NetworkBuilder(2).Add(2, Activation.Tanh).Add(1, Activation.Linear).Build<float>();
}
