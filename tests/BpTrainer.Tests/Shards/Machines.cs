using System.Numerics;

namespace BpTrainer.Tests.Shards;

/// <summary>
/// A cluster in this process: every machine has a range of the shards and gets bytes only. One is lost now and then, and its worker is made
/// again from the plan.
/// </summary>
internal sealed class Machines<T> : IShardedRows<T>, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Shard<T>[] _shards;
    private readonly Range[] _ranges;
    private readonly int _lostEvery;
    private readonly ShardWorker<T>?[] _workers;
    private byte[] _plan = [];
    private int _calls;

    /// <param name="shards">All shards.</param>
    /// <param name="machines">The number of machines, which get ranges of about the same length.</param>
    /// <param name="lostEvery">The calls after which a machine is lost; 0 for never.</param>
    public Machines(Shard<T>[] shards, int machines, int lostEvery = 0)
    {
        _shards = shards;
        _ranges = [.. Enumerable.Range(0, machines)
            .Select(m => (m * shards.Length / machines)..((m + 1) * shards.Length / machines))];
        _workers = new ShardWorker<T>?[machines];
        _lostEvery = lostEvery;
    }

    public int InputColumns => _shards[0].Training.InputColumns;

    public int TargetColumns => _shards[0].Training.TargetColumns;

    public IReadOnlyList<ShardSize> Sizes => Array.ConvertAll(_shards, shard => shard.Size);

    public void Begin(ShardPlan<T> plan, CancellationToken cancellationToken)
    {
        Dispose();
        _plan = plan.ToBytes();
    }

    public ShardSums<T> Compute(ShardTask<T> task, CancellationToken cancellationToken)
    {
        byte[] bytes = task.ToBytes();
        if (_lostEvery > 0 && ++_calls % _lostEvery == 0)
        {
            Lose(_calls / _lostEvery % _workers.Length);
        }

        // The last machine answers first.
        return ShardSums<T>.Join([.. Enumerable.Range(0, _workers.Length).Reverse()
            .Select(m => ShardSums<T>.FromBytes(Worker(m).Compute(ShardTask<T>.FromBytes(bytes), cancellationToken).ToBytes()))]);
    }

    public void Dispose()
    {
        for (int m = 0; m < _workers.Length; m++)
        {
            Lose(m);
        }
    }

    private void Lose(int machine)
    {
        _workers[machine]?.Dispose();
        _workers[machine] = null;
    }

    private ShardWorker<T> Worker(int machine) => _workers[machine] ??= new ShardWorker<T>(
        ShardPlan<T>.FromBytes(_plan), _ranges[machine].Start.Value, _shards[_ranges[machine]], numberOfThreads: 1 + (machine % 2));
}
