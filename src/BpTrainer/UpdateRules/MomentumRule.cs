using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// Δw ← β Δw − η ∂E/∂w, w ← w + Δw. With an adaptive rate the gradient is also multiplied by β, as MATLAB's traingdx has it:
/// dX = mc·dXprev + lr·mc·dperf/dX.
/// </summary>
internal sealed record MomentumRule(double Coefficient) : StepRule
{
    public const double DefaultMomentum = 0.9;

    private protected override string Method => "momentum";

    internal override void Validate()
    {
        base.Validate();
        Guard.InRange(Coefficient, 0, 1, nameof(Momentum));
        if (Rate is not null && Coefficient == 0)
        {
            throw Guard.OutOfRange(nameof(Momentum), Coefficient, "above 0 with an adaptive rate, whose steps are multiplied by it; UpdateRule.Adaptive works without momentum");
        }
    }

    internal override int NumbersPerParameter => Step<float>.Memories;

    internal override UpdateStep<T> CreateStep<T>(int parameters, KernelKind kernel) => ElementwiseStepFactory<T, Step<T>>.For(
        new Step<T>(T.CreateChecked(Coefficient), T.CreateChecked(Rate is null ? 1 : Coefficient)), parameters, kernel);

    /// <summary>Remembers Δw.</summary>
    private struct Step<T>(T momentum, T gradientFactor) : IElementwiseRule<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _momentum = momentum;
        private readonly T _gradientFactor = gradientFactor;
        private T _factor;

        public static int Memories => 1;

        public void Prepare(T learningRate, ReadOnlySpan<double> numbers) => _factor = -learningRate * _gradientFactor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            first = TSimd.MultiplyAdd(TSimd.Broadcast(_momentum), first, TSimd.Multiply(TSimd.Broadcast(_factor), g));
            return TSimd.Add(w, first);
        }
    }
}
