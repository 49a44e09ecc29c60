using System.Globalization;
using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>The memory that a training takes besides the data, in bytes; <see cref="NetworkTrainer{T}.EstimateMemory"/> gives it.</summary>
/// <param name="Parameters">The weights, biases and slopes of the network, with the padding of their rows.</param>
/// <param name="Copies">The best parameters so far, those before a judged epoch, averages and what they are made of, and transposed weights.</param>
/// <param name="Gradient">The gradient, or the parts of it that threads work on, and that whose norm may stop the training.</param>
/// <param name="UpdateRule">What the update rule remembers between steps, such as the last step of the momentum method, and a copy of it if it is kept.</param>
/// <param name="Workspace">The inputs, outputs and error terms of a batch, and the masks of dropout.</param>
public sealed record TrainingMemory(long Parameters, long Copies, long Gradient, long UpdateRule, long Workspace)
{
    /// <summary>The sum of all.</summary>
    public long Total => Parameters + Copies + Gradient + UpdateRule + Workspace;

    /// <summary>The figures in words, in the invariant culture.</summary>
    /// <returns>Such as <c>1.2 MB: parameters 0.4 MB, …</c>.</returns>
    public override string ToString() =>
        $"{Text(Total)}: parameters {Text(Parameters)}, copies of them {Text(Copies)}, gradient {Text(Gradient)}, update rule {Text(UpdateRule)}, workspace of a batch {Text(Workspace)}";

    /// <summary>Bytes in words: B, kB, MB or GB of 1000.</summary>
    internal static string Text(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F1} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
    };

    internal static unsafe TrainingMemory Of<T>(Network<T> network, TrainingOptions options, int trainingRows, int validationRows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LayerLayout[] layouts = network.Layouts;
        long block = network.Parameters.Length;
        int batchSize = Math.Min(options.BatchSize, trainingRows);
        long measured = Math.Max(options.MeasuresTrainingSet ? trainingRows : 0, validationRows);
        long rows = Math.Min(Math.Max(batchSize, measured), Workspace<T>.MostRows);

        long transposed = layouts.Skip(1).Where(l => !l.IsNarrow).Sum(l => (long)l.Outputs * AlignedBuffer<T>.Stride(l.Inputs));
        long copies = block + (options.UpdateRule.Rate is null ? 0 : block) + transposed
            + (options.Averaging is { } averaging ? block * (1L + averaging.NumbersPerParameter(options.Epochs)) : 0);

        // A gradient that is used at once lives only as long as its part is worked on; incremental learning makes none.
        ParameterPart[] parts = ParameterPart.Cut(layouts);
        int threads = WorkItems.Threads(options.NumberOfThreads, layouts, batchSize);
        long items = WorkItems.Count(parts.Length, WorkItems.Size(parts.Length, threads, group: 1));
        bool isIncremental = batchSize == 1 && !options.Regularization.IsActive;
        bool isWhole = batchSize > rows || options.Regularization.ClipNorm is not null;
        long gradient = isIncremental ? 0 : isWhole ? block : items * parts.Max(part => part.Length);
        gradient += options.MinimumGradient is null ? 0 : block;

        long perRow = AlignedBuffer<T>.Stride(network.Inputs) + network.Outputs + 2L + layouts[^1].OutputStride
            + layouts.Sum(l => (l.KeepsForBackward ? 3L : 2L) * l.OutputStride);
        long masks = options.Dropout.Bytes<T>(layouts, AlignedBuffer<T>.Stride(network.Inputs), Math.Min(batchSize, Workspace<T>.MostRows));
        long updateRule = options.UpdateRule.Bytes(network) * (options.KeepUpdateState ? 2 : 1);
        long workspace = (rows + (isIncremental ? 1 : 0)) * perRow;
        return new TrainingMemory(block * sizeof(T), copies * sizeof(T), gradient * sizeof(T), updateRule, (workspace * sizeof(T)) + masks);
    }
}
