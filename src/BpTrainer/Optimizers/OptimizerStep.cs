namespace BpTrainer.Optimizers;

/// <summary>An optimizer at work on one block of parameters, with whatever it remembers between steps.</summary>
internal abstract unsafe class OptimizerStep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// What is remembered between updates, in blocks laid out as the parameters are or as the optimizer likes. A copy of it and of
    /// <see cref="Numbers"/> is all that a training needs to go on.
    /// </summary>
    public abstract IReadOnlyList<AlignedBuffer<T>> Memory { get; }

    /// <summary>Counters and other single numbers that are remembered between updates.</summary>
    public abstract double[] Numbers { get; }

    /// <summary>Begins an update: called once, before the parts of the parameters are changed.</summary>
    /// <param name="loss">The mean loss of the batch, with the parameters as they are.</param>
    public abstract void Begin(double loss);

    /// <summary>
    /// Changes the parameters from index <paramref name="first"/> on. Threads may share a step by calling it for parts that do not overlap.
    /// </summary>
    /// <param name="parameters">The first of the <paramref name="count"/> parameters.</param>
    /// <param name="gradient">The gradient of each of them.</param>
    /// <param name="memory">Where the first block of <see cref="Memory"/> begins, pinned by the caller once for many calls; null if there
    /// is none.</param>
    /// <param name="first">The index of the first one in the whole block.</param>
    /// <param name="count">How many there are; a multiple of <see cref="AlignedBuffer{T}.Lanes"/>.</param>
    /// <param name="learningRate">η.</param>
    public abstract void Apply(T* parameters, T* gradient, T* memory, int first, int count, T learningRate);

    /// <summary>
    /// Changes a matrix of parameters, from index <paramref name="first"/> of the whole block on, by the gradient of one sample: factors[r]
    /// · vector for row r.
    /// </summary>
    /// <param name="parameters">The whole block.</param>
    /// <param name="memory">As for <see cref="Apply"/>.</param>
    /// <param name="first">The index of the matrix.</param>
    /// <param name="factors">One factor a row.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="vector">One number a column.</param>
    /// <param name="columns">The number of columns, which is the stride too; a multiple of <see cref="AlignedBuffer{T}.Lanes"/>.</param>
    /// <param name="learningRate">η.</param>
    public abstract void ApplyOuterProduct(
        T* parameters, T* memory, int first, T* factors, int rows, T* vector, int columns, T learningRate);

    /// <summary>Whether parameters without a gradient may be changed later, by <see cref="CatchUp"/>.</summary>
    public virtual bool CanCatchUp => false;

    /// <summary>Takes down the update that has begun, for parameters that will catch up with it.</summary>
    /// <param name="learningRate">η.</param>
    public virtual void Note(T learningRate) => throw new NotSupportedException();

    /// <summary>
    /// Makes updates that were noted, from number <paramref name="from"/> to the last, with a gradient of 0: to the same bits as
    /// <see cref="Apply"/> at its time.
    /// </summary>
    /// <param name="parameters">The first of the <paramref name="count"/> parameters.</param>
    /// <param name="memory">The beginning of the first block of <see cref="Memory"/>; null without one.</param>
    /// <param name="first">The index of the first one in the whole block.</param>
    /// <param name="count">How many there are; a multiple of <see cref="AlignedBuffer{T}.Lanes"/>.</param>
    /// <param name="from">The updates noted before that they have made.</param>
    public virtual void CatchUp(T* parameters, T* memory, int first, int count, int from) => throw new NotSupportedException();

    /// <summary>Forgets the updates that were noted, when all parameters have caught up.</summary>
    public virtual void ForgetNotes() => throw new NotSupportedException();

    /// <summary>Forgets earlier steps, after one was rejected.</summary>
    public abstract void Reset();
}
