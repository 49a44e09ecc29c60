using BpTrainer.Networks;
using BpTrainer.Training;

namespace BpTrainer;

/// <summary>
/// Every number of back-propagation on the rows of a data set, from <see cref="NetworkInspection.Inspect"/>. All numbers are copies, in the
/// scaled units of the layers.
/// </summary>
/// <remarks>
/// <para>
/// E is the mean of the losses Eᵣ of the N rows, without dropout and penalties. If rows have weights, these are scaled to an average of 1,
/// and Eᵣ is the loss of a row times its weight.
/// </para>
/// <para>
/// An error term is δ = ∂Eᵣ/∂z of its own row, and a gradient is ∂E/∂w of the mean loss: ∂E/∂W = aᵀδ / N for the inputs a of the layer.
/// With a single row, as in the examples of most texts, both losses are the same.
/// </para>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class Inspection<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Inspection(LayerLayout[] layouts, int rows)
    {
        RowLosses = new T[rows];
        Layers = Array.ConvertAll(layouts, layout => new LayerInspection<T>(layout, rows));
    }

    /// <summary>E, the mean loss over the rows, as from <see cref="NetworkInspection.Evaluate"/>.</summary>
    public double Loss { get; internal set; }

    /// <summary>Eᵣ of every row, times its weight.</summary>
    public T[] RowLosses { get; }

    /// <summary>The numbers of each layer, from the inputs to the outputs.</summary>
    public IReadOnlyList<LayerInspection<T>> Layers { get; }

    /// <summary>Copies the first rows of a workspace after the forward and backward pass; the first of them becomes the given row
    /// here.</summary>
    internal void CopyRows(Workspace<T> work, int first, int rows)
    {
        work.Block.Span.Slice(work.RowLosses.Start, rows).CopyTo(RowLosses.AsSpan(first));
        for (int k = 0; k < Layers.Count; k++)
        {
            Layers[k].CopyRows(work, k, first, rows);
        }
    }

    /// <summary>Copies a gradient in the layout of the parameters.</summary>
    internal void CopyGradient(ReadOnlySpan<T> gradient)
    {
        foreach (LayerInspection<T> layer in Layers)
        {
            layer.CopyGradient(gradient);
        }
    }
}

/// <summary>The numbers of one layer with u units and n inputs on N rows; see <see cref="Inspection{T}"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class LayerInspection<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerLayout _layout;

    internal LayerInspection(LayerLayout layout, int rows)
    {
        _layout = layout;
        NetInputs = new T[rows, layout.Outputs];
        Outputs = new T[rows, layout.Outputs];
        ErrorTerms = new T[rows, layout.Outputs];
        WeightGradients = new T[layout.Inputs, layout.Outputs];
        BiasGradients = new T[layout.Outputs];
        SlopeGradients = new T[layout.HasSlopes ? layout.Outputs : 0];
    }

    /// <summary>z, the input of the activation: N × u.</summary>
    public T[,] NetInputs { get; }

    /// <summary>a = f(z): N × u. Those of the last layer are before the output scaling.</summary>
    public T[,] Outputs { get; }

    /// <summary>δ = ∂Eᵣ/∂z for the row r: N × u.</summary>
    public T[,] ErrorTerms { get; }

    /// <summary>
    /// ∂E/∂W, from each input to each unit: n × u. In the first layer of a network that encodes its inputs, the codes are inputs after the
    /// others, as for <see cref="Layer{T}.GetWeight"/>.
    /// </summary>
    public T[,] WeightGradients { get; }

    /// <summary>
    /// ∂E/∂b of each unit: u numbers, the column means of δ. If the layer has a shared bias, each number is the gradient of that bias,
    /// which is their sum. A frozen bias also has a gradient here, although training does not use it.
    /// </summary>
    public T[] BiasGradients { get; }

    /// <summary>∂E/∂s of the learned slope of each unit: u numbers; empty without learned slopes.</summary>
    public T[] SlopeGradients { get; }

    internal void CopyRows(Workspace<T> work, int layer, int first, int rows)
    {
        ReadOnlySpan<T> block = work.Block.Span;
        Copy(block, work.NetInputs[layer]!.Value, NetInputs, first, rows);
        Copy(block, work.Outputs[layer], Outputs, first, rows);
        Copy(block, work.Deltas[layer], ErrorTerms, first, rows);
    }

    internal void CopyGradient(ReadOnlySpan<T> gradient)
    {
        for (int i = 0; i < _layout.Inputs; i++)
        {
            for (int o = 0; o < _layout.Outputs; o++)
            {
                WeightGradients[i, o] = gradient[_layout.WeightIndex(i, o)];
            }
        }

        gradient.Slice(_layout.BiasOffset, _layout.Outputs).CopyTo(BiasGradients);
        gradient.Slice(_layout.SlopeOffset, SlopeGradients.Length).CopyTo(SlopeGradients);
        if (_layout.Spec.Bias == BiasKind.Frozen)
        {
            AverageErrorTerms();
        }
    }

    /// <summary>Training computes no gradient of frozen biases, so it is computed here from the error terms.</summary>
    private void AverageErrorTerms()
    {
        int rows = ErrorTerms.GetLength(0);
        for (int o = 0; o < _layout.Outputs; o++)
        {
            double sum = 0;
            for (int row = 0; row < rows; row++)
            {
                sum += double.CreateTruncating(ErrorTerms[row, o]);
            }

            BiasGradients[o] = T.CreateTruncating(sum / rows);
        }
    }

    private static void Copy(ReadOnlySpan<T> block, MatrixPlace from, T[,] to, int first, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int o = 0; o < to.GetLength(1); o++)
            {
                to[first + row, o] = block[from.Row(row) + o];
            }
        }
    }
}
