using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>One epoch: every sample once, in batches, an update after each.</summary>
internal sealed class EpochPass<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchStep<T> _batchStep;
    private readonly RandomStream? _shuffle;
    private readonly int[] _order;
    private readonly int _batchSize;

    public EpochPass(TrainingOptions options, int rows, BatchStep<T> batchStep)
    {
        _batchStep = batchStep;
        _shuffle = options.Shuffle ? new RandomStream(options.Seed, RandomPurpose.Shuffle) : null;
        _order = [.. Enumerable.Range(0, rows)];
        _batchSize = Math.Min(options.BatchSize, rows);
    }

    /// <summary>Whether an epoch is a single update.</summary>
    public bool IsFullBatch => _batchSize == _order.Length;

    /// <summary>Runs an epoch; a cancelled one ends after the batch at hand.</summary>
    /// <returns>The mean loss over the samples, each as its batch saw it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Run(double learningRate, CancellationToken cancellationToken)
    {
        T rate = T.CreateChecked(learningRate);
        _shuffle?.Shuffle(_order);
        double loss = 0;
        for (int first = 0; first < _order.Length && !cancellationToken.IsCancellationRequested; first += _batchSize)
        {
            int count = Math.Min(_batchSize, _order.Length - first);
            loss += _batchStep.Run(_order, first, count, rate) * count;
        }

        return loss / _order.Length;
    }
}
