using System.Diagnostics;
using System.Text.Json.Nodes;
using BpTrainer.Threads;

namespace BpTrainer.Benchmarks;

/// <summary>Times trainings in which one thing grows, in turns with the peak, each in a process of its own.</summary>
/// <remarks>
/// A line for each value: axis, title, value; net, rows, batch, networks; most_threads allowed, and threads that were used;
/// seconds_per_epoch, in which every network learns every row once, the best of the rounds; cpu_seconds_per_epoch, the time of all
/// processors in it, which other programs disturb less; samples_per_second, the rows of all networks together; gflops; peak_gflops and
/// share_of_peak, the median of the rounds; peak_bytes, the most memory that the process had at a time until the end of the first
/// training, the runtime and the rows included; data_bytes of the rows; allocated_bytes on the managed heap by a training of one epoch.
/// </remarks>
internal static class ScalingTimes
{
    private const int Rounds = 5;
    private const int Seed = 1;

    /// <summary>Trains with every value. Memory is that of a process, so that several values need one each.</summary>
    public static IEnumerable<JsonObject> Measure(ScalingAxis axis, IReadOnlyList<int> values, int threads, int milliseconds) =>
        values.Count == 1
            ? [Measure(axis, values[0], threads, milliseconds)]
            : values.Select(value => ChildProcess.Line(
                "scaling", "--axis", axis.Name, "--values", $"{value}", "--threads", $"{threads}", "--milliseconds", $"{milliseconds}"));

    private static JsonObject Measure(ScalingAxis axis, int value, int threads, int milliseconds)
    {
        ScalingCase training = axis.At(value);
        NetShape shape = training.Shape;
        DataSet<float> data = SyntheticData.For(shape, training.Rows, Seed);
        GC.Collect();
        var options = new TrainingOptions
        {
            Optimizer = Optimizer.Momentum().WithLearningRate(0.001),
            Loss = shape.Loss,
            BatchSize = Math.Min(training.Batch, training.Rows),
            NumberOfThreads = training.Threads ?? threads,
            Seed = Seed,
        };

        TrainingResult result = Train(epochs: 1);
        using var process = Process.GetCurrentProcess();
        long peakBytes = process.PeakWorkingSet64;
        int allowed = WorkItems.Allowed(options.NumberOfThreads);
        int used = Math.Min(allowed, training.Networks) * result.Threads;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        Train(epochs: 1);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

        // This also warms up: loops are compiled anew while the first ones run.
        int epochs = 1;
        while (Seconds(epochs) < milliseconds / 1e3)
        {
            epochs *= 2;
        }

        double samples = (double)training.Rows * training.Networks;
        var seconds = new double[Rounds];
        var busy = new double[Rounds];
        var peaks = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            peaks[round] = Peak.Gflops(used);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            seconds[round] = Seconds(epochs) / epochs;
            busy[round] = (Environment.CpuUsage.TotalTime - before).TotalSeconds / epochs;
        }

        double[] shares = [.. seconds.Zip(peaks, (time, peak) => Gflops(time) / peak).Order()];
        return new JsonObject
        {
            ["axis"] = axis.Name,
            ["title"] = axis.Title,
            ["value"] = value,
            ["net"] = shape.Name,
            ["rows"] = training.Rows,
            ["batch"] = options.BatchSize,
            ["networks"] = training.Networks,
            ["most_threads"] = allowed,
            ["threads"] = used,
            ["seconds_per_epoch"] = seconds.Min(),
            ["cpu_seconds_per_epoch"] = busy.Min(),
            ["samples_per_second"] = Math.Round(samples / seconds.Min()),
            ["gflops"] = Math.Round(Gflops(seconds.Min()), 2),
            ["peak_gflops"] = Math.Round(peaks.Max(), 1),
            ["share_of_peak"] = Math.Round(shares[Rounds / 2], 3),
            ["peak_bytes"] = peakBytes,
            ["data_bytes"] = (long)training.Rows * (shape.Inputs + shape.Outputs) * sizeof(float),
            ["allocated_bytes"] = allocated,
        };

        double Gflops(double secondsOfEpoch) => samples * shape.OperationsPerSample / secondsOfEpoch / 1e9;

        double Seconds(int count)
        {
            long start = Stopwatch.GetTimestamp();
            Train(count);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        TrainingResult Train(int epochs)
        {
            var trainer = new EnsembleTrainer<float>(shape.Describe(), options with { Epochs = epochs }, training.Networks);
            IReadOnlyList<TrainingResult> results = trainer.Train(data).Results;
            return results.Count == training.Networks && results.All(one => one.History.Count == epochs)
                ? results[0]
                : throw new UserError($"A training of {shape.Name} broke off: {results[0].StopReason}.");
        }
    }
}
