namespace BpTrainer.Activations;

/// <summary>f(z) = max(0, z), f′ = 1 where z &gt; 0, else 0.</summary>
internal sealed record ReLUActivation() : Activation("relu", Initializer.He)
{
    internal override (double Lowest, double Highest) Range => (0, double.PositiveInfinity);

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            TSimd.SelectLess(z, default, default, z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Derivative<TSimd, TVector>(TVector a) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            TSimd.SelectLess(default, a, TSimd.Broadcast(T.One), default);
    }
}

/// <summary>f(z) = z where z &gt; 0, else s·z; f′ = 1 where a &gt; 0, else s. For s &gt; 0 the output has the sign of z.</summary>
internal sealed record LeakyReLUActivation(double Slope) : Activation("leaky-relu", Initializer.He)
{
    public const double DefaultSlope = 0.01;

    public override IReadOnlyList<double> Parameters => [Slope];

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) =>
        ElementwiseFactory<T, Operator<T>>.For(kernel, new Operator<T>(T.CreateChecked(Slope)));

    private readonly struct Operator<T>(T slope) : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            TSimd.SelectLess(z, default, TSimd.Multiply(z, TSimd.Broadcast(slope)), z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Derivative<TSimd, TVector>(TVector a) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            TSimd.SelectLess(default, a, TSimd.Broadcast(T.One), TSimd.Broadcast(slope));
    }
}

/// <summary>f(z) = z, f′ = 1.</summary>
internal sealed record LinearActivation() : Activation("linear")
{
    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => new Function<T>();

    /// <summary>Leaves z and δ unchanged.</summary>
    private sealed unsafe class Function<T> : ActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Apply(T* values, T* slopes, T* cache, int rows, int columns, nint stride)
        {
        }

        public override void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* cache, int rows, int columns, nint stride)
        {
        }

        public override TResult Create<TResult>(IElementwiseFactory<T, TResult> factory) =>
            factory.Create(default(Identity<T>), called: null);
    }
}

/// <summary>f(z) = z, f′ = 1, for code that contains its activation.</summary>
internal readonly struct Identity<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Value<TSimd, TVector>(TVector z) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged => z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TSimd, TVector>(TVector a) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
        TSimd.Broadcast(T.One);
}

/// <summary>f(z) = 1 where z ≥ 0, else 0; f′ = 0.</summary>
internal sealed record HardLimitActivation() : Activation("hard-limit")
{
    internal override bool CanLearn => false;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged
        {
            // The inner selection is between 1 and z = NaN: NaN is not less than any number, so it stays.
            TVector one = TSimd.Broadcast(T.One);
            TVector limit = TSimd.SelectLess(TSimd.Subtract(default, one), z, one, z);
            return TSimd.SelectLess(z, default, default, limit);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Derivative<TSimd, TVector>(TVector a) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged => default;
    }
}

/// <summary>
/// f(z) = z where z &gt; 0, else s·z; ∂a/∂z = 1 where z &gt; 0, else s; ∂a/∂s = 0 where z &gt; 0, else z. A learned slope may become 0 or
/// negative, and then the output does not determine z, so the forward pass stores z.
/// </summary>
internal sealed record PReLUActivation(double Start) : Activation("prelu", Initializer.He)
{
    public const double DefaultSlope = 0.25;

    public override IReadOnlyList<double> Parameters => [Start];

    internal override double? InitialSlope => Start;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) =>
        Kernel.Create<T, ActivationFunction<T>, Factory<T>>(kernel, default);

    private readonly struct Factory<T> : ISimdFactory<T, ActivationFunction<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public ActivationFunction<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            new Function<TSimd, TVector, T>();
    }

    private sealed unsafe class Function<TSimd, TVector, T> : ActivationFunction<T>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool NeedsCache => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Apply(T* values, T* slopes, T* cache, int rows, int columns, nint stride)
        {
            if (cache is not null)
            {
                Unsafe.CopyBlock(cache, values, checked((uint)(rows * stride * sizeof(T))));
            }

            for (int row = 0; row < rows; row++, values += stride)
            {
                int c = 0;
                for (; c + TSimd.Count <= stride; c += TSimd.Count)
                {
                    TSimd.Store(Value<TSimd, TVector>(TSimd.Load(values + c), TSimd.Load(slopes + c)), values + c);
                }

                for (; c < columns; c++)
                {
                    values[c] = Value<SimdScalar<T>, T>(values[c], slopes[c]);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* cache, int rows, int columns, nint stride)
        {
            for (int row = 0; row < rows; row++, delta += stride, cache += stride)
            {
                int c = 0;
                for (; c + TSimd.Count <= stride; c += TSimd.Count)
                {
                    TVector z = TSimd.Load(cache + c);
                    TVector g = TSimd.Load(delta + c);
                    TSimd.Store(SlopeGradient<TSimd, TVector>(z, g), cache + c);
                    TSimd.Store(TSimd.Multiply(g, Derivative<TSimd, TVector>(z, TSimd.Load(slopes + c))), delta + c);
                }

                for (; c < columns; c++)
                {
                    T z = cache[c];
                    cache[c] = SlopeGradient<SimdScalar<T>, T>(z, delta[c]);
                    delta[c] *= Derivative<SimdScalar<T>, T>(z, slopes[c]);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV Value<TS, TV>(TV z, TV slope) where TS : struct, ISimd<TV, T> where TV : unmanaged =>
            TS.SelectLess(z, default, TS.Multiply(z, slope), z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV Derivative<TS, TV>(TV z, TV slope) where TS : struct, ISimd<TV, T> where TV : unmanaged =>
            TS.SelectLess(default, z, TS.Broadcast(T.One), slope);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV SlopeGradient<TS, TV>(TV z, TV outputGradient) where TS : struct, ISimd<TV, T> where TV : unmanaged =>
            TS.SelectLess(z, default, TS.Multiply(outputGradient, z), default);
    }
}
