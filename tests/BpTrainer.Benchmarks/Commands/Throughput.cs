using System.Diagnostics;
using System.Text.Json.Nodes;

namespace BpTrainer.Benchmarks;

/// <summary>Times a training on synthetic samples.</summary>
/// <remarks>
/// The line has: net, rows, batch, epochs, activation, optimizer; samples_per_second = rows · epochs / seconds, where seconds is the
/// whole call of Train in a cold process, compilation and allocation of the buffers included, as other programs are timed;
/// the samples_per_second of the best, the first (with everything before it) and the last epoch;
/// gflops = samples_per_second · <see cref="NetShape.OperationsPerSample"/> / 10⁹; peak_gflops, what the processor does on as many
/// threads, measured behind the training; share_of_peak of the best epoch; bytes_allocated on the training thread,
/// for each batch after the first epoch, in whole bytes (the history's record of an epoch, some 70 bytes, is shared by its
/// batches), null with one epoch; the threads and the kernel that were used; the training loss of the last epoch.
/// </remarks>
internal static class Throughput
{
    /// <summary>Trains once.</summary>
    /// <returns>The line, or null when the training broke off; <paramref name="error"/> then has the reason.</returns>
    public static JsonObject? Measure(NetShape shape, int rows, TrainingOptions options, TextWriter error)
    {
        DataSet<float> data = SyntheticData.For(shape, rows, options.Seed);
        Network<float> network = shape.Build(options.Seed);
        int epochs = options.Epochs;
        var ends = new long[epochs];
        long bytesAfterFirst = 0;
        long bytesAfterLast = 0;

        long start = Stopwatch.GetTimestamp();
        TrainingResult result;
        try
        {
            result = new NetworkTrainer<float>(network, options with { Loss = shape.Loss }).Train(data, onEpoch: progress =>
            {
                EpochRecord epoch = progress.Epoch;
                ends[epoch.Epoch - 1] = Stopwatch.GetTimestamp();
                bytesAfterLast = GC.GetAllocatedBytesForCurrentThread();
                if (epoch.Epoch == 1)
                {
                    bytesAfterFirst = bytesAfterLast;
                }
            });
        }
        catch (NotFiniteNumberException e)
        {
            error.WriteLine(e.Message);
            return null;
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (result.History.Count < epochs)
        {
            error.WriteLine($"The training broke off after epoch {result.History.Count} ({result.StopReason}): a lower " +
                $"--learning-rate than {options.Optimizer.LearningRate} may help.");
            return null;
        }

        double[] ofEpoch = [.. ends.Select((end, k) => rows / Stopwatch.GetElapsedTime(k == 0 ? start : ends[k - 1], end).TotalSeconds)];
        double samplesPerSecond = (double)rows * epochs / seconds;
        long batches = (long)(epochs - 1) * (((rows - 1) / Math.Min(rows, options.BatchSize)) + 1);
        double peak = Peak.Gflops(result.Threads);
        return new JsonObject
        {
            ["net"] = shape.Name,
            ["rows"] = rows,
            ["batch"] = options.BatchSize,
            ["epochs"] = epochs,
            ["activation"] = shape.Activation.ToString(),
            ["optimizer"] = options.Optimizer.Name,
            ["samples_per_second"] = Math.Round(samplesPerSecond),
            ["best_epoch_samples_per_second"] = Math.Round(ofEpoch.Max()),
            ["first_epoch_samples_per_second"] = Math.Round(ofEpoch[0]),
            ["last_epoch_samples_per_second"] = Math.Round(ofEpoch[^1]),
            ["seconds"] = seconds,
            ["gflops"] = Math.Round(samplesPerSecond * shape.OperationsPerSample / 1e9, 3),
            ["peak_gflops"] = Math.Round(peak, 1),
            ["share_of_peak"] = Math.Round(ofEpoch.Max() * shape.OperationsPerSample / 1e9 / peak, 3),
            ["bytes_allocated"] = batches == 0 ? null : (bytesAfterLast - bytesAfterFirst) / batches,
            ["threads"] = result.Threads,
            ["kernel"] = result.Kernel.ToString().ToLowerInvariant(),
            ["loss"] = result.History[^1].TrainingLoss,
        };
    }
}
