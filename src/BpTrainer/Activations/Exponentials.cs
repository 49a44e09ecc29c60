namespace BpTrainer.Activations;

/// <summary>f(z) = z where z &gt; 0, else α(e^z − 1); f′ = 1 where a &gt; 0, else a + α.</summary>
internal sealed record EluActivation(double Alpha) : Activation("elu", Initializer.He)
{
    public override IReadOnlyList<double> Parameters => [Alpha];

    internal override (double Lowest, double Highest) Range => (-Alpha, double.PositiveInfinity);

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) =>
        ElementwiseFactory<T, ExponentialLinear<T>>.For(kernel, new(T.One, T.CreateChecked(Alpha)));
}

/// <summary>f(z) = λz where z &gt; 0, else λα(e^z − 1); f′ = λ where a &gt; 0, else a + λα.</summary>
internal sealed record SeluActivation() : Activation("selu", Initializer.LeCunNormal)
{
    /// <summary>λ of the paper.</summary>
    private const double Lambda = 1.0507009873554805;

    /// <summary>α of the paper.</summary>
    private const double Alpha = 1.6732632423543772;

    internal override (double Lowest, double Highest) Range => (-Lambda * Alpha, double.PositiveInfinity);

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) =>
        ElementwiseFactory<T, ExponentialLinear<T>>.For(kernel, new(T.CreateTruncating(Lambda), T.CreateTruncating(Lambda * Alpha)));
}

/// <summary>scale · z where z &gt; 0, else depth · (e^z − 1).</summary>
internal readonly struct ExponentialLinear<T>(T scale, T depth) : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Value<TSimd, TVector>(TVector z) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged
    {
        TVector m = VectorMath<TSimd, TVector, T>.ExpMinus1OfNegative(TSimd.SelectLess(z, default, z, default));
        return TSimd.SelectLess(z, default, TSimd.Multiply(m, TSimd.Broadcast(depth)), TSimd.Multiply(z, TSimd.Broadcast(scale)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TSimd, TVector>(TVector a) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
        TSimd.SelectLess(default, a, TSimd.Broadcast(scale), TSimd.Add(a, TSimd.Broadcast(depth)));
}

/// <summary>f(z) = e^z, f′ = a.</summary>
internal sealed record ExponentialActivation() : Activation("exponential")
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
            // With e = e^(−|z|/2): e² for z < 0, else (1/e)². The exponent is halved so that e is a normal number.
            TVector half = TSimd.Multiply(TSimd.Abs(z), TSimd.Broadcast(T.CreateTruncating(-0.5)));
            TVector e = VectorMath<TSimd, TVector, T>.ExpOfNegative(half);
            TVector root = TSimd.SelectLess(z, default, e, TSimd.Divide(TSimd.Broadcast(T.One), e));
            return TSimd.Multiply(root, root);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Derivative<TSimd, TVector>(TVector a) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged => a;
    }
}
