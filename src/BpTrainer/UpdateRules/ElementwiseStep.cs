using System.Numerics;
using System.Runtime.CompilerServices;
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
    private readonly AlignedBuffer<T>[] _memory = new AlignedBuffer<T>[TRule.Memories];

    public ElementwiseStep(TRule rule, int parameters)
    {
        _rule = rule;
        _counting = rule as ICountingRule;
        Numbers = new double[_counting?.Numbers ?? 0];
        for (int k = 0; k < _memory.Length; k++)
        {
            _memory[k] = new AlignedBuffer<T>(parameters);
        }
    }

    public override IReadOnlyList<AlignedBuffer<T>> Memory => _memory;

    public override double[] Numbers { get; }

    public override void Begin(double loss) => _counting?.Begin(Numbers, loss);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(T* parameters, T* gradient, int first, int count, T learningRate)
    {
        TRule rule = _rule;
        rule.Prepare(learningRate, Numbers);
        T* memory0 = TRule.Memories > 0 ? _memory[0].Pointer + first : null;
        T* memory1 = TRule.Memories > 1 ? _memory[1].Pointer + first : null;
        T* memory2 = TRule.Memories > 2 ? _memory[2].Pointer + first : null;
        for (int i = 0; i < count; i += TSimd.Count)
        {
            Update(rule, parameters + i, TSimd.Load(gradient + i), memory0 + i, memory1 + i, memory2 + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ApplyOuterProduct(
        T* parameters, int first, T* factors, int rows, T* vector, int columns, T learningRate)
    {
        TRule rule = _rule;
        rule.Prepare(learningRate, Numbers);
        T* weights = parameters + first;
        T* memory0 = TRule.Memories > 0 ? _memory[0].Pointer + first : null;
        T* memory1 = TRule.Memories > 1 ? _memory[1].Pointer + first : null;
        T* memory2 = TRule.Memories > 2 ? _memory[2].Pointer + first : null;
        for (int row = 0; row < rows; row++)
        {
            TVector factor = TSimd.Broadcast(factors[row]);
            for (int c = 0; c < columns; c += TSimd.Count)
            {
                TVector gradient = TSimd.Multiply(factor, TSimd.Load(vector + c));
                Update(rule, weights + c, gradient, memory0 + c, memory1 + c, memory2 + c);
            }

            weights += columns;
            memory0 += columns;
            memory1 += columns;
            memory2 += columns;
        }
    }

    public override void Reset()
    {
        foreach (AlignedBuffer<T> memory in _memory)
        {
            memory.Span.Clear();
        }

        Numbers.AsSpan().Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update(TRule rule, T* parameters, TVector gradient, T* memory0, T* memory1, T* memory2)
    {
        TVector first = TRule.Memories > 0 ? TSimd.Load(memory0) : default;
        TVector second = TRule.Memories > 1 ? TSimd.Load(memory1) : default;
        TVector third = TRule.Memories > 2 ? TSimd.Load(memory2) : default;
        TVector updated = rule.Update<TSimd, TVector>(TSimd.Load(parameters), gradient, ref first, ref second, ref third);
        TSimd.Store(updated, parameters);
        if (TRule.Memories > 0)
        {
            TSimd.Store(first, memory0);
        }

        if (TRule.Memories > 1)
        {
            TSimd.Store(second, memory1);
        }

        if (TRule.Memories > 2)
        {
            TSimd.Store(third, memory2);
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
