using System.Numerics;

namespace BpTrainer.Kernels;

/// <summary>The products as the formulas say them: the reference that every other kernel is tested against.</summary>
internal sealed unsafe class NaiveKernel<T> : MatrixKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Multiply(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, int m, int n, int k, T* start)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = start is null ? T.Zero : start[j];
                for (int p = 0; p < k; p++)
                {
                    sum += a[(i * aRow) + (p * aColumn)] * b[(p * bRow) + j];
                }

                c[(i * cRow) + j] = sum;
            }
        }
    }

    public override void MultiplyTransposed(T* a, nint aRow, T* b, nint bRow, T* c, nint cRow, int m, int n, int k, T* start)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = start is null ? T.Zero : start[j];
                for (int p = 0; p < k; p++)
                {
                    sum += a[(i * aRow) + p] * b[(j * bRow) + p];
                }

                c[(i * cRow) + j] = sum;
            }
        }
    }
}
