using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>w ← w − η ∂E/∂w.</summary>
internal sealed record GradientDescentRule : StepRule
{
    private protected override string Method => "gradient-descent";

    internal override int NumbersPerParameter => Step<float>.Memories;

    internal override UpdateStep<T> CreateStep<T>(int parameters, KernelKind kernel) =>
        ElementwiseStepFactory<T, Step<T>>.For(default, parameters, kernel);

    private struct Step<T> : IElementwiseRule<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private T _factor;

        public static int Memories => 0;

        public void Prepare(T learningRate, ReadOnlySpan<double> numbers) => _factor = -learningRate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => TSimd.MultiplyAdd(TSimd.Broadcast(_factor), g, w);
    }
}
