using System.Runtime.InteropServices;

namespace BpTrainer.Optimizers;

/// <summary>An element-wise optimizer with its state.</summary>
internal abstract class ElementwiseStep<T, TOptimizer> : OptimizerStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptimizer : struct, IElementwiseOptimizer<T>
{
    private readonly TOptimizer _optimizer;
    private readonly ICountingOptimizer? _counting;
    private readonly AlignedBuffer<T>[] _memory;
    private readonly List<TOptimizer> _noted = [];

    protected ElementwiseStep(TOptimizer optimizer, int parameters)
    {
        _optimizer = optimizer;
        _counting = optimizer as ICountingOptimizer;
        Numbers = new double[_counting?.Numbers ?? 0];
        _memory = AlignedBuffer<T>.InARow(TOptimizer.Memories, parameters);
        Distance = AlignedBuffer<T>.Pad(parameters);
    }

    public sealed override IReadOnlyList<AlignedBuffer<T>> Memory => _memory;

    public sealed override double[] Numbers { get; }

    /// <summary>The distance between two state numbers of the same parameter.</summary>
    public int Distance { get; }

    /// <summary>The noted updates, each with the values that are the same for all parameters.</summary>
    protected ReadOnlySpan<TOptimizer> Noted => CollectionsMarshal.AsSpan(_noted);

    public sealed override void Begin(double loss) => _counting?.Begin(Numbers, loss);

    /// <summary>The optimizer, with the values that are the same for all parameters in the current update.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TOptimizer Prepare(T learningRate)
    {
        TOptimizer optimizer = _optimizer;
        optimizer.Prepare(learningRate, Numbers);
        return optimizer;
    }

    public sealed override void Note(T learningRate) => _noted.Add(Prepare(learningRate));

    public sealed override void ForgetNotes() => _noted.Clear();

    public sealed override void Reset()
    {
        foreach (AlignedBuffer<T> memory in _memory)
        {
            memory.Span.Clear();
        }

        Numbers.AsSpan().Clear();
    }

    public sealed override TResult Create<TResult>(IOptimizerFactory<T, TResult> factory) => factory.Create(this);
}

/// <summary>Applies an element-wise optimizer to parameters, vector by vector.</summary>
internal sealed unsafe class ElementwiseStep<TSimd, TVector, T, TOptimizer>(TOptimizer optimizer, int parameters)
    : ElementwiseStep<T, TOptimizer>(optimizer, parameters)
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptimizer : struct, IElementwiseOptimizer<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(T* parameters, T* gradient, T* memory, int first, int count, T learningRate)
    {
        TOptimizer optimizer = Prepare(learningRate);
        memory += first;
        for (int i = 0; i < count; i += TSimd.Count)
        {
            ElementwiseUpdate<TSimd, TVector, T, TOptimizer>.Run(
                optimizer, parameters + i, TSimd.Load(gradient + i), memory + i, Distance);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void CatchUp(T* parameters, T* memory, int first, int count, int from)
    {
        ReadOnlySpan<TOptimizer> optimizers = Noted[from..];
        memory += first;
        for (int i = 0; i < count; i += TSimd.Count)
        {
            // Many updates of one vector, which stays in registers.
            TVector w = TSimd.Load(parameters + i);
            ElementwiseUpdate<TSimd, TVector, T, TOptimizer>.Load(memory + i, Distance, out TVector m0, out TVector m1, out TVector m2);
            foreach (TOptimizer optimizer in optimizers)
            {
                w = optimizer.Update<TSimd, TVector>(w, default, ref m0, ref m1, ref m2);
            }

            TSimd.Store(w, parameters + i);
            ElementwiseUpdate<TSimd, TVector, T, TOptimizer>.Store(memory + i, Distance, m0, m1, m2);
        }
    }
}

/// <summary>The update of one vector of parameters in memory.</summary>
internal static unsafe class ElementwiseUpdate<TSimd, TVector, T, TOptimizer>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptimizer : struct, IElementwiseOptimizer<T>
{
    /// <summary>Updates the parameters. Their state begins at <paramref name="memory"/>, and its numbers are <paramref name="distance"/>
    /// apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(TOptimizer optimizer, T* parameters, TVector gradient, T* memory, nint distance) =>
        Run(optimizer, parameters, TSimd.Load(parameters), gradient, memory, distance);

    /// <summary>The same, if the parameters w are already loaded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(TOptimizer optimizer, T* parameters, TVector w, TVector gradient, T* memory, nint distance)
    {
        Load(memory, distance, out TVector m0, out TVector m1, out TVector m2);
        TSimd.Store(optimizer.Update<TSimd, TVector>(w, gradient, ref m0, ref m1, ref m2), parameters);
        Store(memory, distance, m0, m1, m2);
    }

    /// <summary>Loads the state of one vector of parameters: as many numbers for each as the optimizer has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(T* memory, nint distance, out TVector m0, out TVector m1, out TVector m2)
    {
        m0 = TOptimizer.Memories > 0 ? TSimd.Load(memory) : default;
        m1 = TOptimizer.Memories > 1 ? TSimd.Load(memory + distance) : default;
        m2 = TOptimizer.Memories > 2 ? TSimd.Load(memory + (2 * distance)) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* memory, nint distance, TVector m0, TVector m1, TVector m2)
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

/// <summary>Creates the step of an element-wise optimizer with the instructions of a kernel.</summary>
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
/// The arithmetic of an optimizer that updates each parameter independently. The struct holds the parameters of the optimizer;
/// <see cref="ElementwiseStep{TSimd, TVector, T, TOptimizer}"/> applies it to the parameters of the network and keeps the state.
/// </summary>
internal interface IElementwiseOptimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of state numbers for each parameter, 0 to 3. They begin as 0.</summary>
    static abstract int Memories { get; }

    /// <summary>Computes, in a copy of the struct, the values that are the same for many parameters.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="numbers">As <see cref="ICountingOptimizer.Begin"/> left them; empty for other optimizers.</param>
    void Prepare(T learningRate, ReadOnlySpan<double> numbers);

    /// <summary>
    /// The new values of one vector of parameters w with the gradient g and up to three state numbers. In padding, g is 0 and w must stay
    /// 0.
    /// </summary>
    TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged;
}

/// <summary>An <see cref="IElementwiseOptimizer{T}"/> that also remembers single numbers, such as a count of updates.</summary>
internal interface ICountingOptimizer
{
    /// <summary>The number of these numbers. They begin as 0.</summary>
    int Numbers { get; }

    /// <summary>Updates the numbers, once in each update; <paramref name="loss"/> is the mean loss of the batch before it.</summary>
    void Begin(Span<double> numbers, double loss);
}
