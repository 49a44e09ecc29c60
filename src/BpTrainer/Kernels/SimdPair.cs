namespace BpTrainer.Kernels;

/// <summary>
/// Two vectors as one vector of twice the width: code that is generic over the width then handles two vectors at a time, whose operations
/// are independent of each other.
/// </summary>
/// <remarks>
/// The JIT keeps a pair in registers, but not a pair of pairs: it stops inlining in methods with that many calls, and layers of 256 units
/// trained at a seventh of the speed.
/// </remarks>
internal readonly unsafe struct SimdPair<TSimd, TVector, T> : ISimd<Pair<TVector>, T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => 2 * TSimd.Count;

    public static bool IsSupported => TSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Load(T* from) => new(TSimd.Load(from), TSimd.Load(from + TSimd.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Pair<TVector> x, T* to)
    {
        TSimd.Store(x.Low, to);
        TSimd.Store(x.High, to + TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Broadcast(T value)
    {
        TVector both = TSimd.Broadcast(value);
        return new(both, both);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Add(Pair<TVector> x, Pair<TVector> y) => new(TSimd.Add(x.Low, y.Low), TSimd.Add(x.High, y.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Subtract(Pair<TVector> x, Pair<TVector> y) =>
        new(TSimd.Subtract(x.Low, y.Low), TSimd.Subtract(x.High, y.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Multiply(Pair<TVector> x, Pair<TVector> y) =>
        new(TSimd.Multiply(x.Low, y.Low), TSimd.Multiply(x.High, y.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Divide(Pair<TVector> x, Pair<TVector> y) => new(TSimd.Divide(x.Low, y.Low), TSimd.Divide(x.High, y.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> MultiplyAdd(Pair<TVector> x, Pair<TVector> y, Pair<TVector> z) =>
        new(TSimd.MultiplyAdd(x.Low, y.Low, z.Low), TSimd.MultiplyAdd(x.High, y.High, z.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Sqrt(Pair<TVector> x) => new(TSimd.Sqrt(x.Low), TSimd.Sqrt(x.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Abs(Pair<TVector> x) => new(TSimd.Abs(x.Low), TSimd.Abs(x.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> CopySign(Pair<TVector> x, Pair<TVector> y) =>
        new(TSimd.CopySign(x.Low, y.Low), TSimd.CopySign(x.High, y.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Min(Pair<TVector> x, Pair<TVector> y) => new(TSimd.Min(x.Low, y.Low), TSimd.Min(x.High, y.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Round(Pair<TVector> x) => new(TSimd.Round(x.Low), TSimd.Round(x.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> SelectLess(Pair<TVector> a, Pair<TVector> b, Pair<TVector> x, Pair<TVector> y) =>
        new(TSimd.SelectLess(a.Low, b.Low, x.Low, y.Low), TSimd.SelectLess(a.High, b.High, x.High, y.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> PowerOfTwo(Pair<TVector> n) => new(TSimd.PowerOfTwo(n.Low), TSimd.PowerOfTwo(n.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Pair<TVector> x) => TSimd.Sum(TSimd.Add(x.Low, x.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest(Pair<TVector> x) => T.MaxNative(TSimd.Largest(x.Low), TSimd.Largest(x.High));
}

/// <summary>The vectors of a <see cref="SimdPair{TSimd, TVector, T}"/>.</summary>
internal readonly struct Pair<TVector>(TVector low, TVector high) where TVector : unmanaged
{
    public readonly TVector Low = low;
    public readonly TVector High = high;
}

/// <summary>Creates an object for rows of whole blocks of vectors: blocks of two if the row has an even number of vectors, otherwise of
/// one.</summary>
internal static class SimdBlock
{
    public static TResult Create<T, TResult, TFactory>(KernelKind kernel, int length, TFactory factory)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFactory : ISimdFactory<T, TResult> =>
        Kernel.Create<T, TResult, Factory<T, TResult, TFactory>>(kernel, new(length, factory));

    private readonly struct Factory<T, TResult, TFactory>(int length, TFactory factory) : ISimdFactory<T, TResult>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFactory : ISimdFactory<T, TResult>
    {
        public TResult Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            length / TSimd.Count % 2 == 0 ? factory.Create<SimdPair<TSimd, TVector, T>, Pair<TVector>>() : factory.Create<TSimd, TVector>();
    }
}
