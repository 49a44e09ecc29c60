using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer.Kernels;

/// <summary>
/// Register tiles: a tile of C stays in registers while its sums run over p, so that a step loads one or two vectors of B
/// and one number of A a row, for up to twenty-four multiply-adds. Named rows × vectors.
/// </summary>
/// <remarks>
/// Sums are written out one by one because the JIT keeps single vectors in registers, but not arrays of them. Parameters are
/// those of <see cref="MatrixKernel{T}.Multiply"/>.
/// </remarks>
internal static unsafe class Tiles<TSimd, TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many steps before its use a line of B is asked for; measured, 4 to 12 are alike.</summary>
    private const int StepsAhead = 8;

    /// <summary>
    /// The tile of large products. B comes from the second-level cache there, a stride at a time, which the processor does not
    /// foresee: lines of B are asked for some steps ahead.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile12x2(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default, c80 = default, c81 = default, c90 = default, c91 = default, ca0 = default, ca1 = default, cb0 = default, cb1 = default;
        if (s is not null)
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
            c30 = TSimd.Load(s);
            c31 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            c40 = TSimd.Load(s);
            c41 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            c50 = TSimd.Load(s);
            c51 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            c60 = TSimd.Load(s);
            c61 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            c70 = TSimd.Load(s);
            c71 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            c80 = TSimd.Load(s);
            c81 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            c90 = TSimd.Load(s);
            c91 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            ca0 = TSimd.Load(s);
            ca1 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            cb0 = TSimd.Load(s);
            cb1 = TSimd.Load(s + TSimd.Count);
        }

        T* a4 = a + (4 * aRow);
        T* a8 = a + (8 * aRow);
        for (int p = 0; p < k; p++)
        {
            Prefetch.Line(b + (StepsAhead * bRow));
            Prefetch.Line(b + (StepsAhead * bRow) + TSimd.Count);
            TVector b0 = TSimd.Load(b);
            TVector b1 = TSimd.Load(b + TSimd.Count);
            TVector x = TSimd.Broadcast(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Broadcast(a[aRow]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Broadcast(a[2 * aRow]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Broadcast(a[3 * aRow]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
            x = TSimd.Broadcast(a4[0]);
            c40 = TSimd.MultiplyAdd(x, b0, c40);
            c41 = TSimd.MultiplyAdd(x, b1, c41);
            x = TSimd.Broadcast(a4[aRow]);
            c50 = TSimd.MultiplyAdd(x, b0, c50);
            c51 = TSimd.MultiplyAdd(x, b1, c51);
            x = TSimd.Broadcast(a4[2 * aRow]);
            c60 = TSimd.MultiplyAdd(x, b0, c60);
            c61 = TSimd.MultiplyAdd(x, b1, c61);
            x = TSimd.Broadcast(a4[3 * aRow]);
            c70 = TSimd.MultiplyAdd(x, b0, c70);
            c71 = TSimd.MultiplyAdd(x, b1, c71);
            x = TSimd.Broadcast(a8[0]);
            c80 = TSimd.MultiplyAdd(x, b0, c80);
            c81 = TSimd.MultiplyAdd(x, b1, c81);
            x = TSimd.Broadcast(a8[aRow]);
            c90 = TSimd.MultiplyAdd(x, b0, c90);
            c91 = TSimd.MultiplyAdd(x, b1, c91);
            x = TSimd.Broadcast(a8[2 * aRow]);
            ca0 = TSimd.MultiplyAdd(x, b0, ca0);
            ca1 = TSimd.MultiplyAdd(x, b1, ca1);
            x = TSimd.Broadcast(a8[3 * aRow]);
            cb0 = TSimd.MultiplyAdd(x, b0, cb0);
            cb1 = TSimd.MultiplyAdd(x, b1, cb1);
            a += aColumn;
            a4 += aColumn;
            a8 += aColumn;
            b += bRow;
        }

        TSimd.Store(c00, c);
        TSimd.Store(c01, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c10, c);
        TSimd.Store(c11, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c20, c);
        TSimd.Store(c21, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c30, c);
        TSimd.Store(c31, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c40, c);
        TSimd.Store(c41, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c50, c);
        TSimd.Store(c51, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c60, c);
        TSimd.Store(c61, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c70, c);
        TSimd.Store(c71, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c80, c);
        TSimd.Store(c81, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c90, c);
        TSimd.Store(c91, c + TSimd.Count);
        c += cRow;
        TSimd.Store(ca0, c);
        TSimd.Store(ca1, c + TSimd.Count);
        c += cRow;
        TSimd.Store(cb0, c);
        TSimd.Store(cb1, c + TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8x2(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        if (s is not null)
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
            c30 = TSimd.Load(s);
            c31 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            c40 = TSimd.Load(s);
            c41 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            c50 = TSimd.Load(s);
            c51 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            c60 = TSimd.Load(s);
            c61 = TSimd.Load(s + TSimd.Count);
            s += sRow;
            c70 = TSimd.Load(s);
            c71 = TSimd.Load(s + TSimd.Count);
        }

        T* a4 = a + (4 * aRow);
        for (int p = 0; p < k; p++)
        {
            TVector b0 = TSimd.Load(b);
            TVector b1 = TSimd.Load(b + TSimd.Count);
            TVector x = TSimd.Broadcast(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Broadcast(a[aRow]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Broadcast(a[2 * aRow]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Broadcast(a[3 * aRow]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
            x = TSimd.Broadcast(a4[0]);
            c40 = TSimd.MultiplyAdd(x, b0, c40);
            c41 = TSimd.MultiplyAdd(x, b1, c41);
            x = TSimd.Broadcast(a4[aRow]);
            c50 = TSimd.MultiplyAdd(x, b0, c50);
            c51 = TSimd.MultiplyAdd(x, b1, c51);
            x = TSimd.Broadcast(a4[2 * aRow]);
            c60 = TSimd.MultiplyAdd(x, b0, c60);
            c61 = TSimd.MultiplyAdd(x, b1, c61);
            x = TSimd.Broadcast(a4[3 * aRow]);
            c70 = TSimd.MultiplyAdd(x, b0, c70);
            c71 = TSimd.MultiplyAdd(x, b1, c71);
            a += aColumn;
            a4 += aColumn;
            b += bRow;
        }

        TSimd.Store(c00, c);
        TSimd.Store(c01, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c10, c);
        TSimd.Store(c11, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c20, c);
        TSimd.Store(c21, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c30, c);
        TSimd.Store(c31, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c40, c);
        TSimd.Store(c41, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c50, c);
        TSimd.Store(c51, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c60, c);
        TSimd.Store(c61, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c70, c);
        TSimd.Store(c71, c + TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8x1(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k)
    {
        TVector c00 = default, c10 = default, c20 = default, c30 = default, c40 = default, c50 = default, c60 = default, c70 = default;
        if (s is not null)
        {
            c00 = TSimd.Load(s);
            s += sRow;
            c10 = TSimd.Load(s);
            s += sRow;
            c20 = TSimd.Load(s);
            s += sRow;
            c30 = TSimd.Load(s);
            s += sRow;
            c40 = TSimd.Load(s);
            s += sRow;
            c50 = TSimd.Load(s);
            s += sRow;
            c60 = TSimd.Load(s);
            s += sRow;
            c70 = TSimd.Load(s);
        }

        T* a4 = a + (4 * aRow);
        for (int p = 0; p < k; p++)
        {
            TVector b0 = TSimd.Load(b);
            TVector x = TSimd.Broadcast(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            x = TSimd.Broadcast(a[aRow]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            x = TSimd.Broadcast(a[2 * aRow]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            x = TSimd.Broadcast(a[3 * aRow]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            x = TSimd.Broadcast(a4[0]);
            c40 = TSimd.MultiplyAdd(x, b0, c40);
            x = TSimd.Broadcast(a4[aRow]);
            c50 = TSimd.MultiplyAdd(x, b0, c50);
            x = TSimd.Broadcast(a4[2 * aRow]);
            c60 = TSimd.MultiplyAdd(x, b0, c60);
            x = TSimd.Broadcast(a4[3 * aRow]);
            c70 = TSimd.MultiplyAdd(x, b0, c70);
            a += aColumn;
            a4 += aColumn;
            b += bRow;
        }

        TSimd.Store(c00, c);
        c += cRow;
        TSimd.Store(c10, c);
        c += cRow;
        TSimd.Store(c20, c);
        c += cRow;
        TSimd.Store(c30, c);
        c += cRow;
        TSimd.Store(c40, c);
        c += cRow;
        TSimd.Store(c50, c);
        c += cRow;
        TSimd.Store(c60, c);
        c += cRow;
        TSimd.Store(c70, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x2(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        if (s is not null)
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
            c30 = TSimd.Load(s);
            c31 = TSimd.Load(s + TSimd.Count);
        }

        for (int p = 0; p < k; p++)
        {
            TVector b0 = TSimd.Load(b);
            TVector b1 = TSimd.Load(b + TSimd.Count);
            TVector x = TSimd.Broadcast(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Broadcast(a[aRow]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Broadcast(a[2 * aRow]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Broadcast(a[3 * aRow]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
            a += aColumn;
            b += bRow;
        }

        TSimd.Store(c00, c);
        TSimd.Store(c01, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c10, c);
        TSimd.Store(c11, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c20, c);
        TSimd.Store(c21, c + TSimd.Count);
        c += cRow;
        TSimd.Store(c30, c);
        TSimd.Store(c31, c + TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x1(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k)
    {
        TVector c00 = default, c10 = default, c20 = default, c30 = default;
        if (s is not null)
        {
            c00 = TSimd.Load(s);
            s += sRow;
            c10 = TSimd.Load(s);
            s += sRow;
            c20 = TSimd.Load(s);
            s += sRow;
            c30 = TSimd.Load(s);
        }

        for (int p = 0; p < k; p++)
        {
            TVector b0 = TSimd.Load(b);
            TVector x = TSimd.Broadcast(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            x = TSimd.Broadcast(a[aRow]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            x = TSimd.Broadcast(a[2 * aRow]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            x = TSimd.Broadcast(a[3 * aRow]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            a += aColumn;
            b += bRow;
        }

        TSimd.Store(c00, c);
        c += cRow;
        TSimd.Store(c10, c);
        c += cRow;
        TSimd.Store(c20, c);
        c += cRow;
        TSimd.Store(c30, c);
    }

    /// <summary>One row, as many vectors as there are: four sums run at a time to hide the latency of the multiply-adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(T* a, nint aColumn, T* b, nint bRow, T* c, T* s, int n, int k)
    {
        int j = 0;
        for (; j + (4 * TSimd.Count) <= n; j += 4 * TSimd.Count)
        {
            TVector c0 = default, c1 = default, c2 = default, c3 = default;
            if (s is not null)
            {
                c0 = TSimd.Load(s + j);
                c1 = TSimd.Load(s + j + TSimd.Count);
                c2 = TSimd.Load(s + j + (2 * TSimd.Count));
                c3 = TSimd.Load(s + j + (3 * TSimd.Count));
            }

            T* from = b + j;
            for (int p = 0; p < k; p++, from += bRow)
            {
                TVector x = TSimd.Broadcast(a[p * aColumn]);
                c0 = TSimd.MultiplyAdd(x, TSimd.Load(from), c0);
                c1 = TSimd.MultiplyAdd(x, TSimd.Load(from + TSimd.Count), c1);
                c2 = TSimd.MultiplyAdd(x, TSimd.Load(from + (2 * TSimd.Count)), c2);
                c3 = TSimd.MultiplyAdd(x, TSimd.Load(from + (3 * TSimd.Count)), c3);
            }

            TSimd.Store(c0, c + j);
            TSimd.Store(c1, c + j + TSimd.Count);
            TSimd.Store(c2, c + j + (2 * TSimd.Count));
            TSimd.Store(c3, c + j + (3 * TSimd.Count));
        }

        for (; j < n; j += TSimd.Count)
        {
            TVector sum = s is null ? default : TSimd.Load(s + j);
            T* from = b + j;
            for (int p = 0; p < k; p++, from += bRow)
            {
                sum = TSimd.MultiplyAdd(TSimd.Broadcast(a[p * aColumn]), TSimd.Load(from), sum);
            }

            TSimd.Store(sum, c + j);
        }
    }
}
