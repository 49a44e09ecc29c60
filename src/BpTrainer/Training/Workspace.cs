using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>The matrices of a batch, allocated once: one row a sample.</summary>
internal sealed class Workspace<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>More samples than this go through in slices: memory stays bounded and the matrices near the cache.</summary>
    public const int MostRows = 512;

    public Workspace(Network<T> network, int rows)
    {
        Rows = rows;
        InputStride = AlignedBuffer<T>.Stride(network.Inputs);
        Inputs = new AlignedBuffer<T>(checked(rows * InputStride));
        Targets = new AlignedBuffer<T>(checked(rows * network.Outputs));
        RowFactors = new AlignedBuffer<T>(rows);
        RowLosses = new AlignedBuffer<T>(rows);
        NetInput = new AlignedBuffer<T>(checked(rows * network.Layouts[^1].OutputStride));
        Outputs = Array.ConvertAll(network.Layouts, l => new AlignedBuffer<T>(checked(rows * l.OutputStride)));
        Kept = Array.ConvertAll(
            network.Layouts, l => l.KeepsForBackward ? new AlignedBuffer<T>(checked(rows * l.OutputStride)) : null);
        Deltas = Array.ConvertAll(network.Layouts, l => new AlignedBuffer<T>(checked(rows * l.OutputStride)));
    }

    /// <summary>The most samples of a batch.</summary>
    public int Rows { get; }

    public int InputStride { get; }

    /// <summary>x of the first layer, scaled: rows × InputStride.</summary>
    public AlignedBuffer<T> Inputs { get; }

    /// <summary>y, scaled: rows × outputs.</summary>
    public AlignedBuffer<T> Targets { get; }

    /// <summary>What the error terms of a sample are multiplied by: its weight over the size of the batch.</summary>
    public AlignedBuffer<T> RowFactors { get; }

    /// <summary>The loss of each sample, times its factor: they add up to its share of the mean over the batch.</summary>
    public AlignedBuffer<T> RowLosses { get; }

    /// <summary>z of the last layer.</summary>
    public AlignedBuffer<T> NetInput { get; }

    /// <summary>a of every layer.</summary>
    public AlignedBuffer<T>[] Outputs { get; }

    /// <summary>What the forward pass keeps for the derivatives, of every layer; null for a layer whose outputs say enough.</summary>
    public AlignedBuffer<T>?[] Kept { get; }

    /// <summary>δ = ∂E/∂z of every layer.</summary>
    public AlignedBuffer<T>[] Deltas { get; }

    /// <summary>The rows from <paramref name="first"/> on as the loss sees them, which looks at the outputs of the last layer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe LossRows<T> LossRows(LayerLayout last, int first, int rows)
    {
        nint offset = first * (nint)last.OutputStride;
        return new LossRows<T>
        {
            NetInput = NetInput.Pointer + offset,
            Output = Outputs[^1].Pointer + offset,
            Delta = Deltas[^1].Pointer + offset,
            Target = Targets.Pointer + (first * (nint)last.Outputs),
            Factor = RowFactors.Pointer + first,
            Loss = RowLosses.Pointer + first,
            Stride = last.OutputStride,
            Rows = rows,
            Columns = last.Outputs,
        };
    }

    /// <summary>The sum of the first losses, in double and in the order of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double SumOfLosses(int rows)
    {
        double sum = 0;
        foreach (T loss in RowLosses.Span[..rows])
        {
            sum += double.CreateTruncating(loss);
        }

        return sum;
    }
}
