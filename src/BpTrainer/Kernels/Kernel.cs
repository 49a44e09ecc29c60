using System.Runtime.Intrinsics;

namespace BpTrainer.Kernels;

/// <summary>The instructions that the arithmetic of networks uses.</summary>
internal enum KernelKind
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

/// <summary>Chooses the kernel, by what the processor supports and by the environment.</summary>
internal static class Kernel
{
    /// <summary>The environment variable that forces a kernel at start: naive, vector128, vector256 or vector512.</summary>
    public const string EnvironmentVariable = "BPTRAINER_KERNEL";

    /// <summary>The number of rows of a transposed matrix that a kernel packs together before a product: one cache line as float.</summary>
    public const int PackedRows = 16;

    /// <summary>Read on first use, so that an unknown name is reported as such and not as a failure to load this class.</summary>
    private static readonly Lazy<KernelKind> s_default = new(FromEnvironment);

    /// <summary>The widest kernel that this processor supports.</summary>
    public static KernelKind Best => IsSupported(KernelKind.Vector512) ? KernelKind.Vector512
        : IsSupported(KernelKind.Vector256) ? KernelKind.Vector256
        : IsSupported(KernelKind.Vector128) ? KernelKind.Vector128
        : KernelKind.Naive;

    /// <summary>The default kernel: <see cref="Best"/>, or the kernel that <see cref="EnvironmentVariable"/> names.</summary>
    public static KernelKind Default => s_default.Value;

    public static bool IsSupported(KernelKind kind) => kind switch
    {
        KernelKind.Vector512 => Simd512<float>.IsSupported,
        KernelKind.Vector256 => Simd256<float>.IsSupported,
        KernelKind.Vector128 => Simd128<float>.IsSupported,
        _ => kind == KernelKind.Naive,
    };

    public static KernelKind Check(KernelKind kind) => IsSupported(kind)
        ? kind
        : throw new PlatformNotSupportedException(
            $"The kernel {kind} is not supported by this processor; the best that is supported is {Best}.");

    public static MatrixKernel<T> CreateMatrixKernel<T>(KernelKind kind) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        kind == KernelKind.Naive ? new NaiveKernel<T>() : Create<T, MatrixKernel<T>, MatrixKernelFactory<T>>(kind, default);

    /// <summary>Creates the version of an object for a kernel. The naive version uses vectors of one number.</summary>
    public static TResult Create<T, TResult, TFactory>(KernelKind kind, TFactory factory)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFactory : ISimdFactory<T, TResult> => kind switch
        {
            KernelKind.Vector512 => factory.Create<Simd512<T>, Vector512<T>>(),
            KernelKind.Vector256 => factory.Create<Simd256<T>, Vector256<T>>(),
            KernelKind.Vector128 => factory.Create<Simd128<T>, Vector128<T>>(),
            _ => factory.Create<SimdScalar<T>, T>(),
        };

    private static KernelKind FromEnvironment()
    {
        string? text = Environment.GetEnvironmentVariable(EnvironmentVariable);
        return string.IsNullOrWhiteSpace(text) ? Best
            : Enum.TryParse(text, ignoreCase: true, out KernelKind kind) && Enum.IsDefined(kind)
            ? Check(kind)
            : throw new PlatformNotSupportedException(
                $"{EnvironmentVariable} is '{text}', but must be one of {string.Join(", ", Enum.GetNames<KernelKind>())}.");
    }

    private readonly struct MatrixKernelFactory<T> : ISimdFactory<T, MatrixKernel<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public MatrixKernel<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            new SimdKernel<TSimd, TVector, T>();
    }
}
