using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>
    /// The exponential linear unit, f(z) = z for z &gt; 0, else α(e^z − 1), with outputs above −α
    /// (Clevert, Unterthiner and Hochreiter, ICLR 2016).
    /// </summary>
    /// <param name="alpha">α; finite and above 0. Default 1.</param>
    /// <returns>The activation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not a finite number above 0.</exception>
    public static Activation Elu(double alpha = 1) => new EluActivation(Guard.PositiveFinite(alpha));
}

/// <summary>f(z) = z where z &gt; 0, else α(e^z − 1); f′ = 1 where a &gt; 0, else a + α.</summary>
internal sealed record EluActivation(double Alpha) : Activation("elu")
{
    public static ActivationForm Form { get; } = new("elu", [1], p => Elu(p[0]));

    public override IReadOnlyList<double> Parameters => [Alpha];

    internal override Initializer DefaultInitializer => Initializer.He;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) =>
        ElementwiseFactory<T, Operator<T>>.For(kernel, new Operator<T>(T.CreateChecked(Alpha)));

    private readonly struct Operator<T>(T alpha) : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            TVector m = VectorMath<TSimd, TVector, T>.ExpMinus1OfNegative(TSimd.SelectLess(z, default, z, default));
            return TSimd.SelectLess(z, default, TSimd.Multiply(m, TSimd.Broadcast(alpha)), z);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged =>
            TSimd.SelectLess(default, a, TSimd.Broadcast(T.One), TSimd.Add(a, TSimd.Broadcast(alpha)));
    }
}
