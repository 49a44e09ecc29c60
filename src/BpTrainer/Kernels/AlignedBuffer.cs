using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace BpTrainer.Kernels;

/// <summary>
/// A block of numbers that starts on a 64-byte boundary (the size of the widest vector and of a cache line) and never moves. After its end
/// it is padded to whole vectors with zeros, which may be read.
/// </summary>
/// <remarks>
/// The array is on the pinned heap, where objects never move but unreachable ones are freed. The only way to get a pointer is
/// <c>fixed (T* p = buffer)</c>, which keeps the array reachable to the end of the block, even if the buffer and its owners become
/// unreachable. It only stores a reference on the stack. For null, the pointer is null.
/// </remarks>
internal sealed unsafe class AlignedBuffer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const int Alignment = 64;

    private readonly T[] _array;
    private readonly int _start;
    private readonly nint _startBytes;

    public AlignedBuffer(int length)
    {
        Length = length;
        _array = GC.AllocateArray<T>(checked(Pad(length) + Lanes), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref _array[0]);
        _startBytes = (nint)((Alignment - (address % Alignment)) % Alignment);
        _start = (int)_startBytes / sizeof(T);
    }

    private AlignedBuffer(AlignedBuffer<T> whole, int start, int length)
    {
        Length = length;
        _array = whole._array;
        _start = whole._start + start;
        _startBytes = _start * (nint)sizeof(T);
    }

    public int Length { get; }

    public Span<T> Span => _array.AsSpan(_start, Length);

    public ReadOnlyMemory<T> Memory => _array.AsMemory(_start, Length);

    /// <summary>The number of values in a cache line and in the widest vector; rows are padded to it.</summary>
    public static int Lanes => Alignment / sizeof(T);

    /// <summary>The next multiple of <see cref="Lanes"/>.</summary>
    public static int Pad(int length) => checked((length + Lanes - 1) / Lanes * Lanes);

    /// <summary>
    /// The distance between rows with this number of columns: whole vectors, and one more if it would otherwise be a multiple of 1 kB. The
    /// columns of such rows would compete for a few places in the cache, and matrix products would lose a third of their speed.
    /// </summary>
    public static int Stride(int columns)
    {
        int padded = Pad(columns);
        return padded * sizeof(T) % 1024 == 0 ? checked(padded + Lanes) : padded;
    }

    /// <summary>Where the numbers begin, for the <c>fixed</c> statement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T GetPinnableReference() => ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(_array), _startBytes);

    /// <summary>
    /// Creates consecutive blocks; their distance is the length, padded to whole vectors. A pointer to the first block keeps all of them
    /// reachable.
    /// </summary>
    public static AlignedBuffer<T>[] InARow(int count, int length)
    {
        var whole = new AlignedBuffer<T>(checked(count * Pad(length)));
        return [.. Enumerable.Range(0, count).Select(k => new AlignedBuffer<T>(whole, k * Pad(length), length))];
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

/// <summary>Asks the processor to load memory into the cache that will be read soon. It does not change results.</summary>
internal static unsafe class Prefetch
{
    private const int LineBytes = 64;

    /// <summary>Prefetches the first two lines; the processor prefetches the following ones by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Start(void* address)
    {
        Line(address);
        Line((byte*)address + LineBytes);
    }

    /// <summary>Prefetches a line that will be read later or written, and for which the first-level cache is too small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SecondLevel(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}

/// <summary>Two ranges of memory of the same length that will be read soon; empty by default.</summary>
internal readonly unsafe ref struct Upcoming(void* first, void* second, nint bytes)
{
    public byte* First { get; } = (byte*)first;

    public byte* Second { get; } = (byte*)second;

    public nint Bytes { get; } = bytes;
}
