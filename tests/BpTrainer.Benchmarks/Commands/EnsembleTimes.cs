using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace BpTrainer.Benchmarks;

/// <summary>Times an ensemble against trainings of the same networks one after another, on the same threads.</summary>
/// <remarks>
/// The line has: net, networks, rows, batch, epochs, optimizer, kernel, threads; seconds_together and seconds_one_by_one, each the best of
/// its turns, and their ratio, which is above 1 where training together is faster; gflops of all together, peak_gflops on as many threads
/// and share_of_peak; same_bits, whether all weights are the same.
/// </remarks>
internal static class EnsembleTimes
{
    /// <summary>Trains in turns.</summary>
    public static JsonObject Measure(NetShape shape, int networks, int rows, int rounds, TrainingOptions options)
    {
        options = options with { Loss = shape.Loss };
        DataSet<float> data = SyntheticData.For(shape, rows, options.Seed);
        IReadOnlyList<Network<float>> together = [], oneByOne = [];
        double[] seconds = [double.PositiveInfinity, double.PositiveInfinity];

        // The first round compiles.
        for (int round = 0; round <= rounds; round++)
        {
            seconds[0] = Math.Min(seconds[0], Peak.BestSeconds(1, () => together = TrainTogether(shape, networks, data, options)));
            seconds[1] = Math.Min(seconds[1], Peak.BestSeconds(1, () => oneByOne = TrainOneByOne(shape, networks, data, options)));
        }

        int threads = options.NumberOfThreads == 0 ? Environment.ProcessorCount : options.NumberOfThreads;
        double gflops = (double)networks * rows * options.Epochs * shape.OperationsPerSample / seconds[0] / 1e9;
        double peak = Peak.Gflops(threads);
        return new JsonObject
        {
            ["net"] = shape.Name,
            ["networks"] = networks,
            ["rows"] = rows,
            ["batch"] = options.BatchSize,
            ["epochs"] = options.Epochs,
            ["optimizer"] = options.Optimizer.Name,
            ["kernel"] = options.KernelInUse.ToString().ToLowerInvariant(),
            ["threads"] = threads,
            ["seconds_together"] = seconds[0],
            ["seconds_one_by_one"] = seconds[1],
            ["ratio"] = Math.Round(seconds[1] / seconds[0], 3),
            ["gflops"] = Math.Round(gflops, 1),
            ["peak_gflops"] = Math.Round(peak, 1),
            ["share_of_peak"] = Math.Round(gflops / peak, 3),
            ["same_bits"] = together.Zip(oneByOne, HaveSameBits).All(same => same),
        };
    }

    private static IReadOnlyList<Network<float>> TrainTogether(
        NetShape shape, int networks, DataSet<float> data, TrainingOptions options) =>
        new EnsembleTrainer<float>(shape.Describe(), options, networks).Train(data).Networks;

    private static Network<float>[] TrainOneByOne(NetShape shape, int networks, DataSet<float> data, TrainingOptions options) =>
        Array.ConvertAll(EnsembleTrainer<float>.DrawSeeds(options.Seed, networks), seed =>
        {
            Network<float> network = shape.Build(seed);
            new NetworkTrainer<float>(network, options with { Seed = seed }).Train(data);
            return network;
        });

    private static bool HaveSameBits(Network<float> one, Network<float> other) =>
        MemoryMarshal.AsBytes(one.Parameters.Span).SequenceEqual(MemoryMarshal.AsBytes(other.Parameters.Span));
}
