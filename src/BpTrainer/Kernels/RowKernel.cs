namespace BpTrainer.Kernels;

/// <summary>
/// Element-wise arithmetic on rows of numbers. Lengths are multiples of <see cref="AlignedBuffer{T}.Lanes"/> unless stated otherwise.
/// </summary>
internal abstract unsafe class RowKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static RowKernel<T> Create(KernelKind kind) => Kernel.Create<T, RowKernel<T>, Factory>(kind, default);

    /// <summary>x ← factor · x.</summary>
    public abstract void Scale(T* x, T factor, nint length);

    /// <summary>x ← x ⊙ factors.</summary>
    public abstract void Multiply(T* x, T* factors, nint length);

    /// <summary>to ← to + factor · x, for any length.</summary>
    public abstract void AddScaled(T* to, T factor, T* x, nint length);

    /// <summary>gradient ← gradient + l2 · w + l1 · sign(w).</summary>
    public abstract void AddPenaltyGradient(T* gradient, T* w, T l1, T l2, nint length);

    /// <summary>Limits x to [−bound, bound]. NaN stays NaN.</summary>
    public abstract void Clip(T* x, T bound, nint length);

    /// <summary>to ← (x limited to its range − offset) · scale, for any length. NaN stays NaN.</summary>
    public abstract void ScaleWithinLimits(T* x, T* to, T* lowest, T* highest, T* offsets, T* scales, nint length);

    /// <summary>Σx² of a row of any length: the squares of a piece are added in the number type, and the sums of the pieces in
    /// double.</summary>
    public abstract double SumOfSquares(T* x, nint length);

    /// <summary>Whether all numbers are finite.</summary>
    public abstract bool IsFinite(ReadOnlySpan<T> x);

    /// <summary>
    /// Adds a row to the statistics of its columns, which have the same length: the lowest and the highest value, Σ x, and Σ |x(1 − x)|,
    /// which is 0 for indicators.
    /// </summary>
    public abstract void UpdateSurvey(ReadOnlySpan<T> row, Span<T> lowest, Span<T> highest, Span<T> sums, Span<T> others);

    /// <summary>
    /// Adds a row of <paramref name="stride"/> values to the statistics of its columns, which are <paramref name="stride"/> apart: the mean
    /// m ← m + share·(x − m₀), the scatter S ← S + weight·(x − m₀)·(x − m), the lowest and the highest value, and the weights of the rows
    /// with the lowest value, with the highest value, and with 0.
    /// </summary>
    public abstract void UpdateStatistics(T* x, T* figures, nint stride, T weight, T share);

    private readonly struct Factory : ISimdFactory<T, RowKernel<T>>
    {
        public RowKernel<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            new RowKernel<TSimd, TVector, T>();
    }
}

/// <summary>A <see cref="RowKernel{T}"/> for vectors of one width.</summary>
internal sealed unsafe class RowKernel<TSimd, TVector, T> : RowKernel<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of squares that are added before their sum is converted to double.</summary>
    private const int PieceLength = 1024;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Scale(T* x, T factor, nint length)
    {
        TVector factors = TSimd.Broadcast(factor);
        for (nint i = 0; i < length; i += TSimd.Count)
        {
            TSimd.Store(TSimd.Multiply(TSimd.Load(x + i), factors), x + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(T* x, T* factors, nint length)
    {
        for (nint i = 0; i < length; i += TSimd.Count)
        {
            TSimd.Store(TSimd.Multiply(TSimd.Load(x + i), TSimd.Load(factors + i)), x + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddScaled(T* to, T factor, T* x, nint length)
    {
        TVector factors = TSimd.Broadcast(factor);
        nint i = 0;
        for (; i <= length - TSimd.Count; i += TSimd.Count)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(to + i), TSimd.Multiply(factors, TSimd.Load(x + i))), to + i);
        }

        for (; i < length; i++)
        {
            to[i] += factor * x[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddPenaltyGradient(T* gradient, T* w, T l1, T l2, nint length)
    {
        TVector above = TSimd.Broadcast(l1);
        TVector below = TSimd.Broadcast(-l1);
        TVector factors = TSimd.Broadcast(l2);
        for (nint i = 0; i < length; i += TSimd.Count)
        {
            TVector x = TSimd.Load(w + i);
            TVector sign = TSimd.SelectLess(x, default, below, TSimd.SelectLess(default, x, above, default));
            TSimd.Store(TSimd.Add(TSimd.Add(TSimd.Load(gradient + i), TSimd.Multiply(factors, x)), sign), gradient + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Clip(T* x, T bound, nint length)
    {
        TVector high = TSimd.Broadcast(bound);
        TVector low = TSimd.Broadcast(-bound);
        for (nint i = 0; i < length; i += TSimd.Count)
        {
            TSimd.Store(Within(low, high, TSimd.Load(x + i)), x + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ScaleWithinLimits(T* x, T* to, T* lowest, T* highest, T* offsets, T* scales, nint length)
    {
        nint c = 0;
        for (; c <= length - TSimd.Count; c += TSimd.Count)
        {
            TVector limited = Within(TSimd.Load(lowest + c), TSimd.Load(highest + c), TSimd.Load(x + c));
            TSimd.Store(TSimd.Multiply(TSimd.Subtract(limited, TSimd.Load(offsets + c)), TSimd.Load(scales + c)), to + c);
        }

        for (; c < length; c++)
        {
            to[c] = (T.MinNative(highest[c], T.MaxNative(lowest[c], x[c])) - offsets[c]) * scales[c];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double SumOfSquares(T* x, nint length)
    {
        double sum = 0;
        for (nint first = 0; first < length; first += PieceLength)
        {
            nint count = nint.Min(PieceLength, length - first);
            T piece = SumOfPiece(x + first, count);
            sum += T.IsFinite(piece) ? double.CreateTruncating(piece) : SumInDouble(x + first, count);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T SumOfPiece(T* x, nint length)
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        nint i = 0;
        for (; i <= length - (4 * TSimd.Count); i += 4 * TSimd.Count)
        {
            TVector x0 = TSimd.Load(x + i), x1 = TSimd.Load(x + i + TSimd.Count);
            TVector x2 = TSimd.Load(x + i + (2 * TSimd.Count)), x3 = TSimd.Load(x + i + (3 * TSimd.Count));
            sum0 = TSimd.MultiplyAdd(x0, x0, sum0);
            sum1 = TSimd.MultiplyAdd(x1, x1, sum1);
            sum2 = TSimd.MultiplyAdd(x2, x2, sum2);
            sum3 = TSimd.MultiplyAdd(x3, x3, sum3);
        }

        T rest = T.Zero;
        for (; i < length; i++)
        {
            rest += x[i] * x[i];
        }

        return TSimd.Sum(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3))) + rest;
    }

    /// <summary>Used if squares exceed the range of T.</summary>
    private static double SumInDouble(T* x, nint length)
    {
        double sum = 0;
        for (nint i = 0; i < length; i++)
        {
            double value = double.CreateTruncating(x[i]);
            sum += value * value;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool IsFinite(ReadOnlySpan<T> x)
    {
        // x − x is NaN for infinity and NaN, and NaN stays in a sum.
        TVector sum = default;
        T rest = T.Zero;
        fixed (T* from = x)
        {
            int i = 0;
            for (; i <= x.Length - TSimd.Count; i += TSimd.Count)
            {
                TVector value = TSimd.Load(from + i);
                sum = TSimd.Add(sum, TSimd.Subtract(value, value));
            }

            for (; i < x.Length; i++)
            {
                rest += from[i] - from[i];
            }
        }

        return TSimd.Sum(sum) + rest == T.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void UpdateSurvey(ReadOnlySpan<T> row, Span<T> lowest, Span<T> highest, Span<T> sums, Span<T> others)
    {
        fixed (T* from = row, low = lowest, high = highest, sum = sums, other = others)
        {
            int c = 0;
            for (; c <= lowest.Length - TSimd.Count; c += TSimd.Count)
            {
                Survey<TSimd, TVector>(from + c, low + c, high + c, sum + c, other + c);
            }

            for (; c < lowest.Length; c++)
            {
                Survey<SimdScalar<T>, T>(from + c, low + c, high + c, sum + c, other + c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Survey<TS, TV>(T* from, T* lowest, T* highest, T* sums, T* others)
        where TS : struct, ISimd<TV, T>
        where TV : unmanaged
    {
        TV x = TS.Load(from);
        TS.Store(TS.SelectLess(x, TS.Load(lowest), x, TS.Load(lowest)), lowest);
        TS.Store(TS.SelectLess(TS.Load(highest), x, x, TS.Load(highest)), highest);
        TS.Store(TS.Add(TS.Load(sums), x), sums);
        TV other = TS.Abs(TS.Multiply(x, TS.Subtract(TS.Broadcast(T.One), x)));
        TS.Store(TS.Add(TS.Load(others), other), others);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void UpdateStatistics(T* x, T* figures, nint stride, T weight, T share)
    {
        TVector weights = TSimd.Broadcast(weight);
        TVector shares = TSimd.Broadcast(share);
        for (T* end = x + stride; x < end; x += TSimd.Count, figures += TSimd.Count)
        {
            TVector value = TSimd.Load(x);
            TVector mean = TSimd.Load(figures);
            TVector deviation = TSimd.Subtract(value, mean);
            mean = TSimd.Add(mean, TSimd.Multiply(deviation, shares));
            TSimd.Store(mean, figures);
            T* at = figures + stride;
            TSimd.Store(TSimd.Add(TSimd.Load(at), TSimd.Multiply(TSimd.Multiply(deviation, weights), TSimd.Subtract(value, mean))), at);

            // A count restarts if a new value replaces the counted one.
            TVector lowest = TSimd.Load(at += stride);
            TVector highest = TSimd.Load(at + stride);
            TSimd.Store(TSimd.SelectLess(value, lowest, value, lowest), at);
            TSimd.Store(TSimd.SelectLess(highest, value, value, highest), at += stride);
            at += stride;
            TSimd.Store(TSimd.SelectLess(value, lowest, weights, Count(at, value, lowest, weights)), at);
            at += stride;
            TSimd.Store(TSimd.SelectLess(highest, value, weights, Count(at, value, highest, weights)), at);
            at += stride;
            TSimd.Store(Count(at, value, default, weights), at);
        }
    }

    /// <summary>The count, plus the weight where x has the counted value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Count(T* count, TVector x, TVector value, TVector weight) =>
        TSimd.Add(TSimd.Load(count), TSimd.SelectLess(x, value, default, TSimd.SelectLess(value, x, default, weight)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Within(TVector low, TVector high, TVector x)
    {
        x = TSimd.SelectLess(x, low, low, x);
        return TSimd.SelectLess(high, x, high, x);
    }
}
