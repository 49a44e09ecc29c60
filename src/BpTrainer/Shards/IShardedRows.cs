using BpTrainer.Data;

namespace BpTrainer;

/// <summary>
/// Samples in shards, numbered from 0, on one machine or several: what a cluster implements, so that
/// <see cref="NetworkTrainer{T}.Train(IShardedRows{T}, Action{EpochProgress{T}}, CancellationToken)"/> can train on it.
/// <see cref="LocalShards{T}"/>, with all shards on this machine, is the reference.
/// </summary>
/// <remarks>
/// <para>
/// A cluster gives every machine a range of shards and keeps a <see cref="ShardWorker{T}"/> there. <see cref="Begin"/> makes the workers
/// from the plan; <see cref="Compute"/> sends a task to all of them and joins their answers. Plan, tasks and answers have a form in bytes
/// to send, <c>ToBytes</c> and <c>FromBytes</c>, with a checksum. A worker is a pure function of plan, task and rows: one that is lost may
/// be made again at any moment, on any machine with the kernel of the plan, from the same plan and rows, and the task may be sent again.
/// </para>
/// <para>
/// The rule by which batches are made: row j of the n rows of a shard, in the order of the epoch, has the place (2j + 1) / n, and the rows
/// of all shards are taken in the order of their places, of equal ones that of the lowest shard first. A batch of B rows so takes from each
/// shard its share of B, rounded.
/// </para>
/// <para>
/// The rule by which sums are made: two neighbors in a binary tree over the numbers of the shards are added, from the leaves to the root,
/// where one that lacks its neighbor moves up as it is. The result so depends on the shards alone, not on who adds.
/// </para>
/// Calls come one after another, from the thread that trains. Methods return when all is done; a cluster waits for its machines meanwhile.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public interface IShardedRows<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of inputs of a sample; 1 or more.</summary>
    int InputColumns { get; }

    /// <summary>The number of targets of a sample; 1 or more.</summary>
    int TargetColumns { get; }

    /// <summary>The rows of every shard, in the order of their numbers; one shard or more. They do not change.</summary>
    IReadOnlyList<ShardSize> Sizes { get; }

    /// <summary>Begins a training; the one before, if any, is over.</summary>
    /// <param name="plan">What the workers need to know of the training.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    void Begin(ShardPlan<T> plan, CancellationToken cancellationToken);

    /// <summary>Has all workers do a task.</summary>
    /// <param name="task">The task; it may be read until the method returns.</param>
    /// <param name="cancellationToken">Ends the waiting; the method then throws <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answers of all shards, joined by <see cref="ShardSums{T}.Join"/>.</returns>
    ShardSums<T> Compute(ShardTask<T> task, CancellationToken cancellationToken);
}

/// <summary>The rows of a shard.</summary>
/// <param name="TrainingRows">The number of rows to learn, 1 or more.</param>
/// <param name="TrainingWeight">The sum of their weights, finite and above 0; null when they have none.</param>
/// <param name="ValidationRows">The number of rows to validate on; 0 for none.</param>
/// <param name="ValidationWeight">The sum of their weights; null when they have none or there are none.</param>
/// <param name="IsSparse">Whether all of them are in a <see cref="SparseMatrix{T}"/>.</param>
public readonly record struct ShardSize(
    int TrainingRows, double? TrainingWeight, int ValidationRows, double? ValidationWeight, bool IsSparse);

/// <summary>A shard: some of the samples of a training. Every sample is in one shard.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class Shard<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a shard.</summary>
    /// <param name="training">The samples to learn.</param>
    /// <param name="validation">Samples to validate on, with the same columns; null for none.</param>
    /// <exception cref="ArgumentException">The sets differ in their columns.</exception>
    public Shard(DataSet<T> training, DataSet<T>? validation = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        Guard.Require(
            validation is null || (validation.InputColumns, validation.TargetColumns) == (training.InputColumns, training.TargetColumns),
            $"The validation rows of the shard have {validation?.InputColumns} inputs and {validation?.TargetColumns} targets, "
            + $"but its training rows have {training.InputColumns} and {training.TargetColumns}.",
            nameof(validation));
        Training = training;
        Validation = validation;
        Size = new ShardSize(
            training.Rows, Weight(training), validation?.Rows ?? 0, validation is null ? null : Weight(validation),
            training.IsSparse && validation is null or { IsSparse: true });
    }

    /// <summary>The samples to learn.</summary>
    public DataSet<T> Training { get; }

    /// <summary>The samples to validate on; null for none.</summary>
    public DataSet<T>? Validation { get; }

    /// <summary>How many there are.</summary>
    public ShardSize Size { get; }

    private static double? Weight(DataSet<T> rows) => rows.HasWeights ? RowWeights.Total(rows) : null;
}
