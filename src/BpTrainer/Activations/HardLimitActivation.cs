using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>
    /// The hard limit, f(z) = 1 for z ≥ 0, else 0: the unit of McCulloch and Pitts (1943). It predicts with weights that are
    /// given; its derivative is 0, so that no network with it can be trained by gradients.
    /// </summary>
    public static Activation HardLimit { get; } = new HardLimitActivation();
}

/// <summary>f(z) = 1 where z ≥ 0, else 0; f′ = 0.</summary>
internal sealed record HardLimitActivation() : Activation("hard-limit")
{
    public static ActivationForm Form { get; } = new("hard-limit", [], _ => HardLimit);

    internal override bool CanLearn => false;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            // The inner choice is between 1 and z = NaN, which is less than nothing and stays.
            TVector one = TSimd.Broadcast(T.One);
            TVector limit = TSimd.SelectLess(TSimd.Subtract(default, one), z, one, z);
            return TSimd.SelectLess(z, default, default, limit);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => default;
    }
}
