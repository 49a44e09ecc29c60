using BpTrainer.Networks;
using BpTrainer.Regularizers;
using BpTrainer.Threads;

namespace BpTrainer.Training;

/// <summary>The memory that a training takes besides the data, in bytes.</summary>
/// <param name="Parameters">The weights, biases and slopes of the network, with the padding of their rows.</param>
/// <param name="Copies">The best parameters so far, those of the last epoch while its loss is not known, those before a judged epoch,
/// averages and what they are made of, and transposed weights.</param>
/// <param name="Gradient">The gradient, or the parts of it that threads work on, and that whose norm may stop the training.</param>
/// <param name="Optimizer">What the optimizer remembers between steps, such as the last step of the momentum method, and a copy of it if it
/// is kept.</param>
/// <param name="Workspace">The inputs, outputs and error terms of a batch, and the masks of dropout; not the values of sparse inputs, whose
/// number is not known.</param>
internal sealed record TrainingMemory(long Parameters, long Copies, long Gradient, long Optimizer, long Workspace)
{
    /// <summary>The sum of all; <see cref="long.MaxValue"/> where it is beyond that.</summary>
    public long Total => (long)((double)Parameters + Copies + Gradient + Optimizer + Workspace);

    /// <summary>What is left of it when the training is over.</summary>
    public long OfResult(TrainingOptions options) => Parameters + (options.KeepOptimizerState ? Optimizer / 2 : 0);

    /// <summary>The figures in words, in the invariant culture.</summary>
    /// <returns>Such as <c>1.2 MB: parameters 0.4 MB, …</c>.</returns>
    public override string ToString() =>
        $"{MemorySize.Text(Total)}: parameters {MemorySize.Text(Parameters)}, copies of them {MemorySize.Text(Copies)}, gradient {MemorySize.Text(Gradient)}, optimizer {MemorySize.Text(Optimizer)}, workspace of a batch {MemorySize.Text(Workspace)}";

    /// <summary>The memory of training a network as its builder describes it. It is refused where it is more than there is.</summary>
    /// <exception cref="ArgumentException">Options or layers ask for more memory than there is, or for a matrix of more numbers than an
    /// array has.</exception>
    public static TrainingMemory Check<T>(NetworkBuilder builder, TrainingOptions options, int trainingRows, int validationRows = 0, bool isSparse = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options.Validate();
        LayerLayout[] layouts = builder.Arrange<T>();
        options.Regularization.CheckDropout(hiddenLayers: layouts.Length - 1);
        return Check<T>(layouts, options, trainingRows, validationRows, isSparse && options.TakesSparse(builder.InputScaling));
    }

    /// <summary>The memory of a training, which is refused where it is more than there is.</summary>
    /// <param name="layouts">The layers.</param>
    /// <param name="options">How they learn.</param>
    /// <param name="trainingRows">The samples in memory.</param>
    /// <param name="validationRows">The samples that judge.</param>
    /// <param name="isSparse">Whether batches are without the zeros of their inputs.</param>
    /// <exception cref="ArgumentException">Options or layers ask for more memory than there is, or for a matrix of more numbers than an
    /// array has.</exception>
    public static TrainingMemory Check<T>(LayerLayout[] layouts, TrainingOptions options, int trainingRows, int validationRows, bool isSparse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options.Optimizer.CheckSize<T>(layouts);
        options.Averaging?.CheckSize<T>(layouts[^1].End, options.Epochs);
        TrainingMemory memory = Of<T>(layouts, options, trainingRows, validationRows, isSparse);
        long widest = Math.Max(isSparse ? 0 : AlignedBuffer<T>.Stride(layouts[0].Inputs), layouts.Max(layout => (long)layout.OutputStride));
        if (memory.Total > MemorySize.Available || WorkspaceRows<T>(options, trainingRows, validationRows) * widest > Array.MaxLength)
        {
            string shape = string.Join('-', layouts.Select(layout => layout.Outputs).Prepend(layouts[0].Inputs));
            throw new ArgumentException(
                $"The network {shape} is too large: training it would take {memory}; there are {MemorySize.Text(MemorySize.Available)}, and no matrix has more than {Array.MaxLength} numbers.", "layers");
        }

        return memory;
    }

    public static TrainingMemory Of<T>(LayerLayout[] layouts, TrainingOptions options, int trainingRows, int validationRows, bool isSparse = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double block = layouts[^1].End;
        int batchSize = Math.Min(options.BatchSize, trainingRows);
        int inputStride = isSparse ? 0 : AlignedBuffer<T>.Stride(layouts[0].Inputs);
        long rows = WorkspaceRows<T>(options, trainingRows, validationRows);

        double transposed = layouts.Skip(1).Where(l => !l.IsNarrow).Sum(l => (double)l.Outputs * AlignedBuffer<T>.Stride(l.Inputs));
        int kept = validationRows == 0 && options.Optimizer.LossIsThatOfBatches ? 2 : 1;
        double copies = (kept * block) + (options.Optimizer.MeasuresLoss ? block : 0) + transposed
            + (options.Averaging is { } averaging ? block * (1.0 + averaging.NumbersPerParameter(options.Epochs)) : 0);

        // A gradient that is used at once lives only as long as its part is worked on; incremental learning makes none.
        ParameterPart[] parts = ParameterPart.Cut(layouts);
        int threads = WorkItems.Threads(options.NumberOfThreads, LayerLayout.Operations(layouts, batchSize));
        long items = WorkItems.Count(parts.Length, WorkItems.Size(parts.Length, threads, group: 1));
        bool isOnline = batchSize == 1 && options.Regularization == new Regularization();
        bool isWhole = batchSize > rows || options.Regularization.ClipNorm is not null;
        double gradient = isOnline ? 0 : isWhole ? block : items * (double)parts.Max(part => part.Length);
        gradient += options.MinimumGradient is null ? 0 : block;

        double perRow = inputStride + layouts[^1].Outputs + 2.0 + layouts[^1].OutputStride
            + layouts.Sum(l => (l.NeedsForwardCache ? 3.0 : 2.0) * l.OutputStride);
        double masks = DropoutMasks<T>.Numbers(options.Regularization, layouts, inputStride, Math.Min(batchSize, Workspace<T>.MostRows));
        double updateRule = (double)options.Optimizer.Bytes<T>(layouts) * (options.KeepOptimizerState ? 1 + kept : 1);
        double workspace = (rows + (isOnline ? 1 : 0)) * perRow;
        return new TrainingMemory(MemorySize.Of<T>(block), MemorySize.Of<T>(copies), MemorySize.Of<T>(gradient), (long)updateRule, MemorySize.Of<T>(workspace + masks));
    }

    /// <summary>The rows that go through the network at once.</summary>
    private static long WorkspaceRows<T>(TrainingOptions options, int trainingRows, int validationRows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int measured = Math.Max(options.MeasuresTrainingSet ? trainingRows : 0, validationRows);
        return Math.Min(Math.Max(Math.Min(options.BatchSize, trainingRows), measured), Workspace<T>.MostRows);
    }
}
