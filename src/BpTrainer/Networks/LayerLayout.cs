namespace BpTrainer.Networks;

/// <summary>Where the parameters of a layer lie in the flat block of its network, counted in numbers.</summary>
/// <remarks>
/// A wide layer stores its weights inputs × outputs, rows padded with zeros to whole vectors, the number of rows to a multiple of 8: x·W
/// then runs along the rows. A narrow layer, with fewer outputs than a vector can use, stores them outputs × inputs: there x·W is a few dot
/// products. The biases follow the weights, the learned slopes of a PReLU the biases. Padding weights are 0 and stay 0, because their
/// gradients are 0.
/// <para>
/// The first layer of a network with encoded inputs reads the codes behind the inputs. It is always wide, and the weights of the codes
/// follow those of the inputs, from a multiple of 8 rows on.
/// </para>
/// </remarks>
internal sealed class LayerLayout
{
    /// <summary>Layers with fewer outputs than this are narrow.</summary>
    private const int NarrowBelow = 8;

    /// <summary>Rows of weights come in groups of this many, the height of the tiles in the matrix kernels.</summary>
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

    /// <summary>The numbers that a unit has weights for: <see cref="DenseInputs"/> and <see cref="Codes"/>.</summary>
    public int Inputs { get; }

    /// <summary>The inputs that are numbers of a row.</summary>
    public int DenseInputs { get; }

    /// <summary>The codes that the layer reads behind the <see cref="DenseInputs"/>; 0 if the inputs are not encoded.</summary>
    public int Codes { get; }

    /// <summary>The stored row of weights of the first code, behind all others.</summary>
    public int FirstCodeRow { get; }

    /// <summary>Of every column with codes the stored row of weights of the first, and their number.</summary>
    public (int FirstRow, int Codes)[] CodeColumns { get; }

    public int Outputs => Spec.Units;

    /// <summary><see cref="DenseInputs"/> up to whole vectors: what products of rows go over.</summary>
    public int PaddedInputs { get; }

    /// <summary><see cref="Outputs"/> up to whole vectors.</summary>
    public int PaddedOutputs { get; }

    /// <summary>Whether the weights are stored outputs × inputs.</summary>
    public bool IsNarrow { get; }

    public int WeightOffset { get; }

    /// <summary>The stored rows of weights, padding included.</summary>
    public int Rows { get; }

    /// <summary>The distance from a stored row of weights to the next.</summary>
    public int RowStride { get; }

    public int BiasOffset { get; }

    public int BiasLength { get; }

    /// <summary>Where the learned slopes of the activation begin, one a unit.</summary>
    public int SlopeOffset { get; }

    /// <summary>The length of the learned slopes with padding; 0 if there are none.</summary>
    public int SlopeLength { get; }

    public bool NeedsForwardCache => Spec.Activation.NeedsForwardCache;

    public bool HasSlopes { get; }

    /// <summary>The number of parameters that training changes or could change; a shared bias counts once.</summary>
    public long ParameterCount => ((long)Inputs * Outputs) + (Spec.Bias == BiasKind.Shared ? 1 : Outputs) + (HasSlopes ? Outputs : 0);

    public int End { get; }

    /// <summary>
    /// The distance from one sample's outputs to the next sample's, in the matrices of a batch: whole vectors, but packed for narrow
    /// outputs of the network, whose loss is then computed on dense memory.
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
    /// The floating-point operations of training on a number of samples: forward, backward and gradient, a multiplication and an addition
    /// each for every weight.
    /// </summary>
    public static double Operations(LayerLayout[] layouts, int samples) =>
        6.0 * samples * layouts.Sum(layout => (double)layout.Inputs * layout.Outputs);

    /// <exception cref="ArgumentException">The parameters are more than an array can hold.</exception>
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
                    + $"its parameters do not fit an array any more, which has at most {Array.MaxLength} numbers.",
                    nameof(layers),
                    error);
            }

            offset = layouts[k].End;
            inputs = layers[k].Units;
        }

        return layouts;
    }
}

/// <summary>What parameters of a layer are for.</summary>
internal enum ParameterKind
{
    Weights,
    Biases,
    Slopes,
}

/// <summary>
/// Some stored rows of the weights of a layer, those of one column of codes, its biases or its slopes: what one thread computes the
/// gradient of in one go.
/// </summary>
internal readonly record struct ParameterPart(int Layer, ParameterKind Kind, int FirstRow, int EndRow, int Offset, int Length)
{
    /// <summary>
    /// Rows of a part. The columns of x that it reads and a panel of δ then fit the first-level cache together, and its gradient fits the
    /// second.
    /// </summary>
    public const int PartRows = Kernel.PackedRows;

    public static ParameterPart Row(LayerLayout layout, int layer, int row) => Rows(layout, layer, row, row + 1);

    /// <summary>Stored rows of weights.</summary>
    public static ParameterPart Rows(LayerLayout layout, int layer, int first, int end) => new(
        layer, ParameterKind.Weights, first, end, layout.WeightOffset + (first * layout.RowStride), (end - first) * layout.RowStride);

    /// <summary>Cuts all parameters into parts, in their order.</summary>
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
