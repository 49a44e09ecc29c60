using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>
    /// The sigmoid-weighted linear unit or swish, f(z) = z / (1 + e^(−z))
    /// (Elfwing, Uchibe and Doya, Neural Networks 107, 2018).
    /// </summary>
    public static Activation SiLU { get; } = new SiLUActivation();
}

/// <summary>f(z) = z·s with s = 1 / (1 + e^(−z)); f′ = s(1 + z(1 − s)).</summary>
internal sealed record SiLUActivation() : Activation("silu")
{
    /// <summary>From here on s is 0 or 1 to the last bit, in double too.</summary>
    private const double Far = 1000;

    public static ActivationForm Form { get; } = new("silu", [], _ => SiLU);

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
            TVector s = VectorMath<TSimd, TVector, T>.Logistic(near, out TVector rest);
            derivative = TSimd.Multiply(s, TSimd.MultiplyAdd(near, rest, one));
            return TSimd.Multiply(z, s);
        }
    }
}
