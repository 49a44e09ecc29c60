using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Averaging;
using BpTrainer.Data;
using BpTrainer.Files;
using BpTrainer.Numbers;
using BpTrainer.Schedules;

namespace BpTrainer.Training;

/// <summary>One epoch: every sample once, in batches, an update after each.</summary>
internal sealed class EpochPass<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// How often the rate is computed anew and an average looks at the weights, in samples, where batches are smaller: a
    /// small network learns from one sample in the time of one cosine.
    /// </summary>
    private const int StretchSamples = 32;

    private readonly BatchStep<T> _batchStep;
    private readonly RandomStream? _shuffle;
    private readonly TrainingRows<T> _feed;
    private readonly SampleOrder<T> _order;
    private readonly int _batchSize;
    private readonly int _stretch;
    private readonly long _updatesOfEpoch;
    private readonly long _mostUpdates;
    private long _updates;
    private long _updatesBefore;

    public EpochPass(TrainingOptions options, TrainingRows<T> feed, BatchStep<T> batchStep)
    {
        _batchStep = batchStep;
        _shuffle = options.Shuffle ? new RandomStream(options.Seed, RandomPurpose.Shuffle) : null;
        _feed = feed;
        _order = new SampleOrder<T>(feed.Block);
        _batchSize = Math.Min(options.BatchSize, feed.Block.Rows);
        _stretch = _batchSize * Math.Max((StretchSamples + _batchSize - 1) / _batchSize, 1);
        _updatesOfEpoch = TrainingLength.Of(options, feed.Rows).UpdatesOfEpoch;
        _mostUpdates = options.MaximumUpdates ?? long.MaxValue;
    }

    /// <summary>The updates of all epochs so far.</summary>
    public long Updates => _updates;

    /// <summary>The updates of the last epoch.</summary>
    public long Batches => _updates - _updatesBefore;

    /// <summary>Runs an epoch with one learning rate; a cancelled one ends after the batch at hand, and one that uses up the updates allowed after the last of them.</summary>
    /// <returns>The mean loss over the samples, each as its batch saw it.</returns>
    public double Run(double learningRate, CancellationToken cancellationToken) => Run(learningRate, null, null, cancellationToken);

    /// <summary>Runs an epoch with the learning rates of a course, and shows the weights to an average.</summary>
    /// <returns>The mean loss over the samples, each as its batch saw it.</returns>
    public double Run(RateCourse course, WeightAverage<T>? average, CancellationToken cancellationToken) => Run(
        course.RateAt(_updates),
        course.ChangesInEpochs ? course : null,
        average is { FollowsUpdates: true } ? average : null,
        cancellationToken);

    /// <summary>Writes or reads what goes on from epoch to epoch.</summary>
    public void SaveOrLoad(CheckpointState state)
    {
        state.SaveOrLoad(ref _updates, 0, (long)Int128.Min((Int128)state.Epochs * _updatesOfEpoch, long.MaxValue));
        _batchStep.SaveOrLoad(state);
        state.SaveOrLoad(_shuffle);
        _order.SaveOrLoad(state, _feed.IsHeld);
        _feed.SaveOrLoad(state);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Run(double learningRate, RateCourse? course, WeightAverage<T>? average, CancellationToken cancellationToken)
    {
        T rate = T.CreateChecked(learningRate);
        double loss = 0;
        long seen = 0;
        int rows;
        _updatesBefore = _updates;
        _feed.Restart(isShuffled: _shuffle is not null);
        while (_updates < _mostUpdates && (rows = _feed.Next(cancellationToken)) > 0)
        {
            int[] order = _order.For(rows);
            _shuffle?.Shuffle(order.AsSpan(0, rows));
            int end = (int)Math.Min(rows, Math.Min(_mostUpdates - _updates, rows) * _batchSize);
            int stretch = course is null && average is null ? end : _stretch;
            for (int first = 0, last; first < end && !cancellationToken.IsCancellationRequested; first = last)
            {
                last = first + Math.Min(stretch, end - first);
                if (course is not null)
                {
                    rate = T.CreateChecked(course.RateAt(_updates));
                }

                loss += RunBatches(order, first, last, rate, cancellationToken);
                if (average is not null)
                {
                    _batchStep.Finish();
                    average.Take();
                }
            }

            seen += end;
        }

        _batchStep.Finish();
        return loss / seen;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double RunBatches(int[] order, int first, int end, T rate, CancellationToken cancellationToken)
    {
        double loss = 0;
        while (first < end && !cancellationToken.IsCancellationRequested)
        {
            int count = Math.Min(_batchSize, end - first);
            loss += _batchStep.Run(order, first, count, rate) * count;
            first += count;
            _updates++;
        }

        return loss;
    }
}
