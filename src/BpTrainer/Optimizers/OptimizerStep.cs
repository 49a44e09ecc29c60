namespace BpTrainer.Optimizers;

/// <summary>An optimizer at work on one block of parameters, with its state.</summary>
internal abstract unsafe class OptimizerStep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The blocks of the state. With <see cref="Numbers"/> they are all that a training needs to resume.</summary>
    public abstract IReadOnlyList<AlignedBuffer<T>> Memory { get; }

    /// <summary>Counters and other single numbers of the state.</summary>
    public abstract double[] Numbers { get; }

    /// <summary>Begins an update after a batch with this mean loss. Called once, before parameters are changed.</summary>
    public abstract void Begin(double loss);

    /// <summary>
    /// Changes some parameters: their first one, its index in the whole block, and their count, a multiple of
    /// <see cref="AlignedBuffer{T}.Lanes"/>. <paramref name="memory"/> is where the first block of <see cref="Memory"/> begins, pinned by
    /// the caller; null without one. Threads may share a step by calling this for parts that do not overlap.
    /// </summary>
    public abstract void Apply(T* parameters, T* gradient, T* memory, int first, int count, T learningRate);

    /// <summary>Notes the update that has begun, for parameters that will catch up with it.</summary>
    public abstract void Note(T learningRate);

    /// <summary>
    /// Makes the updates noted, from number <paramref name="from"/> on, with a gradient of 0: to the same bits as <see cref="Apply"/> at
    /// their time. The other parameters are those of <see cref="Apply"/>.
    /// </summary>
    public abstract void CatchUp(T* parameters, T* memory, int first, int count, int from);

    /// <summary>Forgets the updates noted, when all parameters have caught up.</summary>
    public abstract void ForgetNotes();

    /// <summary>Forgets earlier steps, after one was rejected.</summary>
    public abstract void Reset();

    /// <summary>Makes something that has the arithmetic of the optimizer in its code.</summary>
    public abstract TResult Create<TResult>(IOptimizerFactory<T, TResult> factory);
}

/// <summary>Makes an object whose code is generic over an optimizer.</summary>
internal interface IOptimizerFactory<T, out TResult> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TResult Create<TOptimizer>(ElementwiseStep<T, TOptimizer> step) where TOptimizer : struct, IElementwiseOptimizer<T>;
}
