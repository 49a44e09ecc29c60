using BpTrainer.Files;

namespace BpTrainer.Schedules;

/// <summary>The learning rate of every update of a training: the rate of the options times the factor of its schedule.</summary>
internal sealed class RateCourse(TrainingOptions options, TrainingLength length)
{
    private readonly double _initialRate = options.Optimizer.LearningRate ?? 0;
    private readonly PlateauWatch? _watch = options.Schedule.Plateau is { } plateau ? new PlateauWatch(plateau) : null;

    /// <summary>Whether the rate changes from update to update, not just from epoch to epoch.</summary>
    public bool ChangesInEpochs { get; } = options.Schedule is not (ConstantSchedule or PlateauSchedule);

    /// <summary>The rate of the update after so many.</summary>
    public double RateAt(long update) =>
        _initialRate * (_watch?.Factor ?? 1) * options.Schedule.Factor(update, length);

    /// <summary>Takes note of the loss that a schedule may watch.</summary>
    public void EndEpoch(double loss) => _watch?.Note(loss);

    /// <summary>Writes or reads what goes on from epoch to epoch.</summary>
    public void SaveOrLoad(CheckpointState state) => _watch?.SaveOrLoad(state);
}

/// <summary>How long a training may get.</summary>
/// <param name="UpdatesOfEpoch">The updates of an epoch.</param>
/// <param name="Updates">The updates of all epochs allowed.</param>
internal readonly record struct TrainingLength(long UpdatesOfEpoch, long Updates)
{
    /// <summary>The length of a training on so many samples.</summary>
    public static TrainingLength Of(TrainingOptions options, long rows)
    {
        long batchSize = Math.Min(options.BatchSize, rows);
        long updates = (rows + batchSize - 1) / batchSize;
        long most = options.MaximumUpdates ?? long.MaxValue;
        return new TrainingLength(updates, updates > most / options.Epochs ? most : updates * options.Epochs);
    }
}
