using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>Softplus, f(z) = ln(1 + e^z), a smooth ReLU with outputs above 0 (Dugas et al., NIPS 2000).</summary>
    public static Activation Softplus { get; } = new SoftplusActivation();
}

/// <summary>f(z) = max(z, 0) + ln(1 + e^(−|z|)); f′ = 1 / (1 + e^(−z)) = 1 − e^(−a).</summary>
internal sealed record SoftplusActivation() : Activation("softplus")
{
    public static ActivationForm Form { get; } = new("softplus", [], _ => Softplus);

    internal override bool YieldsPositive => true;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            TVector e = VectorMath<TSimd, TVector, T>.ExpOfNegative(TSimd.Subtract(default, TSimd.Abs(z)));
            return TSimd.Add(TSimd.SelectLess(z, default, default, z), VectorMath<TSimd, TVector, T>.LogOf1PlusShare(e));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged =>
            TSimd.Subtract(default, VectorMath<TSimd, TVector, T>.ExpMinus1OfNegative(TSimd.Subtract(default, a)));
    }
}
