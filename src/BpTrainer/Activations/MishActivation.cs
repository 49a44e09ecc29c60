using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>Mish, f(z) = z·tanh(ln(1 + e^z)) (Misra, BMVC 2020).</summary>
    public static Activation Mish { get; } = new MishActivation();
}

/// <summary>
/// f(z) = z·t with t = tanh(ln(1 + e^z)) = n / (n + q), where for g = e^(−|z|) n = g² + 2g and q = 2 if z &lt; 0, else
/// n = 1 + 2g and q = 2g²; f′ = t + z·s·(1 − t²) with s = 1 / (1 + e^(−z)) and 1 − t = q / (n + q).
/// </summary>
internal sealed record MishActivation() : Activation("mish")
{
    /// <summary>From here on t is 0 or 1 to the last bit, in double too.</summary>
    private const double Far = 1000;

    public static ActivationForm Form { get; } = new("mish", [], _ => Mish);

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
            TVector two = TSimd.Broadcast(T.CreateTruncating(2));
            TVector far = TSimd.Broadcast(T.CreateTruncating(Far));
            TVector low = TSimd.Broadcast(T.CreateTruncating(-Far));
            z = TSimd.SelectLess(z, low, low, z);
            TVector near = TSimd.SelectLess(far, z, far, z);

            TVector g = VectorMath<TSimd, TVector, T>.ExpOfNegative(TSimd.Subtract(default, TSimd.Abs(near)));
            TVector square = TSimd.Multiply(g, g);
            TVector n = TSimd.MultiplyAdd(two, g, TSimd.SelectLess(near, default, square, one));
            TVector q = TSimd.SelectLess(near, default, two, TSimd.Add(square, square));
            TVector sum = TSimd.Add(n, q);

            // One division for t, 1 − t and s: r = 1 / ((n + q)(1 + g)).
            TVector onePlusG = TSimd.Add(one, g);
            TVector r = TSimd.Divide(one, TSimd.Multiply(sum, onePlusG));
            TVector inverse = TSimd.Multiply(r, onePlusG);
            TVector t = TSimd.Multiply(n, inverse);
            TVector s = TSimd.Multiply(TSimd.Multiply(r, sum), TSimd.SelectLess(near, default, g, one));
            TVector oneMinusSquare = TSimd.Multiply(TSimd.Multiply(q, inverse), TSimd.Add(one, t));
            derivative = TSimd.MultiplyAdd(TSimd.Multiply(near, s), oneMinusSquare, t);
            return TSimd.Multiply(z, t);
        }
    }
}
