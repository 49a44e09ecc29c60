using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>The identity, f(z) = z. The usual output of regression.</summary>
    public static Activation Linear { get; } = new LinearActivation();
}

/// <summary>f(z) = z, f′ = 1.</summary>
internal sealed record LinearActivation() : Activation("linear")
{
    public static ActivationForm Form { get; } = new("linear", [], _ => Linear);

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => z;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => TSimd.Broadcast(T.One);
    }
}
