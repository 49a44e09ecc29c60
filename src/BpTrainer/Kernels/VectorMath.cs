namespace BpTrainer.Kernels;

/// <summary>Exponentials and logarithms of vectors, accurate to a few units in the last place.</summary>
/// <remarks>
/// e^x = 2ⁿ·(1 + p) with n = round(x / ln 2), r = x − n·ln 2 in [−½ ln 2, ½ ln 2] and p = e^r − 1 from the Taylor series, whose remainder
/// is below the rounding error of T. n·ln 2 is subtracted in two parts; the first part of ln 2 has so few digits that its product with n is
/// exact (Cody and Waite, Software Manual for the Elementary Functions, 1980).
/// </remarks>
internal static class VectorMath<TSimd, TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Below this, e^x is not a normal number and becomes 0.</summary>
    private static TVector Lowest
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSimd.Broadcast(typeof(T) == typeof(float) ? T.CreateTruncating(-87.33654f) : T.CreateTruncating(-708.3964185322641));
    }

    /// <summary>e^x for x ≤ 0: 1 at 0, 0 where it would be subnormal, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpOfNegative(TVector x)
    {
        TVector p = ReducedExp(x, out TVector scale);
        return TSimd.SelectLess(x, Lowest, default, TSimd.MultiplyAdd(scale, p, scale));
    }

    /// <summary>1 / (1 + e^(−x)) and, in <paramref name="rest"/>, 1 minus this, both without cancellation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Logistic(TVector x, out TVector rest)
    {
        TVector one = TSimd.Broadcast(T.One);
        TVector e = ExpOfNegative(TSimd.Subtract(default, TSimd.Abs(x)));
        TVector r = TSimd.Divide(one, TSimd.Add(one, e));
        rest = TSimd.Multiply(r, TSimd.SelectLess(x, default, one, e));
        return TSimd.Multiply(r, TSimd.SelectLess(x, default, e, one));
    }

    /// <summary>e^x − 1 for x ≤ 0, accurate to a few units in the last place near 0 too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpMinus1OfNegative(TVector x)
    {
        TVector p = ReducedExp(x, out TVector scale);
        return TSimd.MultiplyAdd(scale, p, TSimd.Subtract(scale, TSimd.Broadcast(T.One)));
    }

    /// <summary>ln(1 + x) for x from 0 to 1, accurate to a few units in the last place near 0 too; NaN for NaN.</summary>
    /// <remarks>
    /// ln((1 + s) / (1 − s)) = 2 (s + s³/3 + s⁵/5 + …). With s = x / (2 + x), this is ln(1 + x). If 1 + x is above √2, half of it is used
    /// instead, s = (x − 1) / (x + 3), and ln 2 is added, so that |s| stays below 0.172.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogOf1PlusShare(TVector x)
    {
        TVector one = TSimd.Broadcast(T.One);
        TVector two = TSimd.Broadcast(T.CreateTruncating(2));
        TVector bound = TSimd.Broadcast(T.CreateTruncating(0.41421356237309503));
        TVector top = TSimd.SelectLess(bound, x, TSimd.Subtract(x, one), x);
        TVector bottom = TSimd.SelectLess(bound, x, TSimd.Add(x, TSimd.Broadcast(T.CreateTruncating(3))), TSimd.Add(x, two));
        TVector start = TSimd.SelectLess(bound, x, TSimd.Broadcast(T.CreateTruncating(0.6931471805599453)), default);
        TVector s = TSimd.Divide(top, bottom);
        TVector square = TSimd.Multiply(s, s);
        TVector series;
        if (typeof(T) == typeof(float))
        {
            series = Term(2.0 / 7, TSimd.Broadcast(T.CreateTruncating(2.0 / 9)), square);
        }
        else
        {
            series = Term(2.0 / 19, TSimd.Broadcast(T.CreateTruncating(2.0 / 21)), square);
            series = Term(2.0 / 17, series, square);
            series = Term(2.0 / 15, series, square);
            series = Term(2.0 / 13, series, square);
            series = Term(2.0 / 11, series, square);
            series = Term(2.0 / 9, series, square);
            series = Term(2.0 / 7, series, square);
        }

        series = Term(2.0 / 5, series, square);
        series = Term(2.0 / 3, series, square);
        return TSimd.Add(start, TSimd.MultiplyAdd(TSimd.Multiply(series, square), s, TSimd.Multiply(two, s)));
    }

    /// <summary>tanh x with an error of at most 3 units in the last place of a float; NaN for NaN.</summary>
    /// <remarks>
    /// x P(x²) / Q(x²) with the smallest maximum relative error, 2.1·10⁻⁸, between 0 and 9, where tanh x rounds to 1; P and Q were found by
    /// Lawson's iteration. All terms are positive, so there is no cancellation. This takes half the operations of a computation from e^x,
    /// with shorter chains of dependent operations.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector TanhOfSingle(TVector x)
    {
        TVector magnitude = TSimd.Min(TSimd.Broadcast(T.CreateTruncating(9)), TSimd.Abs(x));
        TVector square = TSimd.Multiply(magnitude, magnitude);
        TVector p = Term(2.060864426412189e-5, TSimd.Broadcast(T.CreateTruncating(1.3354066854684672e-8)), square);
        p = Term(3.4955615016131285e-3, p, square);
        p = Term(0.1338100355317091, p, square);
        p = Term(1, p, square);
        TVector q = Term(3.285591182536751e-4, TSimd.Broadcast(T.CreateTruncating(7.776311761062578e-7)), square);
        q = Term(0.02587688144541108, q, square);
        q = Term(0.46714319850831826, q, square);
        q = Term(1, q, square);
        TVector ratio = TSimd.Divide(TSimd.Multiply(magnitude, p), q);
        return TSimd.CopySign(TSimd.Min(TSimd.Broadcast(T.One), ratio), x);
    }

    /// <summary>Returns x limited to [−far, far]. <paramref name="x"/> itself is only limited from below, to −far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Near(ref TVector x, double far)
    {
        TVector high = TSimd.Broadcast(T.CreateTruncating(far));
        TVector low = TSimd.Broadcast(T.CreateTruncating(-far));
        x = TSimd.SelectLess(x, low, low, x);
        return TSimd.SelectLess(high, x, high, x);
    }

    /// <summary>p = e^r − 1 and scale = 2ⁿ with e^x = scale + scale·p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ReducedExp(TVector x, out TVector scale)
    {
        x = TSimd.SelectLess(x, Lowest, Lowest, x);
        TVector n = TSimd.Round(TSimd.Multiply(x, TSimd.Broadcast(T.CreateTruncating(1.4426950408889634))));
        scale = TSimd.PowerOfTwo(n);
        if (typeof(T) == typeof(float))
        {
            TVector r = TSimd.MultiplyAdd(n, TSimd.Broadcast(T.CreateTruncating(-0.693359375f)), x);
            r = TSimd.MultiplyAdd(n, TSimd.Broadcast(T.CreateTruncating(2.12194440e-4f)), r);
            TVector r2 = TSimd.Multiply(r, r);
            TVector low = TSimd.MultiplyAdd(r2, Pair(1.0 / 24, 1.0 / 120, r), Pair(0.5, 1.0 / 6, r));
            TVector high = TSimd.MultiplyAdd(r2, TSimd.Broadcast(T.CreateTruncating(1.0 / 40320)), Pair(1.0 / 720, 1.0 / 5040, r));
            TVector series = TSimd.MultiplyAdd(TSimd.Multiply(r2, r2), high, low);
            return TSimd.MultiplyAdd(r2, series, r);
        }
        else
        {
            TVector r = TSimd.MultiplyAdd(n, TSimd.Broadcast(T.CreateTruncating(-0.6931471803691238)), x);
            r = TSimd.MultiplyAdd(n, TSimd.Broadcast(T.CreateTruncating(-1.9082149292705877e-10)), r);
            TVector series = Term(1.0 / 6227020800, TSimd.Broadcast(T.CreateTruncating(1.0 / 87178291200)), r);
            series = Term(1.0 / 479001600, series, r);
            series = Term(1.0 / 39916800, series, r);
            series = Term(1.0 / 3628800, series, r);
            series = Term(1.0 / 362880, series, r);
            series = Term(1.0 / 40320, series, r);
            series = Term(1.0 / 5040, series, r);
            series = Term(1.0 / 720, series, r);
            series = Term(1.0 / 120, series, r);
            series = Term(1.0 / 24, series, r);
            series = Term(1.0 / 6, series, r);
            series = Term(0.5, series, r);
            return TSimd.MultiplyAdd(TSimd.Multiply(r, r), series, r);
        }
    }

    /// <summary>a + b·r: a pair of terms of the series. Pairs are independent of each other, which shortens the chain of dependent
    /// operations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pair(double a, double b, TVector r) =>
        TSimd.MultiplyAdd(TSimd.Broadcast(T.CreateTruncating(b)), r, TSimd.Broadcast(T.CreateTruncating(a)));

    /// <summary>coefficient + rest·r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Term(double coefficient, TVector rest, TVector r) =>
        TSimd.MultiplyAdd(rest, r, TSimd.Broadcast(T.CreateTruncating(coefficient)));
}
