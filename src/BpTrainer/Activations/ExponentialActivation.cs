using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>
    /// The exponential function, f(z) = e^z, with outputs above 0; infinite beyond z = 88 (float) or 709 (double). The output
    /// of a regression with <see cref="Loss.Poisson"/>, whose log link it is.
    /// </summary>
    public static Activation Exponential { get; } = new ExponentialActivation();
}

/// <summary>f(z) = e^z, f′ = a.</summary>
internal sealed record ExponentialActivation() : Activation("exponential")
{
    public static ActivationForm Form { get; } = new("exponential", [], _ => Exponential);

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
            // With e = e^(−|z|/2): e² for z < 0, else (1/e)². Halved, the exponent stays where e is a normal number.
            TVector half = TSimd.Multiply(TSimd.Abs(z), TSimd.Broadcast(T.CreateTruncating(-0.5)));
            TVector e = VectorMath<TSimd, TVector, T>.ExpOfNegative(half);
            TVector root = TSimd.SelectLess(z, default, e, TSimd.Divide(TSimd.Broadcast(T.One), e));
            return TSimd.Multiply(root, root);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => a;
    }
}
