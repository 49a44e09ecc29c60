using System.Numerics;

namespace BpTrainer.Kernels;

/// <summary>Chooses the kernel for this processor.</summary>
internal static class MatrixKernels
{
    public static MatrixKernel<T> Create<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => new NaiveKernel<T>();
}
