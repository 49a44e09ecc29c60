using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>One matrix of a data set, in one or more parts of memory that stay where they are until disposal.</summary>
/// <remarks>
/// Here alone a pointer outlives the statement that it comes from. It is that of a <see cref="MemoryHandle"/>, which keeps the memory and its
/// owner until <see cref="Dispose"/>; whoever asks for rows disposes of the matrix when the training is over, and so keeps it reachable until then.
/// </remarks>
internal sealed unsafe class PinnedMatrix<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MemoryHandle[] _pins;
    private readonly int _partRows;
    private readonly int _columns;
    private readonly bool _isJoined;

    /// <summary>Pins the matrix.</summary>
    /// <param name="parts">The matrix; all parts but the last have <paramref name="partRows"/> rows.</param>
    /// <param name="partRows">The rows of a part.</param>
    /// <param name="columns">The numbers of a row.</param>
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

    /// <summary>Where the row of a sample begins, numbered as <see cref="DataSet{T}.SampleNumbers()"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Row(int sample) => _isJoined ? RowOfPart(sample) : (T*)_pins[0].Pointer + (sample * (nint)_columns);

    public void Dispose()
    {
        foreach (MemoryHandle pin in _pins)
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
