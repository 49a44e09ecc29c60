using System.Numerics;
using System.Runtime.Intrinsics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>Chooses the instructions for networks, once, by what the processor can do.</summary>
public static class Kernel
{
    /// <summary>The environment variable that forces a kernel at start: naive, vector128, vector256 or vector512.</summary>
    public const string EnvironmentVariable = "BPTRAINER_KERNEL";

    /// <summary>Read when first asked for, so that a wrong one is reported as it is and not as a failure to load this class.</summary>
    private static Lazy<KernelKind> s_default = new(FromEnvironment);

    /// <summary>The widest kernel that this processor supports.</summary>
    public static KernelKind Best =>
        IsSupported(KernelKind.Vector512) ? KernelKind.Vector512
        : IsSupported(KernelKind.Vector256) ? KernelKind.Vector256
        : IsSupported(KernelKind.Vector128) ? KernelKind.Vector128
        : KernelKind.Naive;

    /// <summary>
    /// The kernel of networks and trainings that are made from now on. Default <see cref="Best"/>, or what
    /// <see cref="EnvironmentVariable"/> says.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">This processor does not support the kernel.</exception>
    public static KernelKind Default
    {
        get => s_default.Value;
        set => s_default = new(Check(value));
    }

    /// <summary>Whether this processor can run a kernel.</summary>
    /// <param name="kind">The kernel.</param>
    /// <returns>Whether it can.</returns>
    public static bool IsSupported(KernelKind kind) => kind switch
    {
        KernelKind.Vector512 => Simd512<float>.IsSupported,
        KernelKind.Vector256 => Simd256<float>.IsSupported,
        KernelKind.Vector128 => Simd128<float>.IsSupported,
        _ => kind == KernelKind.Naive,
    };

    internal static KernelKind Check(KernelKind kind) => IsSupported(kind)
        ? kind
        : throw new PlatformNotSupportedException($"The kernel {kind} is not supported by this processor; the best that is supported is {Best}.");

    internal static MatrixKernel<T> CreateMatrixKernel<T>(KernelKind kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        kind == KernelKind.Naive ? new NaiveKernel<T>() : Create<T, MatrixKernel<T>, MatrixKernelFactory<T>>(kind, default);

    /// <summary>Makes something in the version for a kernel. The naive one is made of vectors of one number.</summary>
    internal static TResult Create<T, TResult, TFactory>(KernelKind kind, TFactory factory)
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
        if (string.IsNullOrWhiteSpace(text))
        {
            return Best;
        }

        return Enum.TryParse(text, ignoreCase: true, out KernelKind kind) && Enum.IsDefined(kind)
            ? Check(kind)
            : throw new PlatformNotSupportedException(
                $"{EnvironmentVariable} is '{text}', but must be one of {string.Join(", ", Enum.GetNames<KernelKind>())}.");
    }

    private readonly struct MatrixKernelFactory<T> : ISimdFactory<T, MatrixKernel<T>>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public MatrixKernel<T> Create<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => new SimdKernel<TSimd, TVector, T>();
    }
}
