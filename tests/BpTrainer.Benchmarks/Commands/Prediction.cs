using System.Diagnostics;
using System.Text.Json.Nodes;
using BpTrainer.Kernels;

namespace BpTrainer.Benchmarks;

/// <summary>
/// Times <see cref="Network{T}.Predict(ReadOnlySpan{T}, Span{T})"/>, or its version for a block of rows, or those of an ensemble.
/// </summary>
/// <remarks>
/// The line has: net, networks, rows, block, activation; nanoseconds_per_row, the best of several runs in a warm process;
/// rows_per_second of the same run; gflops, with a multiplication and an addition for every weight; peak_gflops, what the processor does on
/// one thread, measured behind it, and share_of_peak; bytes_allocated in all these runs together; kernel; threads, which is always 1.
/// </remarks>
internal static class Prediction
{
    private const int Runs = 90;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_run = TimeSpan.FromMilliseconds(5);

    private delegate void Predict(ReadOnlySpan<float> inputs, Span<float> outputs, int rows);

    /// <summary>Scores the rows again and again.</summary>
    public static JsonObject Measure(NetShape shape, int networks, int rows, int block, KernelKind kernel, int seed)
    {
        Predict predict = Predictor(shape, networks, kernel, seed);
        float[] inputs = SyntheticData.Inputs(rows, shape.Inputs, seed);
        var outputs = new float[rows * shape.Outputs];

        // Not less than this: methods are compiled anew, with optimization, only some time after their thirtieth call.
        Time(predict, shape, inputs, outputs, rows, block, s_warmUp);
        long before = GC.GetAllocatedBytesForCurrentThread();
        double best = double.PositiveInfinity;
        for (int run = 0; run < Runs; run++)
        {
            best = Math.Min(best, Time(predict, shape, inputs, outputs, rows, block, s_run));
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        double gflops = networks * shape.OperationsPerRow / best;
        double peak = Peak.Gflops(threads: 1);
        return new JsonObject
        {
            ["net"] = shape.Name,
            ["networks"] = networks,
            ["rows"] = rows,
            ["block"] = block,
            ["activation"] = shape.Activation.ToString(),
            ["nanoseconds_per_row"] = Math.Round(best, 2),
            ["rows_per_second"] = Math.Round(1e9 / best),
            ["gflops"] = Math.Round(gflops, 3),
            ["peak_gflops"] = Math.Round(peak, 1),
            ["share_of_peak"] = Math.Round(gflops / peak, 3),
            ["bytes_allocated"] = bytes,
            ["threads"] = 1,
            ["kernel"] = kernel.ToString().ToLowerInvariant(),
        };
    }

    /// <summary>One network, or several that predict together: every second one then without codes, as in default ensembles.</summary>
    private static Predict Predictor(NetShape shape, int networks, KernelKind kernel, int seed)
    {
        Network<float>[] all =
            [.. Enumerable.Range(0, networks).Select(k => (k % 2 == 0 ? shape : shape with { Bins = 0 }).Build(seed + k))];
        Array.ForEach(all, one => one.UseKernel(kernel));
        if (networks > 1)
        {
            return new NetworkEnsemble<float>(all).Predict;
        }

        Network<float> network = all[0];
        return (from, to, rows) =>
        {
            if (rows == 1)
            {
                network.Predict(from, to);
            }
            else
            {
                network.Predict(from, to, rows);
            }
        };
    }

    /// <summary>Scores all rows, repeatedly until some time has passed.</summary>
    /// <returns>Nanoseconds a row.</returns>
    private static double Time(Predict predict, NetShape shape, float[] inputs, float[] outputs, int rows, int block, TimeSpan atLeast)
    {
        long scored = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            ScoreAll(predict, shape, inputs, outputs, rows, block);
            scored += rows;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < atLeast);
        return elapsed.TotalNanoseconds / scored;
    }

    private static void ScoreAll(Predict predict, NetShape shape, float[] inputs, float[] outputs, int rows, int block)
    {
        (int columns, int scores) = (shape.Inputs, shape.Outputs);
        for (int first = 0; first < rows; first += block)
        {
            int count = Math.Min(block, rows - first);
            ReadOnlySpan<float> from = inputs.AsSpan(first * columns, count * columns);
            Span<float> to = outputs.AsSpan(first * scores, count * scores);
            predict(from, to, count);
        }
    }
}
