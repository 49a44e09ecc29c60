using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>Runs an element-wise update rule over parameters, vector by vector, and keeps its memory.</summary>
internal sealed unsafe class ElementwiseStep<TSimd, TVector, T, TRule> : UpdateStep<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : struct, IElementwiseRule<T>
{
    private readonly TRule _rule;
    private readonly ICountingRule? _counting;
    private readonly AlignedBuffer<T>[] _memory;
    private readonly int _distance;
    private readonly List<TRule> _noted = [];

    public ElementwiseStep(TRule rule, int parameters)
    {
        _rule = rule;
        _counting = rule as ICountingRule;
        Numbers = new double[_counting?.Numbers ?? 0];
        _memory = AlignedBuffer<T>.InARow(TRule.Memories, parameters);
        _distance = AlignedBuffer<T>.Pad(parameters);
    }

    public override IReadOnlyList<AlignedBuffer<T>> Memory => _memory;

    public override double[] Numbers { get; }

    public override bool CanCatchUp => true;

    public override void Begin(double loss) => _counting?.Begin(Numbers, loss);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(T* parameters, T* gradient, T* memory, int first, int count, T learningRate)
    {
        TRule rule = _rule;
        rule.Prepare(learningRate, Numbers);
        memory += first;
        for (int i = 0; i < count; i += TSimd.Count)
        {
            Update(rule, parameters + i, TSimd.Load(gradient + i), memory + i, _distance);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ApplyOuterProduct(
        T* parameters, T* memory, int first, T* factors, int rows, T* vector, int columns, T learningRate)
    {
        TRule rule = _rule;
        rule.Prepare(learningRate, Numbers);
        parameters += first;
        memory += first;
        for (int row = 0; row < rows; row++)
        {
            TVector factor = TSimd.Broadcast(factors[row]);
            for (int c = 0; c < columns; c += TSimd.Count)
            {
                Update(rule, parameters + c, TSimd.Multiply(factor, TSimd.Load(vector + c)), memory + c, _distance);
            }

            parameters += columns;
            memory += columns;
        }
    }

    public override void Note(T learningRate)
    {
        TRule rule = _rule;
        rule.Prepare(learningRate, Numbers);
        _noted.Add(rule);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void CatchUp(T* parameters, T* memory, int first, int count, int from)
    {
        ReadOnlySpan<TRule> rules = CollectionsMarshal.AsSpan(_noted)[from..];
        memory += first;
        for (int i = 0; i < count; i += TSimd.Count)
        {
            CatchUp(rules, parameters + i, memory + i, _distance);
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
    private static void CatchUp(ReadOnlySpan<TRule> rules, T* parameters, T* memory, nint distance)
    {
        TVector w = TSimd.Load(parameters);
        TVector first = TRule.Memories > 0 ? TSimd.Load(memory) : default;
        TVector second = TRule.Memories > 1 ? TSimd.Load(memory + distance) : default;
        TVector third = TRule.Memories > 2 ? TSimd.Load(memory + (2 * distance)) : default;
        foreach (TRule rule in rules)
        {
            w = rule.Update<TSimd, TVector>(w, default, ref first, ref second, ref third);
        }

        TSimd.Store(w, parameters);
        if (TRule.Memories > 0)
        {
            TSimd.Store(first, memory);
        }

        if (TRule.Memories > 1)
        {
            TSimd.Store(second, memory + distance);
        }

        if (TRule.Memories > 2)
        {
            TSimd.Store(third, memory + (2 * distance));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update(TRule rule, T* parameters, TVector gradient, T* memory, nint distance)
    {
        TVector first = TRule.Memories > 0 ? TSimd.Load(memory) : default;
        TVector second = TRule.Memories > 1 ? TSimd.Load(memory + distance) : default;
        TVector third = TRule.Memories > 2 ? TSimd.Load(memory + (2 * distance)) : default;
        TVector updated = rule.Update<TSimd, TVector>(TSimd.Load(parameters), gradient, ref first, ref second, ref third);
        TSimd.Store(updated, parameters);
        if (TRule.Memories > 0)
        {
            TSimd.Store(first, memory);
        }

        if (TRule.Memories > 1)
        {
            TSimd.Store(second, memory + distance);
        }

        if (TRule.Memories > 2)
        {
            TSimd.Store(third, memory + (2 * distance));
        }
    }
}

/// <summary>Makes the driver of an element-wise update rule.</summary>
internal readonly struct ElementwiseStepFactory<T, TRule>(TRule rule, int parameters) : ISimdFactory<T, UpdateStep<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : struct, IElementwiseRule<T>
{
    public UpdateStep<T> Create<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged => new ElementwiseStep<TSimd, TVector, T, TRule>(rule, parameters);

    public static UpdateStep<T> For(TRule rule, int parameters, KernelKind kernel) =>
        Kernel.Create<T, UpdateStep<T>, ElementwiseStepFactory<T, TRule>>(kernel, new(rule, parameters));
}
