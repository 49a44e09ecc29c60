using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// Δw ← β Δw − η ∂E/∂w, w ← w + Δw. With an adaptive rate the gradient is also multiplied by β, as MATLAB's traingdx has it:
/// dX = mc·dXprev + lr·mc·dperf/dX.
/// </summary>
internal sealed record MomentumRule(double Coefficient) : UpdateRule
{
    public const double DefaultMomentum = 0.9;

    internal override void Validate()
    {
        base.Validate();
        Guard.InRange(Coefficient, 0, 1, nameof(Momentum));
        if (Rate is not null && Coefficient == 0)
        {
            throw Guard.OutOfRange(nameof(Momentum), Coefficient, "above 0 with an adaptive rate, whose steps are multiplied by it; UpdateRule.Adaptive works without momentum");
        }
    }

    internal override int NumbersPerParameter => 1;

    internal override UpdateStep<T> CreateStep<T>(int parameters, KernelKind kernel) =>
        Kernel.Create<T, UpdateStep<T>, Factory<T>>(kernel, new Factory<T>(this, parameters));

    private readonly struct Factory<T>(MomentumRule rule, int parameters) : ISimdFactory<T, UpdateStep<T>>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public UpdateStep<T> Create<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => new Step<TSimd, TVector, T>(
                parameters, T.CreateChecked(rule.Coefficient), T.CreateChecked(rule.Rate is null ? 1 : rule.Coefficient));
    }

    private sealed unsafe class Step<TSimd, TVector, T>(int parameters, T momentum, T gradientFactor) : UpdateStep<T>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly AlignedBuffer<T> _velocity = new(parameters);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Apply(T* parameters, T* gradient, int first, int count, T learningRate)
        {
            T* velocity = _velocity.Pointer + first;
            TVector kept = TSimd.Broadcast(momentum);
            TVector rate = TSimd.Broadcast(-learningRate * gradientFactor);
            for (int i = 0; i < count; i += TSimd.Count)
            {
                TVector step = TSimd.MultiplyAdd(
                    kept, TSimd.Load(velocity + i), TSimd.Multiply(rate, TSimd.Load(gradient + i)));
                TSimd.Store(step, velocity + i);
                TSimd.Store(TSimd.Add(TSimd.Load(parameters + i), step), parameters + i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void ApplyOuterProduct(
            T* parameters, int first, T* factors, int rows, T* vector, int columns, T learningRate)
        {
            T* weights = parameters + first;
            T* velocity = _velocity.Pointer + first;
            TVector kept = TSimd.Broadcast(momentum);
            for (int row = 0; row < rows; row++, weights += columns, velocity += columns)
            {
                TVector rate = TSimd.Broadcast(-learningRate * gradientFactor * factors[row]);
                for (int c = 0; c < columns; c += TSimd.Count)
                {
                    TVector step = TSimd.MultiplyAdd(
                        kept, TSimd.Load(velocity + c), TSimd.Multiply(rate, TSimd.Load(vector + c)));
                    TSimd.Store(step, velocity + c);
                    TSimd.Store(TSimd.Add(TSimd.Load(weights + c), step), weights + c);
                }
            }
        }

        public override void Reset() => _velocity.Span.Clear();
    }
}
