namespace BpTrainer.Kernels;

/// <summary>The products, split into register tiles. The outer loop is over column panels, so that a panel of B stays in the cache; the
/// inner loop is over rows.</summary>
internal sealed unsafe class SimdKernel<TSimd, TVector, T> : MatrixKernel<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The number of terms of a sum that are added in one pass: enough that reading and writing C takes little time, but few enough for the
    /// second-level cache.
    /// </summary>
    private const int SumBlock = 512;

    /// <summary>Sixteen or twenty-four sums need the 32 registers of AVX-512; otherwise there are at most twelve.</summary>
    private static bool HasTallTiles
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSimd.Count * sizeof(T) == AlignedBuffer<T>.Alignment;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int m, int n, int k,
        Upcoming soon)
    {
        if (m == 1)
        {
            Tiles<TSimd, TVector, T>.Row(a, aColumn, b, bRow, c, s, n, k);
            return;
        }

        // In a transposed A, every step of a sum is in another cache line, and A is read once for each panel of B.
        bool packs = aRow == 1 && m == Kernel.PackedRows && n > 2 * TSimd.Count;
        T* packed = stackalloc T[packs ? Kernel.PackedRows * Math.Min(SumBlock, k) : 0];
        int first = 0;
        sRow = s is null ? 0 : sRow;
        do
        {
            int count = Math.Min(SumBlock, k - first);
            T* block = a + (first * aColumn);
            if (packs)
            {
                Pack(block, aColumn, packed, count);
                MultiplyPacked(packed, b + (first * bRow), bRow, c, cRow, s, sRow, n, count, soon);
                soon = default;
            }
            else
            {
                MultiplyBlock(block, aRow, aColumn, b + (first * bRow), bRow, c, cRow, s, sRow, m, n, count);
            }

            first += count;
            s = c;
            sRow = cRow;
        }
        while (first < k);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplyTransposed(T* a, nint aRow, T* b, nint bRow, T* c, nint cRow, T* s, int m, int n, int k)
    {
        for (int j = 0; j < n; j++, b += bRow)
        {
            T start = s[j];
            T* row = a;
            T* to = c + j;
            int i = 0;
            for (; i + 4 <= m; i += 4, row += 4 * aRow, to += 4 * cRow)
            {
                TVector c0 = default, c1 = default, c2 = default, c3 = default;
                for (int p = 0; p < k; p += TSimd.Count)
                {
                    TVector y = TSimd.Load(b + p);
                    c0 = TSimd.MultiplyAdd(TSimd.Load(row + p), y, c0);
                    c1 = TSimd.MultiplyAdd(TSimd.Load(row + aRow + p), y, c1);
                    c2 = TSimd.MultiplyAdd(TSimd.Load(row + (2 * aRow) + p), y, c2);
                    c3 = TSimd.MultiplyAdd(TSimd.Load(row + (3 * aRow) + p), y, c3);
                }

                to[0] = start + TSimd.Sum(c0);
                to[cRow] = start + TSimd.Sum(c1);
                to[2 * cRow] = start + TSimd.Sum(c2);
                to[3 * cRow] = start + TSimd.Sum(c3);
            }

            for (; i < m; i++, row += aRow, to += cRow)
            {
                TVector sum = default;
                for (int p = 0; p < k; p += TSimd.Count)
                {
                    sum = TSimd.MultiplyAdd(TSimd.Load(row + p), TSimd.Load(b + p), sum);
                }

                *to = start + TSimd.Sum(sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplySparse(ReadOnlySpan<int> indices, ReadOnlySpan<T> values, T* b, nint bRow, T* c, T* s, int n)
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

            for (int p = 0; p < values.Length; p++)
            {
                T* from = b + (indices[p] * bRow) + j;
                TVector x = TSimd.Broadcast(values[p]);
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
            for (int p = 0; p < values.Length; p++)
            {
                sum = TSimd.MultiplyAdd(TSimd.Broadcast(values[p]), TSimd.Load(b + (indices[p] * bRow) + j), sum);
            }

            TSimd.Store(sum, c + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddColumnSums(T* a, nint aRow, T* sums, int m, int n)
    {
        int j = 0;
        for (; j + (4 * TSimd.Count) <= n; j += 4 * TSimd.Count)
        {
            TVector s0 = TSimd.Load(sums + j);
            TVector s1 = TSimd.Load(sums + j + TSimd.Count);
            TVector s2 = TSimd.Load(sums + j + (2 * TSimd.Count));
            TVector s3 = TSimd.Load(sums + j + (3 * TSimd.Count));
            T* from = a + j;
            for (int i = 0; i < m; i++, from += aRow)
            {
                s0 = TSimd.Add(s0, TSimd.Load(from));
                s1 = TSimd.Add(s1, TSimd.Load(from + TSimd.Count));
                s2 = TSimd.Add(s2, TSimd.Load(from + (2 * TSimd.Count)));
                s3 = TSimd.Add(s3, TSimd.Load(from + (3 * TSimd.Count)));
            }

            TSimd.Store(s0, sums + j);
            TSimd.Store(s1, sums + j + TSimd.Count);
            TSimd.Store(s2, sums + j + (2 * TSimd.Count));
            TSimd.Store(s3, sums + j + (3 * TSimd.Count));
        }

        for (; j + TSimd.Count <= n; j += TSimd.Count)
        {
            TVector sum = TSimd.Load(sums + j);
            T* from = a + j;
            for (int i = 0; i < m; i++, from += aRow)
            {
                sum = TSimd.Add(sum, TSimd.Load(from));
            }

            TSimd.Store(sum, sums + j);
        }

        for (; j < n; j++)
        {
            T sum = sums[j];
            for (int i = 0; i < m; i++)
            {
                sum += a[(i * aRow) + j];
            }

            sums[j] = sum;
        }
    }

    /// <summary>Packs <see cref="Kernel.PackedRows"/> rows of a transposed A, <paramref name="k"/> steps long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(T* a, nint aColumn, T* packed, int k)
    {
        for (int p = 0; p < k; p++, a += aColumn, packed += Kernel.PackedRows)
        {
            for (int i = 0; i < Kernel.PackedRows; i += TSimd.Count)
            {
                TSimd.Store(TSimd.Load(a + i), packed + i);
            }
        }
    }

    /// <summary>
    /// C = S + A·B for packed A. The prefetching of <paramref name="soon"/> is spread over the tiles, so that only a few lines are loaded
    /// at a time. S is null only with sRow = 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyPacked(
        T* a, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int n, int k, Upcoming soon)
    {
        int pairs = HasTallTiles ? n / (2 * TSimd.Count) : 0;
        int rounds = Math.Max(k / 2, 1);
        nint bytes = soon.Bytes / Math.Max(pairs, 1);
        nint bytesOfRound = (bytes + rounds - 1) / rounds;
        for (int pair = 0; pair < pairs; pair++)
        {
            T* start = s;
            for (int i = 0; i < Kernel.PackedRows; i += 8)
            {
                byte* next = soon.Bytes == 0 ? (byte*)b : (i == 0 ? soon.First : soon.Second) + (pair * bytes);
                Tiles<TSimd, TVector, T>.Tile8x2Packed(a + i, b, bRow, c + (i * cRow), cRow, start, sRow, k, next, bytesOfRound);
                start += 8 * sRow;
            }

            b += 2 * TSimd.Count;
            c += 2 * TSimd.Count;
            s += s is null ? 0 : 2 * TSimd.Count;
        }

        MultiplyBlock(
            a, 1, Kernel.PackedRows, b, bRow, c, cRow, s, sRow, Kernel.PackedRows, n - (pairs * 2 * TSimd.Count), k);
    }

    /// <summary>S is null only with sRow = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyBlock(T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int m, int n, int k)
    {
        int j = 0;
        for (; j + (2 * TSimd.Count) <= n; j += 2 * TSimd.Count)
        {
            T* from = a;
            T* to = c + j;
            T* start = s is null ? null : s + j;
            int i = 0;

            // Sixteen rows are two tiles of eight: in a tile of four, the processor would wait for the sums.
            for (; HasTallTiles && i + 12 <= m && i + 16 != m; i += 12, from += 12 * aRow, to += 12 * cRow, start += 12 * sRow)
            {
                Tiles<TSimd, TVector, T>.Tile12x2(from, aRow, aColumn, b + j, bRow, to, cRow, start, sRow, k);
            }

            for (; HasTallTiles && i + 8 <= m; i += 8, from += 8 * aRow, to += 8 * cRow, start += 8 * sRow)
            {
                Tiles<TSimd, TVector, T>.Tile8x2(from, aRow, aColumn, b + j, bRow, to, cRow, start, sRow, k);
            }

            // Eight rows are two tiles of four: a single row takes much longer than its share of a tile.
            for (; !HasTallTiles && i + 6 <= m && i + 8 != m; i += 6, from += 6 * aRow, to += 6 * cRow, start += 6 * sRow)
            {
                Tiles<TSimd, TVector, T>.Tile6x2(from, aRow, aColumn, b + j, bRow, to, cRow, start, sRow, k);
            }

            for (; i + 4 <= m; i += 4, from += 4 * aRow, to += 4 * cRow, start += 4 * sRow)
            {
                Tiles<TSimd, TVector, T>.Tile4x2(from, aRow, aColumn, b + j, bRow, to, cRow, start, sRow, k);
            }

            for (; i < m; i++, from += aRow, to += cRow, start += sRow)
            {
                Tiles<TSimd, TVector, T>.Row(from, aColumn, b + j, bRow, to, start, 2 * TSimd.Count, k);
            }
        }

        if (j < n)
        {
            T* start = s is null ? null : s + j;
            MultiplyLastColumn(a, aRow, aColumn, b + j, bRow, c + j, cRow, start, sRow, m, k);
        }
    }

    /// <summary>Multiplies the last column of vectors if their number is odd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyLastColumn(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* start, nint sRow, int m, int k)
    {
        int i = 0;
        for (; HasTallTiles && i + 8 <= m; i += 8, a += 8 * aRow, c += 8 * cRow, start += 8 * sRow)
        {
            Tiles<TSimd, TVector, T>.Tile8x1(a, aRow, aColumn, b, bRow, c, cRow, start, sRow, k);
        }

        for (; i + 4 <= m; i += 4, a += 4 * aRow, c += 4 * cRow, start += 4 * sRow)
        {
            Tiles<TSimd, TVector, T>.Tile4x1(a, aRow, aColumn, b, bRow, c, cRow, start, sRow, k);
        }

        for (; i < m; i++, a += aRow, c += cRow, start += sRow)
        {
            Tiles<TSimd, TVector, T>.Row(a, aColumn, b, bRow, c, start, TSimd.Count, k);
        }
    }
}
