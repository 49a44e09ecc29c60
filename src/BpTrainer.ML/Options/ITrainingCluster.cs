namespace BpTrainer.ML;

/// <summary>
/// Machines that train together: the type of <see cref="BackPropagationOptions.Cluster"/>. A package for a kind of cluster implements it.
/// </summary>
/// <remarks>
/// The implementation divides the shards of a training into ranges, one for each machine, and keeps a <see cref="ClusterWorker"/> for each
/// range there. It only transfers bytes and does not need to know their content.
/// </remarks>
public interface ITrainingCluster
{
    /// <summary>Begins a training.</summary>
    /// <param name="shards">The number of shards, 1 or more. Each must belong to one worker at a time.</param>
    /// <param name="cancellationToken">Stops waiting for machines.</param>
    /// <returns>The training, which is disposed when it ends.</returns>
    IClusterTraining Start(int shards, CancellationToken cancellationToken);
}

/// <summary>A training on a cluster. The methods are called one at a time, by the training thread, and return when the work is
/// complete.</summary>
public interface IClusterTraining : IDisposable
{
    /// <summary>
    /// Gives the plan to all workers; see <see cref="ClusterWorker.Begin"/>. It is called several times in a training, each time with a
    /// more complete plan. Workers that are created later, to replace lost ones, get only the last plan.
    /// </summary>
    /// <param name="plan">The plan, usually a few kilobytes: the loader and the steps of the pipeline, the names of the files, and the
    /// network.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    void Begin(byte[] plan, CancellationToken cancellationToken);

    /// <summary>Gives a task to all workers; see <see cref="ClusterWorker.Compute"/>.</summary>
    /// <param name="task">The task. A worker may do it twice and then returns the same answer.</param>
    /// <param name="cancellationToken">Stops waiting; the method then throws <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answer of each worker, in any order.</returns>
    IReadOnlyList<byte[]> Compute(byte[] task, CancellationToken cancellationToken);
}
