namespace BpTrainer.ML;

/// <summary>
/// Machines that train together: what <see cref="BackPropagationOptions.Cluster"/> takes, and a package for a kind of cluster implements.
/// </summary>
/// <remarks>
/// The implementation cuts the shards of a training into ranges, one a machine, and keeps a <see cref="ClusterWorker"/> for each range
/// there. It carries bytes only, and need not know what is in them.
/// </remarks>
public interface ITrainingCluster
{
    /// <summary>Begins a training.</summary>
    /// <param name="shards">The number of shards, 1 or more. Each must be with one worker at a time.</param>
    /// <param name="cancellationToken">Ends the waiting for machines.</param>
    /// <returns>The training, which is disposed of when it is over.</returns>
    IClusterTraining Start(int shards, CancellationToken cancellationToken);
}

/// <summary>A training on a cluster. Calls come one after another, from the thread that trains, and return when all is done.</summary>
public interface IClusterTraining : IDisposable
{
    /// <summary>
    /// Gives the plan to all workers: <see cref="ClusterWorker.Begin"/>. It is called several times in a training, with more in the plan
    /// each time. Workers that are made later, in place of lost ones, get the last plan only.
    /// </summary>
    /// <param name="plan">The plan, mostly some kilobytes: the loader and the steps of the pipeline, the names of the files, and the
    /// network.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    void Begin(byte[] plan, CancellationToken cancellationToken);

    /// <summary>Gives a task to all workers: <see cref="ClusterWorker.Compute"/>.</summary>
    /// <param name="task">The task. A worker may do it twice, with the same answer.</param>
    /// <param name="cancellationToken">Ends the waiting; the method then throws <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answer of each worker, in any order.</returns>
    IReadOnlyList<byte[]> Compute(byte[] task, CancellationToken cancellationToken);
}
