namespace BpTrainer;

/// <summary>Which instructions the arithmetic of networks uses.</summary>
public enum KernelKind
{
    /// <summary>Plain loops: the reference that the others are tested against.</summary>
    Naive = 0,

    /// <summary>Vectors of 16 bytes: SSE, NEON, WebAssembly.</summary>
    Vector128 = 1,

    /// <summary>Vectors of 32 bytes: AVX2.</summary>
    Vector256 = 2,

    /// <summary>Vectors of 64 bytes: AVX-512.</summary>
    Vector512 = 3,
}
