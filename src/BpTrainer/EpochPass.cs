using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>One epoch: every sample once, in batches, an update after each.</summary>
internal sealed unsafe class EpochPass<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _parameters;
    private readonly BatchSource<T> _source;
    private readonly GradientPass<T> _gradientPass;
    private readonly UpdateStep<T> _step;
    private readonly RandomStream? _shuffle;
    private readonly int[] _order;
    private readonly int _batchSize;

    public EpochPass(
        Network<T> network, TrainingOptions options, BatchSource<T> source, GradientPass<T> gradientPass, UpdateStep<T> step)
    {
        _parameters = network.Parameters;
        _source = source;
        _gradientPass = gradientPass;
        _step = step;
        _shuffle = options.Shuffle ? new RandomStream(options.Seed, RandomPurpose.Shuffle) : null;
        _order = [.. Enumerable.Range(0, source.Rows)];
        _batchSize = Math.Min(options.BatchSize, source.Rows);
    }

    /// <summary>Whether an epoch is a single update.</summary>
    public bool IsFullBatch => _batchSize == _order.Length;

    /// <summary>Runs an epoch; a cancelled one ends after the batch at hand.</summary>
    /// <returns>The mean loss over the samples, each as its batch saw it.</returns>
    public double Run(double learningRate, CancellationToken cancellationToken)
    {
        T rate = T.CreateChecked(learningRate);
        _shuffle?.Shuffle(_order);
        double loss = 0;
        for (int first = 0; first < _order.Length && !cancellationToken.IsCancellationRequested; first += _batchSize)
        {
            int size = Math.Min(_batchSize, _order.Length - first);
            loss += _gradientPass.Run(_source, _order.AsSpan(first, size)) * size;
            _step.Apply(_parameters.Pointer, _gradientPass.Gradient.Pointer, 0, _parameters.Length, rate);
        }

        return loss / _order.Length;
    }
}
