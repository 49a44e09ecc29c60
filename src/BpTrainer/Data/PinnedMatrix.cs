using System.Buffers;
using BpTrainer.Scalings;

namespace BpTrainer.Data;

/// <summary>A matrix of a data set in one or more parts of memory, pinned until disposal.</summary>
/// <remarks>
/// Only here does a pointer outlive the statement that creates it. It belongs to a <see cref="MemoryHandle"/>, which keeps the memory and
/// its owner alive. The code that reads rows disposes the matrix after the training, which keeps it reachable until then.
/// </remarks>
internal sealed unsafe class PinnedMatrix<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MemoryHandle[] _pins;
    private readonly int _partRows;
    private readonly int _columns;
    private readonly bool _isJoined;

    /// <summary>Pins a matrix; all parts except the last have <paramref name="partRows"/> rows.</summary>
    public PinnedMatrix(ReadOnlySpan<ReadOnlyMemory<T>> parts, int partRows, int columns)
    {
        _partRows = partRows;
        _columns = columns;
        _isJoined = parts.Length > 1;
        _pins = new MemoryHandle[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            _pins[i] = parts[i].Pin();
        }
    }

    /// <summary>The start of the row of a sample, which is numbered as in <see cref="DataSet{T}.SampleNumbers()"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Row(int sample) => _isJoined ? RowOfPart(sample) : (T*)_pins[0].Pointer + (sample * (nint)_columns);

    /// <summary>Unpins the memory; a second call does nothing.</summary>
    public void Dispose()
    {
        // Dispose in place: a handle is reset when it is disposed, but a copy of it is not, and disposing both would undo someone else's
        // pin.
        foreach (ref MemoryHandle pin in _pins.AsSpan())
        {
            pin.Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T* RowOfPart(int sample)
    {
        (int part, int row) = Math.DivRem(sample, _partRows);
        return (T*)_pins[part].Pointer + (row * (nint)_columns);
    }
}

/// <summary>Samples that are contiguous in memory: all matrices are stored row after row, without weights if they are equal.</summary>
/// <param name="Inputs">Empty if the inputs are in <paramref name="Sparse"/>.</param>
/// <param name="Targets">rows × targets.</param>
/// <param name="Weights">One per row, or empty.</param>
/// <param name="Sparse">The inputs without their zeros; null if they are in <paramref name="Inputs"/>.</param>
internal readonly record struct DataPart<T>(
    ReadOnlyMemory<T> Inputs, ReadOnlyMemory<T> Targets, ReadOnlyMemory<T> Weights, SparseMatrix<T>? Sparse = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Copies a row of data to the place where a network reads it.</summary>
internal static unsafe class RowCopy
{
    /// <summary>From this number of values on, a call is faster than a loop.</summary>
    private const int CalledFrom = 8;

    /// <summary>to ← the row, scaled if there is a scaling.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<T>(T* row, T* to, int columns, ScalingFunction<T>? scaling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (scaling is not null)
        {
            scaling.Apply(row, to, columns);
            return;
        }

        if (columns >= CalledFrom)
        {
            new ReadOnlySpan<T>(row, columns).CopyTo(new Span<T>(to, columns));
            return;
        }

        for (int c = 0; c < columns; c++)
        {
            to[c] = row[c];
        }
    }
}
