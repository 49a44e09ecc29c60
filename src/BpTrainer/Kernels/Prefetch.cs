using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace BpTrainer.Kernels;

/// <summary>Asks the processor to bring memory into the cache that will be read soon. It changes no result.</summary>
internal static unsafe class Prefetch
{
    private const int LineBytes = 64;

    /// <summary>The first two lines; the processor finds those behind by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Start(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
            Sse.Prefetch0((byte*)address + LineBytes);
        }
    }

    /// <summary>The line of an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
