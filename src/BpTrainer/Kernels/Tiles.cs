namespace BpTrainer.Kernels;

/// <summary>
/// Register tiles: a tile of C stays in registers while its sums run over p. A step loads one or two vectors of B and, for each row, one
/// number of A, for up to twenty-four multiply-adds. The names are rows × vectors.
/// </summary>
/// <remarks>
/// Sums are written out one by one because the JIT keeps single vectors in registers, but not arrays of vectors. The operations on four
/// rows are inlined, so they compile to the same instructions as code that is written out. The parameters are those of
/// <see cref="MatrixKernel{T}.Multiply"/>.
/// </remarks>
internal static unsafe partial class Tiles<TSimd, TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many steps before its use a line of B is prefetched; in measurements, 4 to 12 made no difference.</summary>
    private const int StepsAhead = 8;

    /// <summary>
    /// The tile for large products. Its B comes from the second-level cache with a stride that the processor does not predict, so lines of
    /// B are prefetched some steps ahead.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile12x2(T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        TVector c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        TVector c80 = default, c81 = default, c90 = default, c91 = default, ca0 = default, ca1 = default, cb0 = default, cb1 = default;
        if (s is not null)
        {
            Load(ref s, sRow, out c00, out c01, out c10, out c11, out c20, out c21, out c30, out c31);
            Load(ref s, sRow, out c40, out c41, out c50, out c51, out c60, out c61, out c70, out c71);
            Load(ref s, sRow, out c80, out c81, out c90, out c91, out ca0, out ca1, out cb0, out cb1);
        }

        T* a4 = a + (4 * aRow);
        T* a8 = a + (8 * aRow);
        nint aStep = aColumn * sizeof(T);
        nint twoRows = 2 * aRow;
        nint threeRows = 3 * aRow;
        T* soon = b + (StepsAhead * bRow);
        for (; k != 0; k--)
        {
            Prefetch.Line(soon);
            Prefetch.Line(soon + TSimd.Count);
            TVector b0 = TSimd.Load(b);
            TVector b1 = TSimd.Load(b + TSimd.Count);
            Step(a, aRow, twoRows, threeRows, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
            Step(a4, aRow, twoRows, threeRows, b0, b1, ref c40, ref c41, ref c50, ref c51, ref c60, ref c61, ref c70, ref c71);
            Step(a8, aRow, twoRows, threeRows, b0, b1, ref c80, ref c81, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
            Move(ref a, aStep);
            Move(ref a4, aStep);
            Move(ref a8, aStep);
            b += bRow;
            soon += bRow;
        }

        Store(ref c, cRow, c00, c01, c10, c11, c20, c21, c30, c31);
        Store(ref c, cRow, c40, c41, c50, c51, c60, c61, c70, c71);
        Store(ref c, cRow, c80, c81, c90, c91, ca0, ca1, cb0, cb1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8x2(T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        TVector c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        if (s is not null)
        {
            Load(ref s, sRow, out c00, out c01, out c10, out c11, out c20, out c21, out c30, out c31);
            Load(ref s, sRow, out c40, out c41, out c50, out c51, out c60, out c61, out c70, out c71);
        }

        T* a4 = a + (4 * aRow);
        nint aStep = aColumn * sizeof(T);
        nint twoRows = 2 * aRow;
        nint threeRows = 3 * aRow;
        for (; k != 0; k--)
        {
            TVector b0 = TSimd.Load(b);
            TVector b1 = TSimd.Load(b + TSimd.Count);
            Step(a, aRow, twoRows, threeRows, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
            Step(a4, aRow, twoRows, threeRows, b0, b1, ref c40, ref c41, ref c50, ref c51, ref c60, ref c61, ref c70, ref c71);
            Move(ref a, aStep);
            Move(ref a4, aStep);
            b += bRow;
        }

        Store(ref c, cRow, c00, c01, c10, c11, c20, c21, c30, c31);
        Store(ref c, cRow, c40, c41, c50, c51, c60, c61, c70, c71);
    }

    /// <summary>
    /// The tile for gradients, for A packed in steps of <see cref="Kernel.PackedRows"/>. A round consists of two steps with constant
    /// distances in A, so that there are few instructions in addition to the multiply-adds. Every round prefetches a line at
    /// <paramref name="soon"/>, which then moves by <paramref name="soonBytes"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8x2Packed(T* a, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k, byte* soon, nint soonBytes)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        TVector c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        if (s is not null)
        {
            Load(ref s, sRow, out c00, out c01, out c10, out c11, out c20, out c21, out c30, out c31);
            Load(ref s, sRow, out c40, out c41, out c50, out c51, out c60, out c61, out c70, out c71);
        }

        TVector b0, b1;
        for (int rounds = k / 2; rounds > 0; rounds--)
        {
            Prefetch.SecondLevel(soon);
            soon += soonBytes;
            b0 = TSimd.Load(b);
            b1 = TSimd.Load(b + TSimd.Count);
            b += bRow;
            Step(a, 1, 2, 3, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
            Step(a + 4, 1, 2, 3, b0, b1, ref c40, ref c41, ref c50, ref c51, ref c60, ref c61, ref c70, ref c71);
            b0 = TSimd.Load(b);
            b1 = TSimd.Load(b + TSimd.Count);
            b += bRow;
            Step(a + Kernel.PackedRows, 1, 2, 3, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
            Step(a + Kernel.PackedRows + 4, 1, 2, 3, b0, b1, ref c40, ref c41, ref c50, ref c51, ref c60, ref c61, ref c70, ref c71);
            a += 2 * Kernel.PackedRows;
        }

        if (k % 2 == 1)
        {
            b0 = TSimd.Load(b);
            b1 = TSimd.Load(b + TSimd.Count);
            Step(a, 1, 2, 3, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
            Step(a + 4, 1, 2, 3, b0, b1, ref c40, ref c41, ref c50, ref c51, ref c60, ref c61, ref c70, ref c71);
        }

        Store(ref c, cRow, c00, c01, c10, c11, c20, c21, c30, c31);
        Store(ref c, cRow, c40, c41, c50, c51, c60, c61, c70, c71);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8x1(T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k)
    {
        TVector c00 = default, c10 = default, c20 = default, c30 = default;
        TVector c40 = default, c50 = default, c60 = default, c70 = default;
        if (s is not null)
        {
            Load(ref s, sRow, out c00, out c10, out c20, out c30);
            Load(ref s, sRow, out c40, out c50, out c60, out c70);
        }

        T* a4 = a + (4 * aRow);
        nint aStep = aColumn * sizeof(T);
        nint twoRows = 2 * aRow;
        nint threeRows = 3 * aRow;
        for (; k != 0; k--)
        {
            TVector b0 = TSimd.Load(b);
            Step(a, aRow, twoRows, threeRows, b0, ref c00, ref c10, ref c20, ref c30);
            Step(a4, aRow, twoRows, threeRows, b0, ref c40, ref c50, ref c60, ref c70);
            Move(ref a, aStep);
            Move(ref a4, aStep);
            b += bRow;
        }

        Store(ref c, cRow, c00, c10, c20, c30);
        Store(ref c, cRow, c40, c50, c60, c70);
    }

    /// <summary>The tile for large products with sixteen registers: twelve sums, two vectors of B and one number of A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile6x2(T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        TVector c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        if (s is not null)
        {
            LoadThree(ref s, sRow, out c00, out c01, out c10, out c11, out c20, out c21);
            LoadThree(ref s, sRow, out c30, out c31, out c40, out c41, out c50, out c51);
        }

        T* a3 = a + (3 * aRow);
        nint aStep = aColumn * sizeof(T);
        nint twoRows = 2 * aRow;
        T* soon = b + (StepsAhead * bRow);
        for (; k != 0; k--)
        {
            Prefetch.Line(soon);
            TVector b0 = TSimd.Load(b);
            TVector b1 = TSimd.Load(b + TSimd.Count);
            StepThree(a, aRow, twoRows, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21);
            StepThree(a3, aRow, twoRows, b0, b1, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            Move(ref a, aStep);
            Move(ref a3, aStep);
            b += bRow;
            soon += bRow;
        }

        StoreThree(ref c, cRow, c00, c01, c10, c11, c20, c21);
        StoreThree(ref c, cRow, c30, c31, c40, c41, c50, c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x2(T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        if (s is not null)
        {
            Load(ref s, sRow, out c00, out c01, out c10, out c11, out c20, out c21, out c30, out c31);
        }

        nint aStep = aColumn * sizeof(T);
        nint twoRows = 2 * aRow;
        nint threeRows = 3 * aRow;
        for (; k != 0; k--)
        {
            TVector b0 = TSimd.Load(b);
            TVector b1 = TSimd.Load(b + TSimd.Count);
            Step(a, aRow, twoRows, threeRows, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
            Move(ref a, aStep);
            b += bRow;
        }

        Store(ref c, cRow, c00, c01, c10, c11, c20, c21, c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x1(T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int k)
    {
        TVector c00 = default, c10 = default, c20 = default, c30 = default;
        if (s is not null)
        {
            Load(ref s, sRow, out c00, out c10, out c20, out c30);
        }

        nint aStep = aColumn * sizeof(T);
        nint twoRows = 2 * aRow;
        nint threeRows = 3 * aRow;
        for (; k != 0; k--)
        {
            TVector b0 = TSimd.Load(b);
            Step(a, aRow, twoRows, threeRows, b0, ref c00, ref c10, ref c20, ref c30);
            Move(ref a, aStep);
            b += bRow;
        }

        Store(ref c, cRow, c00, c10, c20, c30);
    }

    /// <summary>One row with any number of vectors: four sums are computed at a time to hide the latency of the multiply-adds.</summary>
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
