using BpTrainer.Kernels;

namespace BpTrainer.Networks;

/// <summary>What parameters of a layer are for.</summary>
internal enum ParameterKind
{
    Weights,
    Biases,

    /// <summary>The learned slopes of the activation.</summary>
    Slopes,
}

/// <summary>
/// Some stored rows of the weights of a layer, its biases or its slopes: what one thread computes the gradient of in one go.
/// </summary>
internal readonly record struct ParameterPart(int Layer, ParameterKind Kind, int FirstRow, int EndRow, int Offset, int Length)
{
    /// <summary>
    /// Rows of a part. The columns of x that it reads and a panel of δ then fit the first-level cache together, and its
    /// gradient fits the second.
    /// </summary>
    public const int PartRows = Kernel.PackedRows;

    /// <summary>One stored row of weights.</summary>
    public static ParameterPart Row(LayerLayout layout, int layer, int row) => new(
        layer, ParameterKind.Weights, row, row + 1, layout.WeightOffset + (row * layout.RowStride), layout.RowStride);

    /// <summary>Cuts all parameters into parts, in their order.</summary>
    public static ParameterPart[] Cut(LayerLayout[] layouts)
    {
        var parts = new List<ParameterPart>();
        for (int k = 0; k < layouts.Length; k++)
        {
            LayerLayout layout = layouts[k];
            for (int row = 0; row < layout.Rows; row += PartRows)
            {
                int end = Math.Min(row + PartRows, layout.Rows);
                parts.Add(new ParameterPart(
                    k, ParameterKind.Weights, row, end, layout.WeightOffset + (row * layout.RowStride), (end - row) * layout.RowStride));
            }

            parts.Add(new ParameterPart(k, ParameterKind.Biases, 0, 0, layout.BiasOffset, layout.BiasLength));
            if (layout.HasSlopes)
            {
                parts.Add(new ParameterPart(k, ParameterKind.Slopes, 0, 0, layout.SlopeOffset, layout.SlopeLength));
            }
        }

        return [.. parts];
    }
}
