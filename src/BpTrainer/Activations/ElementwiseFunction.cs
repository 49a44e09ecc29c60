namespace BpTrainer.Activations;

/// <summary>Applies an element-wise activation to a matrix, vector by vector, including the padding.</summary>
internal sealed unsafe class ElementwiseFunction<TSimd, TVector, T, TOperator>(TOperator function) : ActivationFunction<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOperator : struct, IElementwise<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(T* values, T* slopes, T* cache, int rows, int columns, nint stride)
    {
        TOperator f = function;
        nint count = rows * stride;
        nint i = 0;
        for (; i + TSimd.Count <= count; i += TSimd.Count)
        {
            TSimd.Store(f.Value<TSimd, TVector>(TSimd.Load(values + i)), values + i);
        }

        for (; i < count; i++)
        {
            values[i] = f.Value<SimdScalar<T>, T>(values[i]);
        }

        if (!TOperator.KeepsZero && columns < stride)
        {
            for (int row = 0; row < rows; row++, values += stride)
            {
                new Span<T>(values + columns, (int)stride - columns).Clear();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* cache, int rows, int columns, nint stride)
    {
        TOperator f = function;
        nint count = rows * stride;
        nint i = 0;
        for (; i + TSimd.Count <= count; i += TSimd.Count)
        {
            TVector slope = f.Derivative<TSimd, TVector>(TSimd.Load(outputs + i));
            TSimd.Store(TSimd.Multiply(TSimd.Load(delta + i), slope), delta + i);
        }

        for (; i < count; i++)
        {
            delta[i] *= f.Derivative<SimdScalar<T>, T>(outputs[i]);
        }
    }

    public override TResult Create<TResult>(IElementwiseFactory<T, TResult> factory) => factory.Create(function, called: null);
}

/// <summary>Creates the <see cref="ElementwiseFunction{TSimd, TVector, T, TOperator}"/> of an element-wise activation.</summary>
internal readonly struct ElementwiseFactory<T, TOperator>(TOperator function) : ISimdFactory<T, ActivationFunction<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOperator : struct, IElementwise<T>
{
    public ActivationFunction<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
        new ElementwiseFunction<TSimd, TVector, T, TOperator>(function);

    public static ActivationFunction<T> For(KernelKind kernel, TOperator function = default) =>
        Kernel.Create<T, ActivationFunction<T>, ElementwiseFactory<T, TOperator>>(kernel, new(function));
}

/// <summary>
/// An element-wise activation whose derivative is a function of its value. An implementation is a struct whose fields are the parameters of
/// the function.
/// </summary>
internal interface IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether f(0) = 0, so that the padding stays 0.</summary>
    static virtual bool KeepsZero => true;

    TVector Value<TSimd, TVector>(TVector z) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged;

    TVector Derivative<TSimd, TVector>(TVector a) where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged;
}

/// <summary>Applies an element-wise activation whose forward pass stores f′(z) for the backward pass.</summary>
internal sealed unsafe class SlopedElementwiseFunction<TSimd, TVector, T, TOperator> : ActivationFunction<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOperator : struct, ISlopedElementwise<T>
{
    public override bool NeedsCache => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(T* values, T* slopes, T* cache, int rows, int columns, nint stride)
    {
        if (cache is null)
        {
            Score(values, rows * stride);
            return;
        }

        nint count = rows * stride;
        nint i = 0;
        for (; i + TSimd.Count <= count; i += TSimd.Count)
        {
            TSimd.Store(TOperator.Value<TSimd, TVector>(TSimd.Load(values + i), out TVector derivative), values + i);
            TSimd.Store(derivative, cache + i);
        }

        for (; i < count; i++)
        {
            values[i] = TOperator.Value<SimdScalar<T>, T>(values[i], out cache[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* cache, int rows, int columns, nint stride)
    {
        nint count = rows * stride;
        nint i = 0;
        for (; i + TSimd.Count <= count; i += TSimd.Count)
        {
            TSimd.Store(TSimd.Multiply(TSimd.Load(delta + i), TSimd.Load(cache + i)), delta + i);
        }

        for (; i < count; i++)
        {
            delta[i] *= cache[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score(T* values, nint count)
    {
        nint i = 0;
        for (; i + TSimd.Count <= count; i += TSimd.Count)
        {
            TSimd.Store(TOperator.Value<TSimd, TVector>(TSimd.Load(values + i), out _), values + i);
        }

        for (; i < count; i++)
        {
            values[i] = TOperator.Value<SimdScalar<T>, T>(values[i], out _);
        }
    }
}

/// <summary>Creates the <see cref="SlopedElementwiseFunction{TSimd, TVector, T, TOperator}"/> of an element-wise activation.</summary>
internal readonly struct SlopedElementwiseFactory<T, TOperator> : ISimdFactory<T, ActivationFunction<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOperator : struct, ISlopedElementwise<T>
{
    public ActivationFunction<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
        new SlopedElementwiseFunction<TSimd, TVector, T, TOperator>();

    public static ActivationFunction<T> For(KernelKind kernel) =>
        Kernel.Create<T, ActivationFunction<T>, SlopedElementwiseFactory<T, TOperator>>(kernel, default);
}

/// <summary>
/// An element-wise activation whose derivative is not a function of its value. Both are computed together from the net input, because they
/// share their exponentials. f(0) must be 0, so that the padding stays 0.
/// </summary>
internal interface ISlopedElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract TVector Value<TSimd, TVector>(TVector z, out TVector derivative)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged;
}
