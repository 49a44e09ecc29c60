using BpTrainer.Data;

namespace BpTrainer;

/// <summary>
/// Samples in shards, numbered from 0, on one or several machines. A cluster implements this interface, so that
/// <see cref="NetworkTrainer{T}.Train(IShardedRows{T}, Action{EpochProgress{T}}, CancellationToken)"/> can train on it.
/// <see cref="LocalShards{T}"/>, with all shards on this machine, is the reference.
/// </summary>
/// <remarks>
/// <para>
/// A cluster assigns a range of shards to every machine and keeps a <see cref="ShardWorker{T}"/> there. <see cref="Begin"/> creates the
/// workers from the plan; <see cref="Compute"/> sends a task to all of them and joins their answers. Plans, tasks and answers can be
/// converted to bytes with a checksum and back, with <c>ToBytes</c> and <c>FromBytes</c>. A worker is a pure function of plan, task and
/// rows. A lost worker can be created again at any time, on any machine that supports the kernel of the plan, from the same plan and rows,
/// and the task can be sent again.
/// </para>
/// <para>
/// The rule for batches: row j of the n rows of a shard, in the order of the epoch, has the place (2j + 1) / n. The rows of all shards are
/// taken in the order of their places; if places are equal, the lowest shard comes first. A batch of B rows therefore takes the rounded
/// share of B from each shard.
/// </para>
/// <para>
/// The rule for sums: neighbors in a binary tree over the numbers of the shards are added, from the leaves to the root; a node without a
/// neighbor moves up unchanged. The result therefore depends only on the shards, not on the machines that add.
/// </para>
/// The methods are called one at a time, by the training thread. They return when the work is complete; a cluster waits for its machines.
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

    /// <summary>Begins a training; an earlier one has ended.</summary>
    /// <param name="plan">The part of the training that the workers need.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    void Begin(ShardPlan<T> plan, CancellationToken cancellationToken);

    /// <summary>Runs a task on all workers.</summary>
    /// <param name="task">The task, which can be read until the method returns.</param>
    /// <param name="cancellationToken">Stops waiting; the method then throws <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answers of all shards, joined by <see cref="ShardSums{T}.Join"/>.</returns>
    ShardSums<T> Compute(ShardTask<T> task, CancellationToken cancellationToken);
}

/// <summary>The rows of a shard.</summary>
/// <param name="TrainingRows">The number of rows to learn, 1 or more.</param>
/// <param name="TrainingWeight">The sum of their weights, finite and above 0; null if they have none.</param>
/// <param name="ValidationRows">The number of rows to validate on; 0 for none.</param>
/// <param name="ValidationWeight">The sum of their weights; null if they have none or there are no such rows.</param>
/// <param name="IsSparse">Whether all of them are in a <see cref="SparseMatrix{T}"/>.</param>
public readonly record struct ShardSize(
    int TrainingRows, double? TrainingWeight, int ValidationRows, double? ValidationWeight, bool IsSparse);

/// <summary>A shard: some of the samples of a training. Every sample is in one shard.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class Shard<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates a shard.</summary>
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

    /// <summary>The numbers of rows and their weights.</summary>
    public ShardSize Size { get; }

    private static double? Weight(DataSet<T> rows) => rows.HasWeights ? RowWeights.Total(rows) : null;
}
