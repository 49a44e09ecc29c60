using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>The mean gradient over a batch of any size: large ones go through the workspace in slices and their gradients add up.</summary>
internal sealed unsafe class GradientPass<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Workspace<T> _work;
    private readonly BackPropagation<T> _backPropagation;
    private readonly AlignedBuffer<T>? _sum;

    public GradientPass(Network<T> network, BackPropagation<T> backPropagation, Workspace<T> work, int batchSize)
    {
        _work = work;
        _backPropagation = backPropagation;
        Gradient = new AlignedBuffer<T>(network.Parameters.Length);
        _sum = batchSize > work.Rows ? new AlignedBuffer<T>(Gradient.Length) : null;
    }

    /// <summary>∂E/∂w of every parameter, after <see cref="Run"/>.</summary>
    public AlignedBuffer<T> Gradient { get; }

    /// <summary>Computes the loss, a mean over the samples, and its gradient.</summary>
    /// <param name="source">Where the samples come from.</param>
    /// <param name="batch">The samples of the batch.</param>
    /// <returns>The mean loss.</returns>
    public double Run(BatchSource<T> source, ReadOnlySpan<int> batch)
    {
        double loss = 0;
        for (int first = 0; first < batch.Length; first += _work.Rows)
        {
            int rows = Math.Min(_work.Rows, batch.Length - first);
            source.Gather(_work, batch.Slice(first, rows), 0, rows, batch.Length);
            _backPropagation.Forward(0, rows);
            _backPropagation.Loss(0, rows);
            _backPropagation.Backward(0, rows);
            _backPropagation.Gradient(Gradient.Pointer, rows);
            loss += _work.SumOfLosses(rows);
            if (_sum is not null)
            {
                AddUp(isFirst: first == 0);
            }
        }

        _sum?.Span.CopyTo(Gradient.Span);
        return loss;
    }

    private void AddUp(bool isFirst)
    {
        Span<T> sum = _sum!.Span;
        if (isFirst)
        {
            Gradient.Span.CopyTo(sum);
            return;
        }

        ReadOnlySpan<T> slice = Gradient.Span;
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += slice[i];
        }
    }
}
