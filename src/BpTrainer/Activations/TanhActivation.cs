using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>The hyperbolic tangent, f(z) = tanh z, with outputs in (−1, 1).</summary>
    public static Activation Tanh { get; } = new TanhActivation();
}

/// <summary>f(z) = tanh z = −sign(z)·m / (2 + m) with m = e^(−2|z|) − 1, f′ = 1 − a².</summary>
internal sealed record TanhActivation() : Activation("tanh")
{
    public static ActivationForm Form { get; } = new("tanh", [], _ => Tanh);

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            TVector m = VectorMath<TSimd, TVector, T>.ExpMinus1OfNegative(
                TSimd.Multiply(TSimd.Abs(z), TSimd.Broadcast(T.CreateTruncating(-2))));
            TVector magnitude = TSimd.Divide(m, TSimd.Add(TSimd.Broadcast(T.CreateTruncating(2)), m));
            return TSimd.CopySign(magnitude, z);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged =>
            TSimd.Subtract(TSimd.Broadcast(T.One), TSimd.Multiply(a, a));
    }
}
