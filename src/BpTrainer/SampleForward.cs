using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>The forward pass of one sample through one layer, without the calls that only pay for blocks of rows.</summary>
internal static unsafe class SampleForward<TSimd, TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>z = x·W + b. x is padded with zeros to whole vectors, and so is z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NetInput(LayerLayout layout, T* parameters, T* x, T* z)
    {
        T* weights = parameters + layout.WeightOffset;
        T* biases = parameters + layout.BiasOffset;
        if (!layout.IsNarrow)
        {
            Tiles<TSimd, TVector, T>.Row(x, 1, weights, layout.RowStride, z, biases, layout.RowStride, layout.Inputs);
            return;
        }

        for (int o = 0; o < layout.Outputs; o++, weights += layout.RowStride)
        {
            z[o] = biases[o] + Dot(weights, x, layout.RowStride);
        }

        for (int o = layout.Outputs; o < layout.OutputStride; o++)
        {
            z[o] = T.Zero;
        }
    }

    /// <summary>Σ xᵢ yᵢ; count is a multiple of the vectors' length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Dot(T* x, T* y, int count)
    {
        TVector sum = default;
        for (int i = 0; i < count; i += TSimd.Count)
        {
            sum = TSimd.MultiplyAdd(TSimd.Load(x + i), TSimd.Load(y + i), sum);
        }

        return TSimd.Sum(sum);
    }
}
