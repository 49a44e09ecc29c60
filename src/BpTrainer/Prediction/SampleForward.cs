using BpTrainer.Activations;
using BpTrainer.Networks;

namespace BpTrainer.Prediction;

/// <summary>Computes a layer for one sample, a block of vectors at a time; small layers have only one block.</summary>
internal static unsafe class SampleForward<TSimd, TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>a = f(x·W + b) for a layer that is not narrow; a is padded with zeros to whole blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wide<TOperator>(LayerLayout layout, TOperator f, T* parameters, T* x, T* a) where TOperator : struct, IElementwise<T>
    {
        T* weights = parameters + layout.WeightOffset;
        T* biases = parameters + layout.BiasOffset;
        int inputs = layout.DenseInputs, columns = layout.PaddedOutputs, row = layout.RowStride;
        for (int c = 0; c < columns; c += TSimd.Count)
        {
            TVector z = NetInput(x, inputs, weights + c, row, biases + c);
            TSimd.Store(f.Value<TSimd, TVector>(z), a + c);
        }

        if (!TOperator.KeepsZero)
        {
            new Span<T>(a + layout.Outputs, columns - layout.Outputs).Clear();
        }
    }

    /// <summary>z = x·W + b for a narrow layer; x is padded with zeros to whole blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Narrow(LayerLayout layout, T* parameters, T* x, T* z)
    {
        T* weights = parameters + layout.WeightOffset;
        T* biases = parameters + layout.BiasOffset;
        int outputs = layout.Outputs, columns = layout.PaddedInputs, row = layout.RowStride;
        for (int o = 0; o < outputs; o++, weights += row)
        {
            z[o] = biases[o] + Dot(x, weights, columns);
        }
    }

    /// <summary>b + x·W for a block of columns of k × n weights, <paramref name="row"/> apart.</summary>
    /// <remarks>
    /// The terms with even and odd indices have separate sums, which are independent of each other. This matters if a sum has ten terms and
    /// a multiply-add takes four cycles.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector NetInput(T* x, int k, T* weights, nint row, T* biases)
    {
        TVector even = TSimd.Load(biases), odd = default;
        int p = 0;
        for (; p + 2 <= k; p += 2, weights += 2 * row)
        {
            even = TSimd.MultiplyAdd(TSimd.Broadcast(x[p]), TSimd.Load(weights), even);
            odd = TSimd.MultiplyAdd(TSimd.Broadcast(x[p + 1]), TSimd.Load(weights + row), odd);
        }

        if (p < k)
        {
            even = TSimd.MultiplyAdd(TSimd.Broadcast(x[p]), TSimd.Load(weights), even);
        }

        return TSimd.Add(even, odd);
    }

    /// <summary>Σ xᵢ yᵢ; <paramref name="count"/> is a multiple of the block size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Dot(T* x, T* y, int count)
    {
        TVector sum = TSimd.Multiply(TSimd.Load(x), TSimd.Load(y));
        for (int i = TSimd.Count; i < count; i += TSimd.Count)
        {
            sum = TSimd.MultiplyAdd(TSimd.Load(x + i), TSimd.Load(y + i), sum);
        }

        return TSimd.Sum(sum);
    }
}
