using System.Numerics;

namespace BpTrainer.Kernels;

/// <summary>
/// The products that back-propagation is made of. Matrices are row after row with a stride; every kernel adds the terms of
/// a sum in ascending order of p, so that the split of the output over tiles or threads never changes a result.
/// </summary>
internal abstract unsafe class MatrixKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// C = start + A·B: c[i, j] = start[j] + Σₚ a[i, p] b[p, j], for A m×k and B k×n. With aRow = 1 and aColumn = the stride
    /// A is read transposed. <paramref name="start"/> is a row of n numbers that the sums begin with, or null for 0.
    /// </summary>
    public abstract void Multiply(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, int m, int n, int k, T* start);

    /// <summary>
    /// C = start + A·Bᵀ: c[i, j] = start[j] + Σₚ a[i, p] b[j, p], for A m×k and B n×k. <paramref name="start"/> is a row of
    /// n numbers that the sums begin with, or null for 0.
    /// </summary>
    public abstract void MultiplyTransposed(T* a, nint aRow, T* b, nint bRow, T* c, nint cRow, int m, int n, int k, T* start);
}
