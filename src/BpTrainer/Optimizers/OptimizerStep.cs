namespace BpTrainer.Optimizers;

/// <summary>Applies an optimizer to one block of parameters and keeps its state.</summary>
internal abstract unsafe class OptimizerStep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The blocks of the state. Together with <see cref="Numbers"/>, they are all that a training needs to resume.</summary>
    public abstract IReadOnlyList<AlignedBuffer<T>> Memory { get; }

    /// <summary>Counters and other single numbers of the state.</summary>
    public abstract double[] Numbers { get; }

    /// <summary>Begins an update after a batch with this mean loss. Call it once, before parameters are changed.</summary>
    public abstract void Begin(double loss);

    /// <summary>
    /// Updates some parameters. <paramref name="parameters"/> and <paramref name="gradient"/> point to the first of them,
    /// <paramref name="first"/> is its index in the whole block, and <paramref name="count"/> is a multiple of
    /// <see cref="AlignedBuffer{T}.Lanes"/>. <paramref name="memory"/> is the start of the first block of <see cref="Memory"/>, pinned by
    /// the caller; null if there is none. Threads may share a step by calling this for parts that do not overlap.
    /// </summary>
    public abstract void Apply(T* parameters, T* gradient, T* memory, int first, int count, T learningRate);

    /// <summary>Notes the current update, for parameters that will catch up with it later.</summary>
    public abstract void Note(T learningRate);

    /// <summary>
    /// Applies the noted updates from number <paramref name="from"/> on, with a gradient of 0. The result is bit for bit the same as if
    /// <see cref="Apply"/> had been called for each update. The other parameters are those of <see cref="Apply"/>.
    /// </summary>
    public abstract void CatchUp(T* parameters, T* memory, int first, int count, int from);

    /// <summary>Forgets the noted updates, after all parameters have caught up.</summary>
    public abstract void ForgetNotes();

    /// <summary>Forgets earlier steps, after a step was rejected.</summary>
    public abstract void Reset();

    /// <summary>Creates an object whose code contains the arithmetic of the optimizer.</summary>
    public abstract TResult Create<TResult>(IOptimizerFactory<T, TResult> factory);
}

/// <summary>Creates an object whose code is generic over an optimizer.</summary>
internal interface IOptimizerFactory<T, out TResult> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TResult Create<TOptimizer>(ElementwiseStep<T, TOptimizer> step) where TOptimizer : struct, IElementwiseOptimizer<T>;
}
