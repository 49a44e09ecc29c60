using System.Runtime.InteropServices;

namespace BpTrainer.Optimizers;

/// <summary>Runs an element-wise optimizer over parameters, vector by vector, and keeps its state.</summary>
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
            // Many updates of one vector, which stays in registers meanwhile.
            TVector w = TSimd.Load(parameters + i);
            Load(memory + i, _distance, out TVector m0, out TVector m1, out TVector m2);
            foreach (TOptimizer optimizer in optimizers)
            {
                w = optimizer.Update<TSimd, TVector>(w, default, ref m0, ref m1, ref m2);
            }

            TSimd.Store(w, parameters + i);
            Store(memory + i, _distance, m0, m1, m2);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update(TOptimizer optimizer, T* parameters, TVector gradient, T* memory, nint distance)
    {
        Load(memory, distance, out TVector m0, out TVector m1, out TVector m2);
        TVector updated = optimizer.Update<TSimd, TVector>(TSimd.Load(parameters), gradient, ref m0, ref m1, ref m2);
        TSimd.Store(updated, parameters);
        Store(memory, distance, m0, m1, m2);
    }

    /// <summary>The state of one vector of parameters: as many numbers for each as the optimizer has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(T* memory, nint distance, out TVector m0, out TVector m1, out TVector m2)
    {
        m0 = TOptimizer.Memories > 0 ? TSimd.Load(memory) : default;
        m1 = TOptimizer.Memories > 1 ? TSimd.Load(memory + distance) : default;
        m2 = TOptimizer.Memories > 2 ? TSimd.Load(memory + (2 * distance)) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* memory, nint distance, TVector m0, TVector m1, TVector m2)
    {
        if (TOptimizer.Memories > 0)
        {
            TSimd.Store(m0, memory);
        }

        if (TOptimizer.Memories > 1)
        {
            TSimd.Store(m1, memory + distance);
        }

        if (TOptimizer.Memories > 2)
        {
            TSimd.Store(m2, memory + (2 * distance));
        }
    }
}

/// <summary>Makes the step of an element-wise optimizer with the instructions of a kernel.</summary>
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
/// The arithmetic of an optimizer that changes every parameter by itself. The struct holds its figures;
/// <see cref="ElementwiseStep{TSimd, TVector, T, TOptimizer}"/> runs it over the parameters and keeps the state.
/// </summary>
internal interface IElementwiseOptimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The numbers of state for each parameter, 0 to 3. They begin as 0.</summary>
    static abstract int Memories { get; }

    /// <summary>Computes, in a copy of the struct, what is the same for many parameters.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="numbers">As <see cref="ICountingOptimizer.Begin"/> left them; empty for other optimizers.</param>
    void Prepare(T learningRate, ReadOnlySpan<double> numbers);

    /// <summary>
    /// The new values of one vector of parameters w with the gradient g and up to three numbers of state. Where w is padding, g is 0 and w
    /// must stay 0.
    /// </summary>
    TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged;
}

/// <summary>An <see cref="IElementwiseOptimizer{T}"/> that also remembers single numbers, such as a count of updates.</summary>
internal interface ICountingOptimizer
{
    /// <summary>The count of the numbers. They begin as 0.</summary>
    int Numbers { get; }

    /// <summary>Updates the numbers, once an update; <paramref name="loss"/> is the mean loss of the batch before it.</summary>
    void Begin(Span<double> numbers, double loss);
}
