namespace BpTrainer.Kernels;

// The operations of all tiles on four of their rows, with two vectors or one, or on three of their rows.
internal static unsafe partial class Tiles<TSimd, TVector, T>
{
    /// <summary>Loads four rows of S and moves to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(
        ref T* s, nint sRow, out TVector c00, out TVector c01, out TVector c10, out TVector c11,
        out TVector c20, out TVector c21, out TVector c30, out TVector c31)
    {
        LoadThree(ref s, sRow, out c00, out c01, out c10, out c11, out c20, out c21);
        c30 = TSimd.Load(s);
        c31 = TSimd.Load(s + TSimd.Count);
        s += sRow;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadThree(
        ref T* s, nint sRow, out TVector c00, out TVector c01, out TVector c10, out TVector c11, out TVector c20, out TVector c21)
    {
        c00 = TSimd.Load(s);
        c01 = TSimd.Load(s + TSimd.Count);
        s += sRow;
        c10 = TSimd.Load(s);
        c11 = TSimd.Load(s + TSimd.Count);
        s += sRow;
        c20 = TSimd.Load(s);
        c21 = TSimd.Load(s + TSimd.Count);
        s += sRow;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(ref T* s, nint sRow, out TVector c00, out TVector c10, out TVector c20, out TVector c30)
    {
        c00 = TSimd.Load(s);
        s += sRow;
        c10 = TSimd.Load(s);
        s += sRow;
        c20 = TSimd.Load(s);
        s += sRow;
        c30 = TSimd.Load(s);
        s += sRow;
    }

    /// <summary>Adds the products of four numbers of A with vectors of B to four rows of sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        T* a, nint aRow, nint twoRows, nint threeRows, TVector b0, TVector b1, ref TVector c00, ref TVector c01, ref TVector c10,
        ref TVector c11, ref TVector c20, ref TVector c21, ref TVector c30, ref TVector c31)
    {
        StepThree(a, aRow, twoRows, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21);
        TVector x = TSimd.Broadcast(a[threeRows]);
        c30 = TSimd.MultiplyAdd(x, b0, c30);
        c31 = TSimd.MultiplyAdd(x, b1, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StepThree(
        T* a, nint aRow, nint twoRows, TVector b0, TVector b1, ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11,
        ref TVector c20, ref TVector c21)
    {
        TVector x = TSimd.Broadcast(a[0]);
        c00 = TSimd.MultiplyAdd(x, b0, c00);
        c01 = TSimd.MultiplyAdd(x, b1, c01);
        x = TSimd.Broadcast(a[aRow]);
        c10 = TSimd.MultiplyAdd(x, b0, c10);
        c11 = TSimd.MultiplyAdd(x, b1, c11);
        x = TSimd.Broadcast(a[twoRows]);
        c20 = TSimd.MultiplyAdd(x, b0, c20);
        c21 = TSimd.MultiplyAdd(x, b1, c21);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        T* a, nint aRow, nint twoRows, nint threeRows, TVector b0, ref TVector c00, ref TVector c10, ref TVector c20, ref TVector c30)
    {
        c00 = TSimd.MultiplyAdd(TSimd.Broadcast(a[0]), b0, c00);
        c10 = TSimd.MultiplyAdd(TSimd.Broadcast(a[aRow]), b0, c10);
        c20 = TSimd.MultiplyAdd(TSimd.Broadcast(a[twoRows]), b0, c20);
        c30 = TSimd.MultiplyAdd(TSimd.Broadcast(a[threeRows]), b0, c30);
    }

    /// <summary>Writes four rows of C and moves to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        ref T* c, nint cRow, TVector c00, TVector c01, TVector c10, TVector c11, TVector c20, TVector c21, TVector c30, TVector c31)
    {
        StoreThree(ref c, cRow, c00, c01, c10, c11, c20, c21);
        TSimd.Store(c30, c);
        TSimd.Store(c31, c + TSimd.Count);
        c += cRow;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreThree(
        ref T* c, nint cRow, TVector c00, TVector c01, TVector c10, TVector c11, TVector c20, TVector c21)
    {
        TSimd.Store(c00, c);
        TSimd.Store(c01, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c10, c);
        TSimd.Store(c11, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c20, c);
        TSimd.Store(c21, c + TSimd.Count);
        c += cRow;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref T* c, nint cRow, TVector c00, TVector c10, TVector c20, TVector c30)
    {
        TSimd.Store(c00, c);
        c += cRow;
        TSimd.Store(c10, c);
        c += cRow;
        TSimd.Store(c20, c);
        c += cRow;
        TSimd.Store(c30, c);
        c += cRow;
    }

    /// <summary>Moves a pointer by a distance in bytes, without a multiplication in every step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(ref T* p, nint bytes) => p = (T*)((byte*)p + bytes);
}
