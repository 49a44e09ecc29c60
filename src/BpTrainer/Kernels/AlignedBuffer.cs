using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace BpTrainer.Kernels;

/// <summary>
/// A block of numbers that starts on a 64-byte boundary, as wide as the widest vector and a cache line, and never moves. Behind its length,
/// up to whole vectors, lie zeros that may be read.
/// </summary>
/// <remarks>
/// The array lives on the pinned heap, where nothing moves but everything that is unreachable is freed. The only way to a pointer is
/// <c>fixed (T* p = buffer)</c>, which keeps the array reachable up to the end of the block, whatever becomes of the buffer and of those
/// who hold it. It costs nothing but to store a reference on the stack. For null it gives null.
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
    /// The distance between rows of this many columns: whole vectors, and one more where it would be a multiple of 1 kB. Equal columns of
    /// such rows would share few places of the cache: matrix products lost a third of their speed.
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
    /// Makes blocks that lie one behind another, the length up to whole vectors apart: a pointer to the first keeps them all.
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

/// <summary>Asks the processor to bring memory into the cache that will be read soon. It changes no result.</summary>
internal static unsafe class Prefetch
{
    private const int LineBytes = 64;

    /// <summary>The first two lines; the processor finds those behind by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Start(void* address)
    {
        Line(address);
        Line((byte*)address + LineBytes);
    }

    /// <summary>A line that will be read later, or written, for which the first-level cache is too small.</summary>
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

/// <summary>Two stretches of memory of the same length that will be read soon; none by default.</summary>
internal readonly unsafe ref struct Upcoming(void* first, void* second, nint bytes)
{
    public byte* First { get; } = (byte*)first;

    public byte* Second { get; } = (byte*)second;

    public nint Bytes { get; } = bytes;
}
