using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>f(z) = 1 / (1 + e^(−z)), f′ = a(1 − a).</summary>
internal sealed record LogisticActivation() : Activation("logistic")
{
    internal override bool YieldsProbabilities => true;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            // With e = e^(−|z|), which never overflows: 1 / (1 + e) for z ≥ 0, else e / (1 + e).
            TVector one = TSimd.Broadcast(T.One);
            TVector e = VectorMath<TSimd, TVector, T>.ExpOfNegative(TSimd.Subtract(default, TSimd.Abs(z)));
            return TSimd.Divide(TSimd.SelectLess(z, default, e, one), TSimd.Add(one, e));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged =>
            TSimd.Multiply(a, TSimd.Subtract(TSimd.Broadcast(T.One), a));
    }
}
