namespace BpTrainer.Shards;

/// <summary>What shards compute.</summary>
internal enum ShardWork
{
    /// <summary>The sum of the gradients of the rows of a <see cref="BatchPlace"/>, without penalties, and of their losses.</summary>
    Gradient,

    /// <summary>The sum of the losses of the first training rows, without dropout.</summary>
    TrainingLoss,

    /// <summary>The sum of the losses of all validation rows.</summary>
    ValidationLoss,

    /// <summary>Targets and weights of validation rows, see <see cref="Losses.ConstantSample"/>, in the order of the shards.</summary>
    ValidationTargets,
}

/// <summary>
/// Some of the training rows of all shards: those that lie from <paramref name="First"/> up to <paramref name="End"/> in the order that
/// <see cref="IShardedRows{T}"/> describes.
/// </summary>
/// <param name="Pass">The shuffles of each shard before; 0 for the order of the rows.</param>
/// <param name="First">The first row.</param>
/// <param name="End">The row behind the last.</param>
/// <param name="Divisor">What losses and gradients are divided by: the number of rows for a mean, 1 for a sum.</param>
/// <param name="Update">The number of the update, from 1, which decides on the dropout; 0 for no dropout.</param>
internal readonly record struct BatchPlace(long Pass, long First, long End, long Divisor, long Update);
