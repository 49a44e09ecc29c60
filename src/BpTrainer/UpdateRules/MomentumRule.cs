using System.Numerics;
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

    internal override UpdateStep<T> CreateStep<T>(int parameters) =>
        new Step<T>(parameters, T.CreateChecked(Coefficient), T.CreateChecked(Rate is null ? 1 : Coefficient));

    private sealed unsafe class Step<T>(int parameters, T momentum, T gradientFactor) : UpdateStep<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly AlignedBuffer<T> _velocity = new(parameters);

        public override void Apply(T* parameters, T* gradient, int first, int count, T learningRate)
        {
            T* velocity = _velocity.Pointer + first;
            T rate = learningRate * gradientFactor;
            for (int i = 0; i < count; i++)
            {
                velocity[i] = (momentum * velocity[i]) - (rate * gradient[i]);
                parameters[i] += velocity[i];
            }
        }

        public override void Reset() => _velocity.Span.Clear();
    }
}
