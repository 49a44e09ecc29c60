using System.Diagnostics;
using System.Text.Json.Nodes;
using BpTrainer.Activations;

namespace BpTrainer.Benchmarks;

/// <summary>Times an epoch with each activation in the hidden layers, all in one process and in turns, against tanh.</summary>
/// <remarks>
/// The line has: net, rows, batch, rounds, threads, kernel; activations, from the fastest to the slowest, each with
/// samples_per_second of its best epoch, and time_to_tanh, the median over the rounds of the time of its epoch over the time of
/// tanh's epoch in the same round. A machine that becomes slower for a while slows all of a round.
/// </remarks>
internal static class ActivationTimes
{
    private const string Reference = "tanh";

    /// <summary>Every activation that can be told to learn by its name alone.</summary>
    private static readonly string[] s_names = [.. ActivationText.Names.Where(name => Activation.Parse(name).CanLearn)];

    /// <summary>Trains with every activation in every round.</summary>
    public static JsonObject Measure(NetShape shape, int rows, int rounds, TrainingOptions options)
    {
        DataSet<float> data = SyntheticData.For(shape, rows, options.Seed);
        var seconds = s_names.ToDictionary(name => name, _ => new double[rounds]);
        int threads = 0;
        for (int round = 0; round < rounds; round++)
        {
            for (int turn = 0; turn < s_names.Length; turn++)
            {
                // Nobody always comes behind the same.
                string name = s_names[(turn + (round * 5)) % s_names.Length];
                (seconds[name][round], threads) = SecondsOfEpoch(shape with { Activation = Activation.Parse(name) }, data, options);
            }
        }

        JsonNode[] lines =
        [
            .. s_names
                .Select(name => (Name: name, Ratio: Median(seconds[name].Zip(seconds[Reference], (mine, tanh) => mine / tanh))))
                .OrderBy(line => line.Ratio)
                .Select(line => new JsonObject
                {
                    ["activation"] = line.Name,
                    ["samples_per_second"] = Math.Round(rows / seconds[line.Name].Min()),
                    ["time_to_tanh"] = Math.Round(line.Ratio, 3),
                }),
        ];
        return new JsonObject
        {
            ["net"] = shape.Name,
            ["rows"] = rows,
            ["batch"] = options.BatchSize,
            ["rounds"] = rounds,
            ["threads"] = threads,
            ["kernel"] = options.Kernel.ToString()!.ToLowerInvariant(),
            ["activations"] = new JsonArray(lines),
        };
    }

    /// <summary>The better of two epochs, behind one that compiles and fills the caches.</summary>
    private static (double Seconds, int Threads) SecondsOfEpoch(NetShape shape, DataSet<float> data, TrainingOptions options)
    {
        long before = 0;
        double best = double.PositiveInfinity;
        TrainingResult result = new NetworkTrainer<float>(
            shape.Build(options.Seed), options with { Loss = shape.Loss, Epochs = 3 }).Train(data, onEpoch: progress =>
        {
            long now = Stopwatch.GetTimestamp();
            best = progress.Epoch.Epoch == 1 ? best : Math.Min(best, Stopwatch.GetElapsedTime(before, now).TotalSeconds);
            before = now;
        });
        return (best, result.Threads);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
