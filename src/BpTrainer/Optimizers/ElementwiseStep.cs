using System.Runtime.InteropServices;

namespace BpTrainer.Optimizers;

/// <summary>Runs an element-wise optimizer over parameters, vector by vector, and keeps its memory.</summary>
internal sealed unsafe class ElementwiseStep<TSimd, TVector, T, TOptimizer> : OptimizerStep<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptimizer : struct, IElementwiseOptimizer<T>
{
    private readonly TOptimizer _optimizer;
    private readonly ICountingOptimizer? _counting;
    private readonly AlignedBuffer<T>[] _memory;
    private readonly int _distance;
    private readonly List<TOptimizer> _noted = [];

    public ElementwiseStep(TOptimizer optimizer, int parameters)
    {
        _optimizer = optimizer;
        _counting = optimizer as ICountingOptimizer;
        Numbers = new double[_counting?.Numbers ?? 0];
        _memory = AlignedBuffer<T>.InARow(TOptimizer.Memories, parameters);
        _distance = AlignedBuffer<T>.Pad(parameters);
    }

    public override IReadOnlyList<AlignedBuffer<T>> Memory => _memory;

    public override double[] Numbers { get; }

    public override bool CanCatchUp => true;

    public override void Begin(double loss) => _counting?.Begin(Numbers, loss);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(T* parameters, T* gradient, T* memory, int first, int count, T learningRate)
    {
        TOptimizer optimizer = _optimizer;
        optimizer.Prepare(learningRate, Numbers);
        memory += first;
        for (int i = 0; i < count; i += TSimd.Count)
        {
            Update(optimizer, parameters + i, TSimd.Load(gradient + i), memory + i, _distance);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ApplyOuterProduct(
        T* parameters, T* memory, int first, T* factors, int rows, T* vector, int columns, T learningRate)
    {
        TOptimizer optimizer = _optimizer;
        optimizer.Prepare(learningRate, Numbers);
        parameters += first;
        memory += first;
        for (int row = 0; row < rows; row++)
        {
            TVector factor = TSimd.Broadcast(factors[row]);
            for (int c = 0; c < columns; c += TSimd.Count)
            {
                Update(optimizer, parameters + c, TSimd.Multiply(factor, TSimd.Load(vector + c)), memory + c, _distance);
            }

            parameters += columns;
            memory += columns;
        }
    }

    public override void Note(T learningRate)
    {
        TOptimizer optimizer = _optimizer;
        optimizer.Prepare(learningRate, Numbers);
        _noted.Add(optimizer);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void CatchUp(T* parameters, T* memory, int first, int count, int from)
    {
        ReadOnlySpan<TOptimizer> optimizers = CollectionsMarshal.AsSpan(_noted)[from..];
        memory += first;
        for (int i = 0; i < count; i += TSimd.Count)
        {
            CatchUp(optimizers, parameters + i, memory + i, _distance);
        }
    }

    public override void ForgetNotes() => _noted.Clear();

    public override void Reset()
    {
        foreach (AlignedBuffer<T> memory in _memory)
        {
            memory.Span.Clear();
        }

        Numbers.AsSpan().Clear();
    }

    /// <summary>Many updates of one vector, which stays in registers meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CatchUp(ReadOnlySpan<TOptimizer> optimizers, T* parameters, T* memory, nint distance)
    {
        TVector w = TSimd.Load(parameters);
        TVector first = TOptimizer.Memories > 0 ? TSimd.Load(memory) : default;
        TVector second = TOptimizer.Memories > 1 ? TSimd.Load(memory + distance) : default;
        TVector third = TOptimizer.Memories > 2 ? TSimd.Load(memory + (2 * distance)) : default;
        foreach (TOptimizer optimizer in optimizers)
        {
            w = optimizer.Update<TSimd, TVector>(w, default, ref first, ref second, ref third);
        }

        TSimd.Store(w, parameters);
        if (TOptimizer.Memories > 0)
        {
            TSimd.Store(first, memory);
        }

        if (TOptimizer.Memories > 1)
        {
            TSimd.Store(second, memory + distance);
        }

        if (TOptimizer.Memories > 2)
        {
            TSimd.Store(third, memory + (2 * distance));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update(TOptimizer optimizer, T* parameters, TVector gradient, T* memory, nint distance)
    {
        TVector first = TOptimizer.Memories > 0 ? TSimd.Load(memory) : default;
        TVector second = TOptimizer.Memories > 1 ? TSimd.Load(memory + distance) : default;
        TVector third = TOptimizer.Memories > 2 ? TSimd.Load(memory + (2 * distance)) : default;
        TVector updated = optimizer.Update<TSimd, TVector>(TSimd.Load(parameters), gradient, ref first, ref second, ref third);
        TSimd.Store(updated, parameters);
        if (TOptimizer.Memories > 0)
        {
            TSimd.Store(first, memory);
        }

        if (TOptimizer.Memories > 1)
        {
            TSimd.Store(second, memory + distance);
        }

        if (TOptimizer.Memories > 2)
        {
            TSimd.Store(third, memory + (2 * distance));
        }
    }
}

/// <summary>Makes the driver of an element-wise optimizer.</summary>
internal readonly struct ElementwiseStepFactory<T, TOptimizer>(TOptimizer optimizer, int parameters) : ISimdFactory<T, OptimizerStep<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptimizer : struct, IElementwiseOptimizer<T>
{
    public OptimizerStep<T> Create<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged => new ElementwiseStep<TSimd, TVector, T, TOptimizer>(optimizer, parameters);

    public static OptimizerStep<T> For(TOptimizer optimizer, int parameters, KernelKind kernel) =>
        Kernel.Create<T, OptimizerStep<T>, ElementwiseStepFactory<T, TOptimizer>>(kernel, new(optimizer, parameters));
}

/// <summary>
/// The arithmetic of an optimizer that changes every parameter by itself. The struct holds the figures of the optimizer;
/// <see cref="ElementwiseStep{TSimd, TVector, T, TOptimizer}"/> runs it over the parameters and keeps what it remembers.
/// </summary>
internal interface IElementwiseOptimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many numbers are remembered for each parameter, 0 to 3. They begin as 0.</summary>
    static abstract int Memories { get; }

    /// <summary>Computes, in a copy of the struct, what is the same for many parameters.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="numbers">The remembered numbers, as <see cref="ICountingOptimizer.Begin"/> left them; none if the optimizer is no
    /// <see cref="ICountingOptimizer"/>.</param>
    void Prepare(T learningRate, ReadOnlySpan<double> numbers);

    /// <summary>The update of one vector of parameters.</summary>
    /// <param name="w">The parameters.</param>
    /// <param name="g">∂E/∂w. Where w is padding it is 0, and w must stay 0.</param>
    /// <param name="first">What is remembered of them; likewise <paramref name="second"/> and <paramref name="third"/>, if the optimizer
    /// remembers as much.</param>
    /// <param name="second">See <paramref name="first"/>.</param>
    /// <param name="third">See <paramref name="first"/>.</param>
    /// <returns>The new parameters.</returns>
    TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged;
}

/// <summary>
/// What an <see cref="IElementwiseOptimizer{T}"/> is besides that also remembers single numbers, such as a count of updates.
/// </summary>
internal interface ICountingOptimizer
{
    /// <summary>How many numbers are remembered. They begin as 0.</summary>
    int Numbers { get; }

    /// <summary>Moves the remembered numbers on, once an update.</summary>
    /// <param name="numbers">As many as <see cref="Numbers"/> says.</param>
    /// <param name="loss">The mean loss of the batch, before the update.</param>
    void Begin(Span<double> numbers, double loss);
}
