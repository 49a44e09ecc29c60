using System.Numerics;

namespace BpTrainer;

/// <summary>Samples that lie one after another in memory.</summary>
/// <param name="Inputs">rows × inputs, row after row; empty if they are in <paramref name="Sparse"/>.</param>
/// <param name="Targets">rows × targets, row after row.</param>
/// <param name="Weights">The weight of each row; empty for equal weights.</param>
/// <param name="Sparse">The inputs without their zeros; null if they are in <paramref name="Inputs"/>.</param>
internal readonly record struct DataPart<T>(ReadOnlyMemory<T> Inputs, ReadOnlyMemory<T> Targets, ReadOnlyMemory<T> Weights, SparseMatrix<T>? Sparse = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
