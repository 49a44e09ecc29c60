using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer.Kernels;

/// <summary>
/// A block of numbers that starts on a 64-byte boundary, as wide as the widest vector and a cache line, and never moves.
/// It lives on the pinned heap, so the collector frees it when nobody refers to it. Behind its length, up to whole vectors,
/// lie zeros that may be read.
/// </summary>
internal sealed unsafe class AlignedBuffer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const int Alignment = 64;

    private readonly T[] _array;
    private readonly int _start;

    public AlignedBuffer(int length)
    {
        Length = length;
        _array = GC.AllocateArray<T>(checked(Pad(length) + Lanes), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref _array[0]);
        _start = (int)((Alignment - (address % Alignment)) % Alignment) / sizeof(T);
        Pointer = (T*)address + _start;
    }

    public int Length { get; }

    /// <summary>Valid as long as this object is reachable.</summary>
    public T* Pointer { get; }

    public Span<T> Span => _array.AsSpan(_start, Length);

    /// <summary>The number of values in a cache line and in the widest vector; rows are padded to it.</summary>
    public static int Lanes => Alignment / sizeof(T);

    /// <summary>The next multiple of <see cref="Lanes"/>.</summary>
    public static int Pad(int length) => checked((length + Lanes - 1) / Lanes * Lanes);

    /// <summary>
    /// The distance between rows of so many columns: whole vectors, and one more where it would be a multiple of 1 kB.
    /// Equal columns of such rows would share few places of the cache: matrix products lost a third of their speed.
    /// </summary>
    public static int Stride(int columns)
    {
        int padded = Pad(columns);
        return padded * sizeof(T) % 1024 == 0 ? checked(padded + Lanes) : padded;
    }

    /// <summary>Whether all numbers from <paramref name="first"/> up to <paramref name="end"/> are finite.</summary>
    public bool IsFinite(int first, int end)
    {
        foreach (T value in Span[first..end])
        {
            if (!T.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    public AlignedBuffer<T> Clone()
    {
        var copy = new AlignedBuffer<T>(Length);
        Span.CopyTo(copy.Span);
        return copy;
    }
}
