namespace BpTrainer.Networks;

/// <summary>Where the parameters of a layer are in the flat block of its network, counted in numbers.</summary>
/// <remarks>
/// A wide layer stores its weights as inputs × outputs. Its rows are padded with zeros to whole vectors, and the number of rows to a
/// multiple of 8; x·W then runs along the rows. A narrow layer, with fewer outputs than a vector can use, stores its weights as outputs ×
/// inputs; x·W is then a few dot products. The weights are followed by the biases and, for a PReLU, by the learned slopes. Padding weights
/// are 0 and stay 0, because their gradients are 0.
/// <para>
/// The first layer of a network with encoded inputs reads the codes after the inputs. It is always wide, and the weights of the codes
/// follow those of the inputs, beginning at a multiple of 8 rows.
/// </para>
/// </remarks>
internal sealed class LayerLayout
{
    /// <summary>Layers with fewer outputs than this are narrow.</summary>
    private const int NarrowBelow = 8;

    /// <summary>The number of rows of weights is a multiple of this, the height of the tiles in the matrix kernels.</summary>
    private const int RowGroup = 8;

    private readonly int[] _firstCodeRows;

    private LayerLayout(
        LayerSpec spec, int inputs, PiecewiseLinearEncoding? encoding, int offset, Func<int, int> pad, Func<int, int> stride, bool isLast)
    {
        Spec = spec;
        HasSlopes = spec.Activation.InitialSlope is not null;
        DenseInputs = inputs;
        Codes = encoding?.Codes ?? 0;
        Inputs = checked(inputs + Codes);
        PaddedInputs = pad(inputs);
        PaddedOutputs = pad(spec.Units);
        WeightOffset = offset;
        IsNarrow = spec.Units < NarrowBelow && Codes == 0;
        RowStride = stride(IsNarrow ? inputs : spec.Units);
        FirstCodeRow = IsNarrow ? spec.Units : checked((inputs + RowGroup - 1) / RowGroup * RowGroup);
        Rows = checked(FirstCodeRow + Codes);
        CodeColumns = encoding is null ? [] : ArrangeCodes(encoding, FirstCodeRow);
        _firstCodeRows = Array.ConvertAll(CodeColumns, column => column.FirstRow);
        OutputStride = IsNarrow && isLast ? spec.Units : stride(spec.Units);
        BiasOffset = checked(offset + (Rows * RowStride));
        BiasLength = stride(spec.Units);
        SlopeOffset = checked(BiasOffset + BiasLength);
        SlopeLength = HasSlopes ? BiasLength : 0;
        End = checked(SlopeOffset + SlopeLength);
    }

    public LayerSpec Spec { get; }

    /// <summary>The number of weights of a unit: <see cref="DenseInputs"/> + <see cref="Codes"/>.</summary>
    public int Inputs { get; }

    /// <summary>The number of inputs that are values of a row.</summary>
    public int DenseInputs { get; }

    /// <summary>The number of codes that the layer reads after the <see cref="DenseInputs"/>; 0 if the inputs are not encoded.</summary>
    public int Codes { get; }

    /// <summary>The stored row of weights of the first code, after all other rows.</summary>
    public int FirstCodeRow { get; }

    /// <summary>For every column with codes, the stored row of weights of the first code, and the number of codes.</summary>
    public (int FirstRow, int Codes)[] CodeColumns { get; }

    public int Outputs => Spec.Units;

    /// <summary><see cref="DenseInputs"/>, padded to whole vectors: the length of products of rows.</summary>
    public int PaddedInputs { get; }

    /// <summary><see cref="Outputs"/>, padded to whole vectors.</summary>
    public int PaddedOutputs { get; }

    /// <summary>Whether the weights are stored outputs × inputs.</summary>
    public bool IsNarrow { get; }

    public int WeightOffset { get; }

    /// <summary>The number of stored rows of weights, including padding.</summary>
    public int Rows { get; }

    /// <summary>The distance between stored rows of weights.</summary>
    public int RowStride { get; }

    public int BiasOffset { get; }

    public int BiasLength { get; }

    /// <summary>Where the learned slopes of the activation begin, one for each unit.</summary>
    public int SlopeOffset { get; }

    /// <summary>The length of the learned slopes with padding; 0 if there are none.</summary>
    public int SlopeLength { get; }

    public bool NeedsForwardCache => Spec.Activation.NeedsForwardCache;

    public bool HasSlopes { get; }

    /// <summary>The number of parameters that training changes or could change; a shared bias counts once.</summary>
    public long ParameterCount => ((long)Inputs * Outputs) + (Spec.Bias == BiasKind.Shared ? 1 : Outputs) + (HasSlopes ? Outputs : 0);

    public int End { get; }

    /// <summary>
    /// The distance between the outputs of two samples in the matrices of a batch: whole vectors, except that narrow outputs of the network
    /// are packed, so that the loss is computed on dense memory.
    /// </summary>
    public int OutputStride { get; }

    public int WeightIndex(int input, int output) =>
        WeightOffset + (IsNarrow ? (output * RowStride) + input : (StoredRow(input) * RowStride) + output);

    /// <summary>The index in <see cref="CodeColumns"/> of the column that has this stored row of weights.</summary>
    public int CodeColumnOf(int row)
    {
        int column = Array.BinarySearch(_firstCodeRows, row);
        return column >= 0 ? column : ~column - 1;
    }

    private int StoredRow(int input) => input < DenseInputs ? input : input - DenseInputs + FirstCodeRow;

    private static (int FirstRow, int Codes)[] ArrangeCodes(PiecewiseLinearEncoding encoding, int row)
    {
        var columns = new List<(int, int)>();
        for (int c = 0; c < encoding.Columns; c++)
        {
            if (encoding.EdgesOf(c).Length is > 0 and int codes)
            {
                columns.Add((row, codes));
                row += codes;
            }
        }

        return [.. columns];
    }

    /// <summary>
    /// The number of floating-point operations of training on some samples: the forward pass, the backward pass and the gradient each take
    /// a multiplication and an addition for every weight.
    /// </summary>
    public static double Operations(LayerLayout[] layouts, int samples) =>
        6.0 * samples * layouts.Sum(layout => (double)layout.Inputs * layout.Outputs);

    /// <exception cref="ArgumentException">There are more parameters than an array can hold.</exception>
    public static LayerLayout[] Arrange<T>(int inputs, IReadOnlyList<LayerSpec> layers, PiecewiseLinearEncoding? encoding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var layouts = new LayerLayout[layers.Count];
        int offset = 0;
        for (int k = 0; k < layouts.Length; k++)
        {
            try
            {
                bool isLast = k == layouts.Length - 1;
                layouts[k] = new LayerLayout(
                    layers[k], inputs, k == 0 ? encoding : null, offset, AlignedBuffer<T>.Pad, AlignedBuffer<T>.Stride, isLast);
            }
            catch (OverflowException error)
            {
                string bytes = MemorySize.Text(MemorySize.Of<T>((double)inputs * layers[k].Units));
                throw new ArgumentException(
                    $"The network is too large: with layer {k + 1} of {layouts.Length}, "
                    + $"{inputs} inputs × {layers[k].Units} units in {bytes}, "
                    + $"its parameters do not fit into an array, which has at most {Array.MaxLength} numbers.",
                    nameof(layers),
                    error);
            }

            offset = layouts[k].End;
            inputs = layers[k].Units;
        }

        return layouts;
    }
}

/// <summary>The kinds of parameters of a layer.</summary>
internal enum ParameterKind
{
    Weights,
    Biases,
    Slopes,
}

/// <summary>
/// Some stored rows of the weights of a layer, the rows of one column of codes, its biases or its slopes: a thread computes the gradient of
/// such a part at once.
/// </summary>
internal readonly record struct ParameterPart(int Layer, ParameterKind Kind, int FirstRow, int EndRow, int Offset, int Length)
{
    /// <summary>
    /// The number of rows of a part. The columns of x that it reads and a panel of δ then fit into the first-level cache together, and its
    /// gradient fits into the second-level cache.
    /// </summary>
    public const int PartRows = Kernel.PackedRows;

    public static ParameterPart Row(LayerLayout layout, int layer, int row) => Rows(layout, layer, row, row + 1);

    /// <summary>The part of some stored rows of weights.</summary>
    public static ParameterPart Rows(LayerLayout layout, int layer, int first, int end) => new(
        layer, ParameterKind.Weights, first, end, layout.WeightOffset + (first * layout.RowStride), (end - first) * layout.RowStride);

    /// <summary>Splits all parameters into parts, in their order.</summary>
    public static ParameterPart[] Cut(LayerLayout[] layouts)
    {
        var parts = new List<ParameterPart>();
        for (int k = 0; k < layouts.Length; k++)
        {
            LayerLayout layout = layouts[k];
            int denseRows = layout.Rows - layout.Codes;
            for (int row = 0; row < denseRows; row += PartRows)
            {
                parts.Add(Rows(layout, k, row, Math.Min(row + PartRows, denseRows)));
            }

            parts.AddRange(layout.CodeColumns.Select(column => Rows(layout, k, column.FirstRow, column.FirstRow + column.Codes)));

            parts.Add(new ParameterPart(k, ParameterKind.Biases, 0, 0, layout.BiasOffset, layout.BiasLength));
            if (layout.HasSlopes)
            {
                parts.Add(new ParameterPart(k, ParameterKind.Slopes, 0, 0, layout.SlopeOffset, layout.SlopeLength));
            }
        }

        return [.. parts];
    }
}
