using System.Diagnostics;
using System.Text.Json.Nodes;

namespace BpTrainer.Benchmarks;

/// <summary>Times a sample learned by a call of an online trainer against one within an epoch of batches of 1, in turns.</summary>
/// <remarks>
/// The line has: net, rows, rounds, optimizer, kernel; nanoseconds of a sample within an epoch and of one learned alone, each the best of
/// the rounds, and ratio, the median over the rounds of the second over the first. Both learn the same samples in their order.
/// </remarks>
internal static class OnlineLearning
{
    public static JsonObject Measure(NetShape shape, int rows, int rounds, TrainingOptions options)
    {
        DataSet<float> data = SyntheticData.For(shape, rows, options.Seed);
        options = options with { Loss = shape.Loss };
        using var trainer = new OnlineTrainer<float>(shape.Build(options.Seed), options);
        var epoch = new double[rounds];
        var alone = new double[rounds];
        LearnAlone(trainer, data);
        for (int round = 0; round < rounds; round++)
        {
            epoch[round] = SecondsOfEpoch(shape, data, options);
            alone[round] = LearnAlone(trainer, data);
        }

        double[] ratios = [.. alone.Zip(epoch, (one, other) => one / other).Order()];
        return new JsonObject
        {
            ["net"] = shape.Name,
            ["rows"] = rows,
            ["rounds"] = rounds,
            ["optimizer"] = options.Optimizer.Name,
            ["kernel"] = options.Kernel.ToString()!.ToLowerInvariant(),
            ["nanoseconds_in_epoch"] = Math.Round(1e9 * epoch.Min() / rows, 1),
            ["nanoseconds_alone"] = Math.Round(1e9 * alone.Min() / rows, 1),
            ["ratio"] = Math.Round((ratios[(rounds - 1) / 2] + ratios[rounds / 2]) / 2, 3),
        };
    }

    /// <summary>The better of two epochs, behind one that compiles and fills the caches.</summary>
    private static double SecondsOfEpoch(NetShape shape, DataSet<float> data, TrainingOptions options)
    {
        long before = 0;
        double best = double.PositiveInfinity;
        options = options with { BatchSize = 1, Shuffle = false, Epochs = 3 };
        new NetworkTrainer<float>(shape.Build(options.Seed), options).Train(data, onEpoch: progress =>
        {
            long now = Stopwatch.GetTimestamp();
            best = progress.Epoch.Epoch == 1 ? best : Math.Min(best, Stopwatch.GetElapsedTime(before, now).TotalSeconds);
            before = now;
        });
        return best;
    }

    /// <summary>The better of two passes over the samples.</summary>
    private static double LearnAlone(OnlineTrainer<float> trainer, DataSet<float> data)
    {
        double best = double.PositiveInfinity;
        ReadOnlySpan<float> inputs = data.Inputs.Span, targets = data.Targets.Span;
        for (int pass = 0; pass < 2; pass++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int row = 0; row < data.Rows; row++)
            {
                trainer.Learn(
                    inputs.Slice(row * data.InputColumns, data.InputColumns),
                    targets.Slice(row * data.TargetColumns, data.TargetColumns));
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }
}
