using System.Runtime.InteropServices;
using BpTrainer.Data;
using BpTrainer.Kernels;
using BpTrainer.Optimizers;
using BpTrainer.Training;

namespace BpTrainer.Benchmarks;

/// <summary>
/// Pieces of work whose instructions callgrind counts: see instructions.sh. Each is done some times to compile all that it needs, and then
/// between two calls of a function of the C library, by which callgrind knows where to begin and to end.
/// </summary>
internal static partial class CountedWork
{
    private const int CallsBefore = 3;
    private const int Calls = 10;

    /// <summary>Does all the work, and prints a line for each piece: its name, and how often it was done between the marks.</summary>
    public static void Run(TextWriter output)
    {
        Mark();
        foreach ((string name, Action work) in Pieces())
        {
            Repeat(work, CallsBefore);
            Mark();
            Repeat(work, Calls);
            Mark();
            output.WriteLine($"{name} {Calls}");
        }
    }

    private static IEnumerable<(string Name, Action Work)> Pieces()
    {
        var layer = new LayerProducts(inputs: 96, outputs: 64, rows: 32, Kernel.Default);
        yield return ("net-input", layer.NetInput);
        yield return ("weight-gradient", layer.WeightGradient);
        yield return ("propagate-back", layer.PropagateBack);
        yield return ("online-10-20-1", Epoch(NetShape.Tiny, Optimizer.Momentum(), batchSize: 1));
        yield return ("batches-13-50-1", Epoch(NetShape.Table, Optimizer.Momentum(), batchSize: 32));
        yield return ("batches-64-32-10-adam", Epoch(NetShape.Image with { Inputs = 64, Hidden = [32] }, Optimizer.Adam(), batchSize: 32));
        yield return ("predict-13-50-1-row", Predict(NetShape.Table, rows: 1));
        yield return ("predict-64-32-10-block", Predict(NetShape.Image with { Inputs = 64, Hidden = [32] }, rows: 64));
    }

    /// <summary>An epoch of 64 samples on one thread.</summary>
    private static Action Epoch(NetShape shape, Optimizer optimizer, int batchSize)
    {
        var options = new TrainingOptions
        {
            Optimizer = optimizer,
            Loss = shape.Loss,
            BatchSize = batchSize,
            Epochs = 1,
            NumberOfThreads = 1,
        };
        var parts = new RowParts<float>(
            shape.Build(seed: 1), options, new InMemoryRows<float>(SyntheticData.For(shape, rows: 64, seed: 1)));
        var epoch = new BatchEpoch<float>(parts, (StepOptimizer)optimizer);
        return () => epoch.Run(CancellationToken.None);
    }

    private static Action Predict(NetShape shape, int rows)
    {
        Network<float> network = shape.Build(seed: 1);
        float[] inputs = SyntheticData.Inputs(rows, shape.Inputs, seed: 1);
        var outputs = new float[rows * shape.Outputs];
        return rows == 1 ? () => network.Predict(inputs, outputs) : () => network.Predict(inputs, outputs, rows);
    }

    private static void Repeat(Action work, int calls)
    {
        for (int call = 0; call < calls; call++)
        {
            work();
        }
    }

    /// <summary>A short function that nobody else calls.</summary>
    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int Mark();
}
