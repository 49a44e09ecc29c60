using BpTrainer.Encodings;
using BpTrainer.Losses;
using BpTrainer.Prediction;

namespace BpTrainer.Training;

/// <summary>The matrices of a batch, with one row for each sample, all in one block, so that one <c>fixed</c> gives pointers to all of
/// them.</summary>
internal sealed class Workspace<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Larger batches are processed in slices, so that memory is bounded and the matrices stay in the cache.</summary>
    public const int MostRows = 512;

    /// <summary>
    /// Creates a workspace for batches of up to this number of samples, with or without the zeros of their inputs and the net inputs of
    /// every layer.
    /// </summary>
    public Workspace(Network<T> network, int rows, bool isSparse = false, bool keepsNetInputs = false)
    {
        Rows = rows;
        SparseInputs = isSparse ? new SparseBatch<T>(network.Inputs, rows) : null;
        CodedInputs = network.Layouts[0] is { Codes: > 0 } first ? new CodedRows<T>(rows, first.CodeColumns.Length) : null;
        int length = 0;
        Inputs = Place(isSparse ? 0 : AlignedBuffer<T>.Stride(network.Inputs));
        Targets = Place(network.Outputs);
        RowFactors = Place(1);
        RowLosses = Place(1);
        NetInputs = Array.ConvertAll(
            network.Layouts, l => keepsNetInputs || l == network.Layouts[^1] ? Place(l.OutputStride) : (MatrixPlace?)null);
        Outputs = Array.ConvertAll(network.Layouts, l => Place(l.OutputStride));
        ForwardCache = Array.ConvertAll(network.Layouts, l => l.NeedsForwardCache ? Place(l.OutputStride) : (MatrixPlace?)null);
        Deltas = Array.ConvertAll(network.Layouts, l => Place(l.OutputStride));
        Block = new AlignedBuffer<T>(length);

        MatrixPlace Place(int stride)
        {
            var place = new MatrixPlace(length, stride);
            length = checked(length + AlignedBuffer<T>.Pad(checked(rows * stride)));
            return place;
        }
    }

    public int Rows { get; }

    public AlignedBuffer<T> Block { get; }

    /// <summary>x of the first layer, scaled and padded; empty if there are <see cref="SparseInputs"/>.</summary>
    public MatrixPlace Inputs { get; }

    /// <summary>x of the first layer without its zeros, scaled; null if it is in <see cref="Inputs"/>.</summary>
    public SparseBatch<T>? SparseInputs { get; }

    /// <summary>The codes of the inputs, which the first layer reads in addition to them; null if they are not encoded.</summary>
    public CodedRows<T>? CodedInputs { get; }

    /// <summary>y, scaled: rows × outputs.</summary>
    public MatrixPlace Targets { get; }

    /// <summary>The factor of a sample's error terms: its weight divided by the batch size.</summary>
    public MatrixPlace RowFactors { get; }

    /// <summary>The loss of each sample times its factor; the sum is the mean over the batch.</summary>
    public MatrixPlace RowLosses { get; }

    /// <summary>z of every layer; null if it is not kept. It is always kept for the last layer.</summary>
    public MatrixPlace?[] NetInputs { get; }

    /// <summary>z of the last layer.</summary>
    public MatrixPlace NetInput => NetInputs[^1]!.Value;

    /// <summary>a of every layer.</summary>
    public MatrixPlace[] Outputs { get; }

    /// <summary>The values that the forward pass keeps for the derivatives of each layer; null if the outputs are sufficient.</summary>
    public MatrixPlace?[] ForwardCache { get; }

    /// <summary>δ = ∂E/∂z of every layer.</summary>
    public MatrixPlace[] Deltas { get; }

    /// <summary>Returns the inputs of a layer, without dropout.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MatrixPlace InputsOf(int layer) => layer == 0 ? Inputs : Outputs[layer - 1];

    /// <summary>Returns the rows from <paramref name="first"/> on for the loss; the pointer is the start of <see cref="Block"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe LossRows<T> LossRows(T* block, int first, int rows, int columns) => new()
    {
        NetInput = block + NetInput.Row(first),
        Output = block + Outputs[^1].Row(first),
        Delta = block + Deltas[^1].Row(first),
        Target = block + Targets.Row(first),
        Factor = block + RowFactors.Row(first),
        Loss = block + RowLosses.Row(first),
        Stride = NetInput.Stride,
        Rows = rows,
        Columns = columns,
    };

    /// <summary>Returns the sum of the first losses, in double and in the order of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double SumOfLosses(int rows)
    {
        double sum = 0;
        foreach (T loss in Block.Span.Slice(RowLosses.Start, rows))
        {
            sum += double.CreateTruncating(loss);
        }

        return sum;
    }
}

/// <summary>The place of a matrix in a block: the index of its first number, and the distance from a row to the next.</summary>
internal readonly record struct MatrixPlace(int Start, int Stride)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Row(int row) => Start + (row * Stride);
}
