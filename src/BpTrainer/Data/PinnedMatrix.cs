using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>One matrix of a data set, in one or more parts of memory that stay where they are until disposal.</summary>
internal sealed unsafe class PinnedMatrix<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MemoryHandle[] _pins;
    private readonly T*[] _parts;
    private readonly T* _first;
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
        _parts = new T*[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            _pins[i] = parts[i].Pin();
            _parts[i] = (T*)_pins[i].Pointer;
        }

        _first = _parts[0];
    }

    /// <summary>Where the row of a sample begins, numbered as <see cref="DataSet{T}.SampleNumbers()"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Row(int sample) => _isJoined ? RowOfPart(sample) : _first + (sample * (nint)_columns);

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
        return _parts[part] + (row * (nint)_columns);
    }
}
