using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>One epoch: every sample once, in batches, an update after each.</summary>
internal sealed class EpochPass<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchStep<T> _batchStep;
    private readonly RandomStream? _shuffle;
    private readonly SampleFeed<T> _feed;
    private readonly SampleOrder<T> _order;
    private readonly int _batchSize;

    public EpochPass(TrainingOptions options, SampleFeed<T> feed, BatchStep<T> batchStep)
    {
        _batchStep = batchStep;
        _shuffle = options.Shuffle ? new RandomStream(options.Seed, RandomPurpose.Shuffle) : null;
        _feed = feed;
        _order = new SampleOrder<T>(feed.Block);
        _batchSize = Math.Min(options.BatchSize, feed.Block.Rows);
    }

    /// <summary>Runs an epoch; a cancelled one ends after the batch at hand.</summary>
    /// <returns>The mean loss over the samples, each as its batch saw it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Run(double learningRate, CancellationToken cancellationToken)
    {
        T rate = T.CreateChecked(learningRate);
        double loss = 0;
        int rows;
        _feed.Restart(isShuffled: _shuffle is not null);
        while ((rows = _feed.Next(cancellationToken)) > 0)
        {
            int[] order = _order.For(rows);
            _shuffle?.Shuffle(order.AsSpan(0, rows));
            for (int first = 0; first < rows && !cancellationToken.IsCancellationRequested; first += _batchSize)
            {
                int count = Math.Min(_batchSize, rows - first);
                loss += _batchStep.Run(order, first, count, rate) * count;
            }
        }

        return loss / _feed.Rows;
    }
}
