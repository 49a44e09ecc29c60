using System.Numerics;

namespace BpTrainer.Kernels;

/// <summary>The products as the formulas say them: the reference that every other kernel is tested against.</summary>
internal sealed unsafe class NaiveKernel<T> : MatrixKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Multiply(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* s, nint sRow, int m, int n, int k)
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

    public override T DotSparse(ReadOnlySpan<int> indices, ReadOnlySpan<T> values, T* b, nint stride, T s)
    {
        for (int p = 0; p < values.Length; p++)
        {
            s += values[p] * b[indices[p] * stride];
        }

        return s;
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
