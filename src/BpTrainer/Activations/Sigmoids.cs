namespace BpTrainer.Activations;

/// <summary>f(z) = A / (1 + e^(−z/B)), f′ = a(A − a) / (AB).</summary>
internal sealed record LogisticActivation(double Amplitude, double Steepness) : Activation("logistic")
{
    public override IReadOnlyList<double> Parameters => IsPlain ? [] : [Amplitude, Steepness];

    internal override bool YieldsProbabilities => Amplitude <= 1;

    internal override bool YieldsPositive => true;

    internal override (double Lowest, double Highest) Range => (0, Amplitude);

    private bool IsPlain => Amplitude == 1 && Steepness == 1;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => IsPlain
        ? ElementwiseFactory<T, Plain<T>>.For(kernel)
        : ElementwiseFactory<T, Scaled<T>>.For(kernel, new Scaled<T>(Amplitude, Steepness));

    private readonly struct Plain<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged
        {
            // With e = e^(−|z|), which never overflows: 1 / (1 + e) for z ≥ 0, else e / (1 + e).
            TVector one = TSimd.Broadcast(T.One);
            TVector e = VectorMath<TSimd, TVector, T>.ExpOfNegative(TSimd.Subtract(default, TSimd.Abs(z)));
            return TSimd.Divide(TSimd.SelectLess(z, default, e, one), TSimd.Add(one, e));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Derivative<TSimd, TVector>(TVector a) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            TSimd.Multiply(a, TSimd.Subtract(TSimd.Broadcast(T.One), a));
    }

    private readonly struct Scaled<T>(double amplitude, double steepness) : IElementwise<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _amplitude = T.CreateChecked(amplitude);
        private readonly T _steepness = T.CreateChecked(steepness);
        private readonly T _slope = T.CreateChecked(1 / (amplitude * steepness));

        public static bool KeepsZero => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            TSimd.Multiply(
                TSimd.Broadcast(_amplitude), default(Plain<T>).Value<TSimd, TVector>(TSimd.Divide(z, TSimd.Broadcast(_steepness))));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Derivative<TSimd, TVector>(TVector a) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            TSimd.Multiply(TSimd.Multiply(a, TSimd.Broadcast(_slope)), TSimd.Subtract(TSimd.Broadcast(_amplitude), a));
    }
}

/// <summary>f(z) = tanh z = −sign(z)·m / (2 + m) with m = e^(−2|z|) − 1, f′ = 1 − a².</summary>
internal sealed record TanhActivation() : Activation("tanh")
{
    internal override (double Lowest, double Highest) Range => (-1, 1);

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged
        {
            if (typeof(T) == typeof(float))
            {
                return VectorMath<TSimd, TVector, T>.TanhOfSingle(z);
            }

            TVector m = VectorMath<TSimd, TVector, T>.ExpMinus1OfNegative(
                TSimd.Multiply(TSimd.Abs(z), TSimd.Broadcast(T.CreateTruncating(-2))));
            TVector magnitude = TSimd.Divide(m, TSimd.Add(TSimd.Broadcast(T.CreateTruncating(2)), m));
            return TSimd.CopySign(magnitude, z);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Derivative<TSimd, TVector>(TVector a) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            TSimd.Subtract(TSimd.Broadcast(T.One), TSimd.Multiply(a, a));
    }
}
