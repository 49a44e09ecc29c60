using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>
    /// The leaky rectified linear unit, f(z) = z for z &gt; 0, else slope·z: no unit falls silent for good
    /// (Maas, Hannun and Ng, ICML 2013).
    /// </summary>
    /// <param name="slope">The slope for negative net inputs; finite and above 0. Default 0.01.</param>
    /// <returns>The activation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slope"/> is not a finite number above 0.</exception>
    public static Activation LeakyReLU(double slope = LeakyReLUActivation.DefaultSlope) => new LeakyReLUActivation(Guard.PositiveFinite(slope));
}

/// <summary>f(z) = z where z &gt; 0, else s·z; f′ = 1 where a &gt; 0, else s. For s &gt; 0 the output has the sign of z.</summary>
internal sealed record LeakyReLUActivation(double Slope) : Activation("leaky-relu")
{
    public const double DefaultSlope = 0.01;

    public static ActivationForm Form { get; } = new("leaky-relu", [DefaultSlope], p => LeakyReLU(p[0]));

    public override IReadOnlyList<double> Parameters => [Slope];

    internal override Initializer DefaultInitializer => Initializer.He;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) =>
        ElementwiseFactory<T, Operator<T>>.For(kernel, new Operator<T>(T.CreateChecked(Slope)));

    private readonly struct Operator<T>(T slope) : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged =>
            TSimd.SelectLess(z, default, TSimd.Multiply(z, TSimd.Broadcast(slope)), z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged =>
            TSimd.SelectLess(default, a, TSimd.Broadcast(T.One), TSimd.Broadcast(slope));
    }
}
