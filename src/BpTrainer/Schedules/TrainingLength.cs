namespace BpTrainer;

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
