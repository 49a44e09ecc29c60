namespace BpTrainer.Shards;

/// <summary>The kinds of work for shards.</summary>
internal enum ShardWork
{
    /// <summary>The sums of the gradients, without penalties, and of the losses over the rows of a <see cref="BatchPlace"/>.</summary>
    Gradient,

    /// <summary>The sum of the losses of the first training rows, without dropout.</summary>
    TrainingLoss,

    /// <summary>The sum of the losses of all validation rows.</summary>
    ValidationLoss,

    /// <summary>The targets and weights of validation rows in the order of the shards; see <see cref="Losses.ConstantSample"/>.</summary>
    ValidationTargets,
}

/// <summary>
/// Some of the training rows of all shards: those from <paramref name="First"/> up to <paramref name="End"/> in the order that
/// <see cref="IShardedRows{T}"/> describes.
/// </summary>
/// <param name="Pass">The number of shuffles of each shard; 0 for the original order of the rows.</param>
/// <param name="First">The first row.</param>
/// <param name="End">The row after the last one.</param>
/// <param name="Divisor">The divisor of losses and gradients: the number of rows for a mean, 1 for a sum.</param>
/// <param name="Update">The number of the update, from 1, which determines the dropout masks; 0 for no dropout.</param>
internal readonly record struct BatchPlace(long Pass, long First, long End, long Divisor, long Update)
{
    /// <summary>No rows, for work that takes none or those of the validation.</summary>
    public static BatchPlace None { get; } = new(Pass: 0, First: 0, End: 0, Divisor: 1, Update: 0);
}
