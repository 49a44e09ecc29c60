namespace BpTrainer.ML.Shards;

/// <summary>A cluster that consists only of this machine.</summary>
internal sealed class LocalCluster : ITrainingCluster
{
    public IClusterTraining Start(int shards, CancellationToken cancellationToken) => new LocalTraining(shards);
}

/// <summary>A training whose shards are all on this machine.</summary>
internal sealed class LocalTraining(int shards) : IClusterTraining
{
    public ClusterWorker Worker { get; } = new(firstShard: 0, shards);

    public void Begin(byte[] plan, CancellationToken cancellationToken) => Worker.Begin(plan);

    public IReadOnlyList<byte[]> Compute(byte[] task, CancellationToken cancellationToken) => [Worker.Compute(task, cancellationToken)];

    public void Dispose() => Worker.Dispose();
}
