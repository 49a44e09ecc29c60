using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>The rectified linear unit, f(z) = max(0, z).</summary>
    public static Activation ReLU { get; } = new ReLUActivation();
}

/// <summary>f(z) = max(0, z), f′ = 1 where z &gt; 0, else 0.</summary>
internal sealed record ReLUActivation() : Activation("relu")
{
    public static ActivationForm Form { get; } = new("relu", [], _ => ReLU);

    internal override Initializer DefaultInitializer => Initializer.He;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => TSimd.SelectLess(z, default, default, z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged =>
            TSimd.SelectLess(default, a, TSimd.Broadcast(T.One), default);
    }
}
