namespace BpTrainer.ML.Shards;

/// <summary>A cluster that consists only of this machine.</summary>
internal sealed class LocalCluster(IHostEnvironment environment) : ITrainingCluster
{
    public IClusterTraining Start(int shards, CancellationToken cancellationToken) => new LocalTraining(environment, shards);
}

/// <summary>A training whose shards are all on this machine.</summary>
internal sealed class LocalTraining(IHostEnvironment environment, int shards) : IClusterTraining
{
    public ClusterWorker Worker { get; } = new(environment, firstShard: 0, shards, numberOfThreads: null);

    public void Begin(byte[] plan, CancellationToken cancellationToken) => Worker.Begin(plan);

    public IReadOnlyList<byte[]> Compute(byte[] task, CancellationToken cancellationToken) => [Worker.Compute(task, cancellationToken)];

    public void Dispose() => Worker.Dispose();
}
