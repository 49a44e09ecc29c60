using BpTrainer.Networks;

namespace BpTrainer.Prediction;

/// <summary>The products of one sample with the weights of a layer, without the calls that only pay for blocks of rows.</summary>
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
            Multiply(x, weights, layout.RowStride, z, biases, layout.PaddedOutputs, layout.DenseInputs);
            return;
        }

        for (int o = 0; o < layout.Outputs; o++, weights += layout.RowStride)
        {
            z[o] = biases[o] + Dot(weights, x, layout.PaddedInputs);
        }

        for (int o = layout.Outputs; o < layout.OutputStride; o++)
        {
            z[o] = T.Zero;
        }
    }

    /// <summary>
    /// c = s + a·B for one row of k numbers and B of k × n, bRow apart; n is a multiple of the vectors' length, and s null for 0.
    /// </summary>
    /// <remarks>
    /// Four sums at a time: two vectors of columns, and of each the terms with even and odd index apart. They do not wait for each other,
    /// which counts where a sum has ten terms and a multiply-add takes four cycles.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(T* a, T* b, nint bRow, T* c, T* s, int n, int k)
    {
        int j = 0;
        for (; j + (2 * TSimd.Count) <= n; j += 2 * TSimd.Count)
        {
            TVector even0 = s is null ? default : TSimd.Load(s + j);
            TVector even1 = s is null ? default : TSimd.Load(s + j + TSimd.Count);
            TVector odd0 = default, odd1 = default;
            T* from = b + j;
            int p = 0;
            for (; p + 2 <= k; p += 2, from += 2 * bRow)
            {
                TVector x = TSimd.Broadcast(a[p]);
                even0 = TSimd.MultiplyAdd(x, TSimd.Load(from), even0);
                even1 = TSimd.MultiplyAdd(x, TSimd.Load(from + TSimd.Count), even1);
                TVector y = TSimd.Broadcast(a[p + 1]);
                odd0 = TSimd.MultiplyAdd(y, TSimd.Load(from + bRow), odd0);
                odd1 = TSimd.MultiplyAdd(y, TSimd.Load(from + bRow + TSimd.Count), odd1);
            }

            if (p < k)
            {
                TVector x = TSimd.Broadcast(a[p]);
                even0 = TSimd.MultiplyAdd(x, TSimd.Load(from), even0);
                even1 = TSimd.MultiplyAdd(x, TSimd.Load(from + TSimd.Count), even1);
            }

            TSimd.Store(TSimd.Add(even0, odd0), c + j);
            TSimd.Store(TSimd.Add(even1, odd1), c + j + TSimd.Count);
        }

        if (j < n)
        {
            TVector sum = s is null ? default : TSimd.Load(s + j);
            T* from = b + j;
            for (int p = 0; p < k; p++, from += bRow)
            {
                sum = TSimd.MultiplyAdd(TSimd.Broadcast(a[p]), TSimd.Load(from), sum);
            }

            TSimd.Store(sum, c + j);
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
