using BpTrainer.Networks;
using BpTrainer.Regularizers;
using BpTrainer.Threads;
namespace BpTrainer.Training;

/// <summary>The memory of a training in addition to the data, in bytes.</summary>
/// <param name="Parameters">Weights, biases and slopes, with padding.</param>
/// <param name="Copies">Copies of the parameters, for the best and last epoch, an adaptive rate and averages; transposed weights.</param>
/// <param name="Gradient">The gradient, or the parts of it that threads work on, and another gradient for the stopping rule.</param>
/// <param name="Optimizer">The optimizer state, and copies of it if it is kept.</param>
/// <param name="Workspace">The matrices of a batch and the dropout masks, without the values of sparse inputs.</param>
internal sealed record TrainingMemory(long Parameters, long Copies, long Gradient, long Optimizer, long Workspace)
{
    /// <summary>The sum, at most <see cref="long.MaxValue"/>.</summary>
    public long Total => (long)((double)Parameters + Copies + Gradient + Optimizer + Workspace);

    public override string ToString() =>
        $"{MemorySize.Text(Total)}: parameters {MemorySize.Text(Parameters)}, copies of them {MemorySize.Text(Copies)}, "
        + $"gradient {MemorySize.Text(Gradient)}, optimizer {MemorySize.Text(Optimizer)}, "
        + $"workspace of a batch {MemorySize.Text(Workspace)}";

    /// <inheritdoc cref="Check{T}(LayerLayout[], TrainingOptions, int, int, bool)"/>
    public static TrainingMemory Check<T>(
        NetworkBuilder builder, TrainingOptions options, int trainingRows, int validationRows = 0, bool isSparse = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options.Validate();
        LayerLayout[] layouts = builder.Arrange<T>();
        options.Regularization.CheckDropout(hiddenLayers: layouts.Length - 1);
        isSparse &= options.TakesSparse(builder.InputScaling, builder.InputEncoding);
        return Check<T>(layouts, options, trainingRows, validationRows, isSparse);
    }

    /// <summary>Computes the memory of a training.</summary>
    /// <exception cref="ArgumentException">It is more than the available memory, or a matrix has more numbers than an array can
    /// hold.</exception>
    public static TrainingMemory Check<T>(
        LayerLayout[] layouts, TrainingOptions options, int trainingRows, int validationRows, bool isSparse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options.Optimizer.CheckSize<T>(layouts);
        options.Averaging?.CheckSize<T>(layouts[^1].End, options.Epochs);
        TrainingMemory memory = Of<T>(layouts, options, trainingRows, validationRows, isSparse);
        int inputStride = isSparse ? 0 : AlignedBuffer<T>.Stride(layouts[0].DenseInputs);
        long widest = Math.Max(inputStride, layouts.Max(layout => (long)layout.OutputStride));
        if (memory.Total > MemorySize.Available || WorkspaceRows<T>(options, trainingRows, validationRows) * widest > Array.MaxLength)
        {
            string shape = string.Join('-', layouts.Select(layout => layout.Outputs).Prepend(layouts[0].DenseInputs));
            throw new ArgumentException(
                $"The network {shape} is too large: training it would take {memory}; {MemorySize.Text(MemorySize.Available)} is available, "
                + $"and a matrix has at most {Array.MaxLength} numbers.",
                "layers");
        }

        return memory;
    }

    public static TrainingMemory Of<T>(
        LayerLayout[] layouts, TrainingOptions options, int trainingRows, int validationRows, bool isSparse = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double block = layouts[^1].End;
        int batchSize = Math.Min(options.BatchSize, trainingRows);
        int inputStride = isSparse ? 0 : AlignedBuffer<T>.Stride(layouts[0].DenseInputs);
        long rows = WorkspaceRows<T>(options, trainingRows, validationRows);

        double transposed = layouts.Skip(1).Where(l => !l.IsNarrow).Sum(l => (double)l.Outputs * AlignedBuffer<T>.Stride(l.Inputs));
        int kept = validationRows == 0 && options.Optimizer.LossIsThatOfBatches && !options.KeepsLastEpoch ? 2 : 1;
        double blocks = kept + (options.Optimizer.MeasuresLoss ? 1 : 0)
            + (options.Averaging is { } averaging ? 1.0 + averaging.NumbersPerParameter(options.Epochs) : 0);

        // A gradient that is used at once exists only while its part is processed; incremental learning has none.
        ParameterPart[] parts = ParameterPart.Cut(layouts);
        int threads = WorkItems.Threads(options.NumberOfThreads, LayerLayout.Operations(layouts, batchSize));
        long items = Math.Min(parts.Length, WorkItems.Most(threads));
        bool isOnline = OnlineStep<T>.Takes(options, layouts, batchSize);
        bool isWhole = batchSize > rows || options.Regularization.ClipNorm is not null;
        double gradient = isOnline ? 0 : isWhole ? block : items * (double)parts.Max(part => part.Length);
        gradient += options.MinimumGradient is null ? 0 : block;

        double perRow = inputStride + (3.0 * layouts[0].CodeColumns.Length) + layouts[^1].Outputs + 2.0 + layouts[^1].OutputStride
            + layouts.Sum(l => (l.NeedsForwardCache ? 3.0 : 2.0) * l.OutputStride);
        double masks = DropoutMasks<T>.Numbers(options.Regularization, layouts, inputStride, Math.Min(batchSize, Workspace<T>.MostRows));
        double workspace = ((rows + (isOnline ? 1 : 0)) * perRow) + masks;
        double optimizer = (double)options.Optimizer.Bytes<T>(layouts) * (options.KeepOptimizerState ? 1 + kept : 1);
        return new TrainingMemory(Bytes(block), Bytes((blocks * block) + transposed), Bytes(gradient), (long)optimizer, Bytes(workspace));

        static long Bytes(double numbers) => MemorySize.Of<T>(numbers);
    }
    /// <summary>The number of rows that are in the network at the same time.</summary>
    private static long WorkspaceRows<T>(TrainingOptions options, int trainingRows, int validationRows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int measured = Math.Max(options.MeasuresTrainingSet ? trainingRows : 0, validationRows);
        return Math.Min(Math.Max(Math.Min(options.BatchSize, trainingRows), measured), Workspace<T>.MostRows);
    }
}
