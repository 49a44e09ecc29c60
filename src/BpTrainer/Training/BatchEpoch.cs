using BpTrainer.Averaging;
using BpTrainer.Files;
using BpTrainer.Optimizers;
using BpTrainer.Schedules;

namespace BpTrainer.Training;

/// <summary>An epoch of batches: all samples, block by block, optionally shuffled, with an update after each batch.</summary>
internal sealed class BatchEpoch<T> : Epoch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The number of samples between two computations of the rate, and between two updates of the average, if batches are smaller: a small
    /// network learns from one sample in the time that one cosine takes.
    /// </summary>
    private const int StretchSamples = 32;

    private readonly OptimizerStep<T> _step;
    private readonly RateCourse _course;
    private readonly WeightAverage<T>? _average;
    private readonly BatchLearner<T> _learner;
    private readonly long _batchSize;
    private readonly long _updatesOfEpoch;
    private readonly long _mostUpdates;
    private long _updates;
    private long _updatesBefore;

    public BatchEpoch(TrainingParts<T> parts, StepOptimizer optimizer, RateCourse? course = null)
    {
        TrainingOptions options = parts.Options;
        _step = optimizer.CreateStep<T>(parts.Network.Parameters.Length, parts.Kernel);
        _course = course ?? parts.Course;
        _average = parts.Average is { FollowsUpdates: true } average ? average : null;
        _batchSize = parts.BatchSize;
        _updatesOfEpoch = options.LengthOn(parts.Rows).UpdatesOfEpoch;
        _mostUpdates = options.MaximumUpdates ?? long.MaxValue;
        _learner = parts.CreateLearner(_step);
    }

    public override double Rate => _course.RateAt(_updates);

    public override BatchEpoch<T> Batches => this;

    public override bool AveragesUpdates => true;

    public override IReadOnlyList<AlignedBuffer<T>> Memory => _step.Memory;

    public override IReadOnlyList<double[]> Numbers => [_step.Numbers];

    public long Updates => _updates;

    public long UpdatesOfLastEpoch => _updates - _updatesBefore;

    /// <summary>Discards earlier steps after an epoch was rejected.</summary>
    public void ResetStep() => _step.Reset();

    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken) =>
        (Run(Rate, _course.ChangesInEpochs ? _course : null, _average, cancellationToken), true);

    /// <summary>Runs an epoch with a constant learning rate, and returns the mean loss of the samples, each measured before its
    /// update.</summary>
    public double Run(double learningRate, CancellationToken cancellationToken) => Run(learningRate, null, null, cancellationToken);

    /// <summary>Saves or loads the state that continues from epoch to epoch, apart from the optimizer state.</summary>
    public void SaveOrLoadBatches(CheckpointState state)
    {
        state.SaveOrLoad(ref _updates, 0, (long)Int128.Min((Int128)state.Epochs * _updatesOfEpoch, long.MaxValue));
        _learner.SaveOrLoad(state);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Run(double learningRate, RateCourse? course, WeightAverage<T>? average, CancellationToken cancellationToken)
    {
        T rate = T.CreateChecked(learningRate);
        double loss = 0;
        long seen = 0;
        long rows;
        _updatesBefore = _updates;
        _learner.Restart();
        while (_updates < _mostUpdates && (rows = _learner.NextBlock(cancellationToken)) > 0)
        {
            long batches = Math.Min(_mostUpdates - _updates, (rows + _batchSize - 1) / _batchSize);
            long end = Math.Min(rows, batches * _batchSize);
            long stretch = course is null && average is null ? end : StretchOf(course);
            for (long first = 0, last; first < end && !cancellationToken.IsCancellationRequested; first = last)
            {
                last = first + Math.Min(stretch, end - first);
                if (course is not null)
                {
                    rate = T.CreateChecked(course.RateAt(_updates));
                }

                double lossOfStretch = _learner.Learn(first, last, rate, ref _updates, cancellationToken);
                loss += lossOfStretch;
                course?.EndStretch(lossOfStretch / (last - first));
                if (average is not null)
                {
                    _learner.FinishUpdates();
                    average.Take();
                }
            }

            seen += end;
        }

        _learner.FinishUpdates();
        return loss / seen;
    }

    /// <summary>The samples between two computations of the rate: whole batches.</summary>
    private long StretchOf(RateCourse? course) =>
        course is { WatchesBatches: true } ? _batchSize : _batchSize * Math.Max((StretchSamples + _batchSize - 1) / _batchSize, 1);
}
