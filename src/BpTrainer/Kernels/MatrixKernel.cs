namespace BpTrainer.Kernels;

/// <summary>
/// The products of back-propagation. Matrices are stored row by row with a stride. Every kernel adds the terms of a sum in ascending order
/// of p, so the result does not depend on how the output is split over tiles and threads.
/// </summary>
internal abstract unsafe class MatrixKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// C = S + A·B: c[i, j] = s[i, j] + Σₚ a[i, p] b[p, j], for A m×k and B k×n. With aRow = 1 and aColumn = its stride, A is read
    /// transposed. S is 0 if null; with sRow = 0, one row is used for all; S may be C, to add to it. n is a multiple of
    /// <see cref="AlignedBuffer{T}.Lanes"/>: B, C and S are padded. The memory of <paramref name="soon"/>, which will be read afterwards,
    /// may be prefetched meanwhile.
    /// </summary>
    public abstract void Multiply(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int m, int n, int k,
        Upcoming soon = default);

    /// <summary>
    /// C = s + A·Bᵀ: c[i, j] = s[j] + Σₚ a[i, p] b[j, p], for A m×k and B n×k, where n is small. k is a multiple of
    /// <see cref="AlignedBuffer{T}.Lanes"/>: A and B are padded with zeros.
    /// </summary>
    public abstract void MultiplyTransposed(T* a, nint aRow, T* b, nint bRow, T* c, nint cRow, T* s, int m, int n, int k);

    /// <summary>
    /// c = s + Σₚ values[p]·B[indices[p]], the product with a sparse row: it adds the nonzero terms of <see cref="Multiply"/>, in the same
    /// order. s is 0 if null, and may be c. n is a multiple of <see cref="AlignedBuffer{T}.Lanes"/>: B, c and s are padded.
    /// </summary>
    public abstract void MultiplySparse(ReadOnlySpan<int> indices, ReadOnlySpan<T> values, T* b, nint bRow, T* c, T* s, int n);

    /// <summary>s + Σₚ values[p]·b[indices[p]·stride].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T DotSparse(ReadOnlySpan<int> indices, ReadOnlySpan<T> values, T* b, nint stride, T s)
    {
        for (int p = 0; p < values.Length; p++)
        {
            s += values[p] * b[indices[p] * stride];
        }

        return s;
    }

    /// <summary>sums[j] += Σᵢ a[i, j] for A m×n. A and the sums may be padded to whole vectors, but n may be any number.</summary>
    public abstract void AddColumnSums(T* a, nint aRow, T* sums, int m, int n);
}

/// <summary>The products as in the formulas: the reference that every other kernel is tested against.</summary>
internal sealed unsafe class NaiveKernel<T> : MatrixKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Multiply(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int m, int n, int k,
        Upcoming soon)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = s is null ? T.Zero : s[(i * sRow) + j];
                for (int p = 0; p < k; p++)
                {
                    sum += a[(i * aRow) + (p * aColumn)] * b[(p * bRow) + j];
                }

                c[(i * cRow) + j] = sum;
            }
        }
    }

    public override void MultiplyTransposed(T* a, nint aRow, T* b, nint bRow, T* c, nint cRow, T* s, int m, int n, int k)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = s[j];
                for (int p = 0; p < k; p++)
                {
                    sum += a[(i * aRow) + p] * b[(j * bRow) + p];
                }

                c[(i * cRow) + j] = sum;
            }
        }
    }

    public override void MultiplySparse(ReadOnlySpan<int> indices, ReadOnlySpan<T> values, T* b, nint bRow, T* c, T* s, int n)
    {
        for (int j = 0; j < n; j++)
        {
            c[j] = DotSparse(indices, values, b + j, bRow, s is null ? T.Zero : s[j]);
        }
    }

    public override void AddColumnSums(T* a, nint aRow, T* sums, int m, int n)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                sums[j] += a[(i * aRow) + j];
            }
        }
    }
}
