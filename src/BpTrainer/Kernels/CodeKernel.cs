namespace BpTrainer.Kernels;

/// <summary>
/// The products of codes with weights, for the codes of a <see cref="PiecewiseLinearEncoding"/>. A column with the weights w₀ … wₙ₋₁, the
/// active bin b and its code c adds to the net input ½·Σ w (below b) − ½·Σ w (above b) + c·w_b: a prefix sum and one product. Lengths are
/// multiples of <see cref="AlignedBuffer{T}.Lanes"/>.
/// </summary>
internal abstract unsafe class CodeKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static CodeKernel<T> Create(KernelKind kind) => Kernel.Create<T, CodeKernel<T>, Factory>(kind, default);

    /// <summary>z ← z + Σ sums[place] + code · weights[place] over the columns of a row, for weights and sums codes × stride.</summary>
    public abstract void AddProducts(int* places, T* codes, int columns, T* weights, T* sums, nint stride, T* z, int length);

    /// <summary>For every bin b of a column: sums[b] ← ½·Σ w (below b) − ½·Σ w (above b).</summary>
    public abstract void PrefixSums(T* weights, T* sums, int bins, nint stride, int length);

    /// <summary>
    /// Adds the rows of one column to its bins: totals[b] ← totals[b] + δ and products[b] ← products[b] + code·δ for the bin b of each row.
    /// </summary>
    /// <param name="places">The place of the first row; the next is <paramref name="step"/> behind.</param>
    /// <param name="codes">The code of the first row; the next is <paramref name="step"/> behind.</param>
    /// <param name="step">The number of columns with codes.</param>
    /// <param name="firstPlace">The place of the first bin.</param>
    /// <param name="delta">rows × deltaStride.</param>
    /// <param name="deltaStride">The distance of rows of δ.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="totals">bins × length.</param>
    /// <param name="products">bins × length.</param>
    /// <param name="length">The numbers of a row of δ.</param>
    public abstract void AddToBins(
        int* places, T* codes, int step, int firstPlace, T* delta, nint deltaStride, int rows, T* totals, T* products, int length);

    /// <summary>gradient[t] ← gradient[t] + products[t] + ½·Σ totals (above t) − ½·Σ totals (below t), for gradients bins × stride.</summary>
    public abstract void AddGradient(T* totals, T* products, int bins, T* gradient, nint stride, int length);

    private readonly struct Factory : ISimdFactory<T, CodeKernel<T>>
    {
        public CodeKernel<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            new CodeKernel<TSimd, TVector, T>();
    }
}

/// <summary>A <see cref="CodeKernel{T}"/> for vectors of one width.</summary>
internal sealed unsafe class CodeKernel<TSimd, TVector, T> : CodeKernel<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T s_half = T.One / (T.One + T.One);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddProducts(int* places, T* codes, int columns, T* weights, T* sums, nint stride, T* z, int length)
    {
        int i = 0;
        for (; i + (4 * TSimd.Count) <= length; i += 4 * TSimd.Count)
        {
            TVector z0 = TSimd.Load(z + i);
            TVector z1 = TSimd.Load(z + i + TSimd.Count);
            TVector z2 = TSimd.Load(z + i + (2 * TSimd.Count));
            TVector z3 = TSimd.Load(z + i + (3 * TSimd.Count));
            for (int c = 0; c < columns; c++)
            {
                nint at = (places[c] * stride) + i;
                T* w = weights + at;
                T* s = sums + at;
                TVector code = TSimd.Broadcast(codes[c]);
                z0 = TSimd.MultiplyAdd(code, TSimd.Load(w), TSimd.Add(z0, TSimd.Load(s)));
                z1 = TSimd.MultiplyAdd(code, TSimd.Load(w + TSimd.Count), TSimd.Add(z1, TSimd.Load(s + TSimd.Count)));
                z2 = TSimd.MultiplyAdd(code, TSimd.Load(w + (2 * TSimd.Count)), TSimd.Add(z2, TSimd.Load(s + (2 * TSimd.Count))));
                z3 = TSimd.MultiplyAdd(code, TSimd.Load(w + (3 * TSimd.Count)), TSimd.Add(z3, TSimd.Load(s + (3 * TSimd.Count))));
            }

            TSimd.Store(z0, z + i);
            TSimd.Store(z1, z + i + TSimd.Count);
            TSimd.Store(z2, z + i + (2 * TSimd.Count));
            TSimd.Store(z3, z + i + (3 * TSimd.Count));
        }

        for (; i < length; i += TSimd.Count)
        {
            TVector sum = TSimd.Load(z + i);
            for (int c = 0; c < columns; c++)
            {
                nint at = (places[c] * stride) + i;
                sum = TSimd.MultiplyAdd(TSimd.Broadcast(codes[c]), TSimd.Load(weights + at), TSimd.Add(sum, TSimd.Load(sums + at)));
            }

            TSimd.Store(sum, z + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void PrefixSums(T* weights, T* sums, int bins, nint stride, int length)
    {
        TVector half = TSimd.Broadcast(s_half);
        for (int i = 0; i < length; i += TSimd.Count)
        {
            TVector total = default;
            for (int b = 0; b < bins; b++)
            {
                total = TSimd.Add(total, TSimd.Load(weights + (b * stride) + i));
            }

            // Below b minus half of all, and half of b itself.
            TVector sum = TSimd.Subtract(default, TSimd.Multiply(half, total));
            for (int b = 0; b < bins; b++)
            {
                TVector weight = TSimd.Multiply(half, TSimd.Load(weights + (b * stride) + i));
                sum = TSimd.Add(sum, weight);
                TSimd.Store(sum, sums + (b * stride) + i);
                sum = TSimd.Add(sum, weight);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddToBins(
        int* places, T* codes, int step, int firstPlace, T* delta, nint deltaStride, int rows, T* totals, T* products, int length)
    {
        for (int row = 0; row < rows; row++, places += step, codes += step, delta += deltaStride)
        {
            T* total = totals + ((*places - firstPlace) * (nint)length);
            T* product = products + ((*places - firstPlace) * (nint)length);
            TVector code = TSimd.Broadcast(*codes);
            for (int i = 0; i < length; i += TSimd.Count)
            {
                TVector d = TSimd.Load(delta + i);
                TSimd.Store(TSimd.Add(TSimd.Load(total + i), d), total + i);
                TSimd.Store(TSimd.MultiplyAdd(code, d, TSimd.Load(product + i)), product + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddGradient(T* totals, T* products, int bins, T* gradient, nint stride, int length)
    {
        TVector half = TSimd.Broadcast(s_half);
        for (int i = 0; i < length; i += TSimd.Count)
        {
            TVector sum = default;
            for (int b = 0; b < bins; b++)
            {
                sum = TSimd.Add(sum, TSimd.Load(totals + (b * length) + i));
            }

            // Half of what lies above, less half of what lies below.
            sum = TSimd.Multiply(half, sum);
            for (int b = 0; b < bins; b++)
            {
                TVector total = TSimd.Multiply(half, TSimd.Load(totals + (b * length) + i));
                sum = TSimd.Subtract(sum, total);
                T* to = gradient + (b * stride) + i;
                TSimd.Store(TSimd.Add(TSimd.Load(to), TSimd.Add(sum, TSimd.Load(products + (b * length) + i))), to);
                sum = TSimd.Subtract(sum, total);
            }
        }
    }
}
