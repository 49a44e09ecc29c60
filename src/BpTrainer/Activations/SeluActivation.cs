using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>
    /// The scaled exponential linear unit, f(z) = λz for z &gt; 0, else λα(e^z − 1), with λ = 1.0507… and α = 1.6733…: from
    /// LeCun's initial weights on, outputs keep mean 0 and variance 1 through any number of layers
    /// (Klambauer, Unterthiner, Mayr and Hochreiter, NeurIPS 2017).
    /// </summary>
    public static Activation Selu { get; } = new SeluActivation();
}

/// <summary>f(z) = λz where z &gt; 0, else λα(e^z − 1); f′ = λ where a &gt; 0, else a + λα.</summary>
internal sealed record SeluActivation() : Activation("selu")
{
    /// <summary>λ of the paper.</summary>
    private const double Lambda = 1.0507009873554805;

    /// <summary>α of the paper.</summary>
    private const double Alpha = 1.6732632423543772;

    public static ActivationForm Form { get; } = new("selu", [], _ => Selu);

    internal override Initializer DefaultInitializer => Initializer.LeCunNormal;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            TVector m = VectorMath<TSimd, TVector, T>.ExpMinus1OfNegative(TSimd.SelectLess(z, default, z, default));
            return TSimd.SelectLess(
                z,
                default,
                TSimd.Multiply(m, TSimd.Broadcast(T.CreateTruncating(Lambda * Alpha))),
                TSimd.Multiply(z, TSimd.Broadcast(T.CreateTruncating(Lambda))));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged =>
            TSimd.SelectLess(
                default,
                a,
                TSimd.Broadcast(T.CreateTruncating(Lambda)),
                TSimd.Add(a, TSimd.Broadcast(T.CreateTruncating(Lambda * Alpha))));
    }
}
