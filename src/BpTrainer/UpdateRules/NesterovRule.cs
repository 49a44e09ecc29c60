using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// Δw ← β Δw − η ∂E/∂w, w ← w + β Δw − η ∂E/∂w: Nesterov's method with w at the point that looks ahead, as scikit-learn
/// and Sutskever et al. (ICML 2013) have it.
/// </summary>
internal sealed record NesterovRule(double Coefficient) : StepRule
{
    private protected override string Method => "nesterov";

    internal override int NumbersPerParameter => Step<float>.Memories;

    internal override void Validate()
    {
        base.Validate();
        Guard.InRange(Coefficient, 0, 1, nameof(Momentum));
    }

    internal override UpdateStep<T> CreateStep<T>(int parameters, KernelKind kernel) =>
        ElementwiseStepFactory<T, Step<T>>.For(new Step<T>(T.CreateChecked(Coefficient)), parameters, kernel);

    /// <summary>Remembers Δw.</summary>
    private struct Step<T>(T momentum) : IElementwiseRule<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _momentum = momentum;
        private T _factor;

        public static int Memories => 1;

        public void Prepare(T learningRate, ReadOnlySpan<double> numbers) => _factor = -learningRate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            TVector momentum = TSimd.Broadcast(_momentum);
            TVector slope = TSimd.Multiply(TSimd.Broadcast(_factor), g);
            first = TSimd.MultiplyAdd(momentum, first, slope);
            return TSimd.Add(w, TSimd.MultiplyAdd(momentum, first, slope));
        }
    }
}
