namespace BpTrainer.Activations;

/// <summary>f(z) = max(z, 0) + ln(1 + e^(−|z|)); f′ = 1 / (1 + e^(−z)) = 1 − e^(−a).</summary>
internal sealed record SoftplusActivation() : Activation("softplus")
{
    internal override bool YieldsPositive => true;

    internal override (double Lowest, double Highest) Range => (0, double.PositiveInfinity);

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged
        {
            TVector e = VectorMath<TSimd, TVector, T>.ExpOfNegative(TSimd.Subtract(default, TSimd.Abs(z)));
            return TSimd.Add(TSimd.SelectLess(z, default, default, z), VectorMath<TSimd, TVector, T>.LogOf1PlusShare(e));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Derivative<TSimd, TVector>(TVector a) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            TSimd.Subtract(default, VectorMath<TSimd, TVector, T>.ExpMinus1OfNegative(TSimd.Subtract(default, a)));
    }
}

/// <summary>
/// f(z) = z·s with s = 1 / (1 + e^(−2u)), u = √(2/π)(z + 0.044715 z³), because ½(1 + tanh u) = s; f′ = s(1 + 2u′z(1 − s)) with u′ =
/// √(2/π)(1 + 3·0.044715 z²).
/// </summary>
internal sealed record GeluActivation() : Activation("gelu", Initializer.He)
{
    /// <summary>2√(2/π).</summary>
    private const double TwiceRoot = 1.5957691216057308;

    private const double Cubic = 0.044715;

    /// <summary>Beyond this, s is exactly 0 or 1, in double too, and the terms with z² and z³ stay finite.</summary>
    private const double Far = 30;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => SlopedElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : ISlopedElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value<TSimd, TVector>(TVector z, out TVector derivative)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            TVector one = TSimd.Broadcast(T.One);
            TVector near = VectorMath<TSimd, TVector, T>.Near(ref z, Far);
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

/// <summary>f(z) = z·s with s = 1 / (1 + e^(−z)); f′ = s(1 + z(1 − s)).</summary>
internal sealed record SiLUActivation() : Activation("silu", Initializer.He)
{
    /// <summary>From here on s is 0 or 1 to the last bit, in double too.</summary>
    private const double Far = 1000;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => SlopedElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : ISlopedElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value<TSimd, TVector>(TVector z, out TVector derivative)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            TVector one = TSimd.Broadcast(T.One);
            TVector near = VectorMath<TSimd, TVector, T>.Near(ref z, Far);
            TVector s = VectorMath<TSimd, TVector, T>.Logistic(near, out TVector rest);
            derivative = TSimd.Multiply(s, TSimd.MultiplyAdd(near, rest, one));
            return TSimd.Multiply(z, s);
        }
    }
}

/// <summary>
/// f(z) = z·t with t = tanh(ln(1 + e^z)) = n / (n + q), where for g = e^(−|z|) n = g² + 2g and q = 2 if z &lt; 0, else n = 1 + 2g and q =
/// 2g²; f′ = t + z·s·(1 − t²) with s = 1 / (1 + e^(−z)) and 1 − t = q / (n + q).
/// </summary>
internal sealed record MishActivation() : Activation("mish", Initializer.He)
{
    /// <summary>From here on t is 0 or 1 to the last bit, in double too.</summary>
    private const double Far = 1000;

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
            TVector near = VectorMath<TSimd, TVector, T>.Near(ref z, Far);

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
