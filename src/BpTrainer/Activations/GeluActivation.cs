using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>
    /// The Gaussian error linear unit in its tanh form, f(z) = ½ z (1 + tanh(√(2/π) (z + 0.044715 z³))), which differs by less
    /// than 0.0005 from z·Φ(z) with the normal distribution Φ and costs one exponential
    /// (Hendrycks and Gimpel, arXiv:1606.08415). Value and derivative both are those of the tanh form.
    /// </summary>
    public static Activation Gelu { get; } = new GeluActivation();
}

/// <summary>
/// f(z) = z·s with s = 1 / (1 + e^(−2u)), u = √(2/π)(z + 0.044715 z³), since ½(1 + tanh u) = s;
/// f′ = s(1 + 2u′z(1 − s)) with u′ = √(2/π)(1 + 3·0.044715 z²).
/// </summary>
internal sealed record GeluActivation() : Activation("gelu")
{
    /// <summary>2√(2/π).</summary>
    private const double TwiceRoot = 1.5957691216057308;

    private const double Cubic = 0.044715;

    /// <summary>From here on s is 0 or 1 to the last bit, in double too, and the terms with z² and z³ are left finite.</summary>
    private const double Far = 30;

    public static ActivationForm Form { get; } = new("gelu", [], _ => Gelu);

    internal override Initializer DefaultInitializer => Initializer.He;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => SlopedElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : ISlopedElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value<TSimd, TVector>(TVector z, out TVector derivative)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            TVector one = TSimd.Broadcast(T.One);
            TVector far = TSimd.Broadcast(T.CreateTruncating(Far));
            TVector low = TSimd.Broadcast(T.CreateTruncating(-Far));
            z = TSimd.SelectLess(z, low, low, z);
            TVector near = TSimd.SelectLess(far, z, far, z);
            TVector square = TSimd.Multiply(near, near);
            TVector factor = TSimd.Broadcast(T.CreateTruncating(TwiceRoot * Cubic));
            TVector root = TSimd.Broadcast(T.CreateTruncating(TwiceRoot));
            TVector twiceU = TSimd.Multiply(near, TSimd.MultiplyAdd(square, factor, root));
            TVector s = VectorMath<TSimd, TVector, T>.Logistic(twiceU, out TVector rest);
            TVector slopeOfU = TSimd.MultiplyAdd(square, TSimd.Broadcast(T.CreateTruncating(3 * TwiceRoot * Cubic)), root);
            derivative = TSimd.Multiply(s, TSimd.MultiplyAdd(TSimd.Multiply(slopeOfU, near), rest, one));
            return TSimd.Multiply(z, s);
        }
    }
}
