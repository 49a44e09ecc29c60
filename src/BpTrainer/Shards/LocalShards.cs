namespace BpTrainer;

/// <summary>
/// Shards that are all on this machine: the reference for a cluster, which must give the same bits. See <see cref="IShardedRows{T}"/>.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class LocalShards<T> : IShardedRows<T>, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Shard<T>[] _shards;
    private ShardWorker<T>? _worker;

    /// <summary>Creates the shards of a training. Their rows are not copied.</summary>
    /// <param name="shards">One or more, with the same columns.</param>
    /// <exception cref="ArgumentException">There is no shard, or the columns of a shard differ from those of the first.</exception>
    public LocalShards(params IReadOnlyList<Shard<T>> shards)
    {
        ArgumentNullException.ThrowIfNull(shards);
        Guard.Require(shards.Count > 0, "There are no shards; there must be one or more.", nameof(shards));
        _shards = [.. shards];
        for (int s = 0; s < _shards.Length; s++)
        {
            Guard.Require(
                (_shards[s].Training.InputColumns, _shards[s].Training.TargetColumns) == (InputColumns, TargetColumns),
                $"Shard {s} has {_shards[s].Training.InputColumns} inputs and {_shards[s].Training.TargetColumns} targets, "
                + $"but shard 0 has {InputColumns} and {TargetColumns}.",
                nameof(shards));
        }

        Sizes = Array.ConvertAll(_shards, shard => shard.Size);
    }

    /// <inheritdoc/>
    public int InputColumns => _shards[0].Training.InputColumns;

    /// <inheritdoc/>
    public int TargetColumns => _shards[0].Training.TargetColumns;

    /// <inheritdoc/>
    public IReadOnlyList<ShardSize> Sizes { get; }

    /// <inheritdoc/>
    public void Begin(ShardPlan<T> plan, CancellationToken cancellationToken)
    {
        Dispose();
        _worker = new ShardWorker<T>(plan, firstShard: 0, _shards);
    }

    /// <inheritdoc/>
    public ShardSums<T> Compute(ShardTask<T> task, CancellationToken cancellationToken) =>
        (_worker ?? throw new InvalidOperationException($"No training has begun; call {nameof(Begin)} first."))
        .Compute(task, cancellationToken);

    /// <summary>Unpins the rows.</summary>
    public void Dispose()
    {
        _worker?.Dispose();
        _worker = null;
    }
}
