using BpTrainer.Files;

namespace BpTrainer.Schedules;

/// <summary>The learning rate of every update of a training.</summary>
internal abstract class RateCourse
{
    /// <summary>Whether the rate changes from update to update, not only from epoch to epoch.</summary>
    public abstract bool ChangesInEpochs { get; }

    /// <summary>Whether <see cref="EndStretch"/> must be called after every batch.</summary>
    public virtual bool WatchesBatches => false;

    /// <summary>The rate after <paramref name="update"/> updates.</summary>
    public abstract double RateAt(long update);

    /// <summary>Reports the mean loss of the batches since the last call, if the rate changes within epochs.</summary>
    public virtual void EndStretch(double loss)
    {
    }

    /// <summary>Reports the loss of an epoch.</summary>
    public virtual void EndEpoch(double loss)
    {
    }

    /// <summary>Saves or loads the state that continues from epoch to epoch.</summary>
    public virtual void SaveOrLoad(CheckpointState state)
    {
    }
}

/// <summary>The learning rate of the optimizer times the factor of a schedule.</summary>
internal sealed class ScheduledRates(LearningRateSchedule schedule, double initialRate, TrainingLength length) : RateCourse
{
    private readonly PlateauWatch? _watch = schedule.Plateau is { } plateau ? new PlateauWatch(plateau) : null;

    public override bool ChangesInEpochs { get; } = schedule is not (ConstantSchedule or PlateauSchedule);

    public override double RateAt(long update) => initialRate * (_watch?.Factor ?? 1) * schedule.Factor(update, length);

    public override void EndEpoch(double loss) => _watch?.Note(loss);

    public override void SaveOrLoad(CheckpointState state) => _watch?.SaveOrLoad(state);
}

/// <summary>The number of updates in an epoch and in all allowed epochs.</summary>
internal readonly record struct TrainingLength(long UpdatesOfEpoch, long Updates);

/// <summary>Watches the loss of the epochs for a <see cref="PlateauSchedule"/>.</summary>
internal sealed class PlateauWatch(PlateauSchedule figures)
{
    private double _lowest = double.PositiveInfinity;
    private int _failed;
    private double _factor = 1;

    public double Factor => _factor;

    public void Note(double loss)
    {
        if (loss < _lowest * (1 - figures.Threshold))
        {
            _lowest = loss;
            _failed = 0;
        }
        else if (++_failed > figures.Patience)
        {
            _factor = Math.Max(_factor * figures.Shrink, figures.Floor);
            _failed = 0;
        }
    }

    public void SaveOrLoad(CheckpointState state)
    {
        state.SaveOrLoad(ref _lowest, double.NegativeInfinity, double.PositiveInfinity);
        state.SaveOrLoad(ref _failed, 0, state.Epochs);
        state.SaveOrLoad(ref _factor, 0, 1);
    }
}
