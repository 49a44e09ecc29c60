using BpTrainer.Orleans.Silos;

namespace BpTrainer.Orleans.Shards;

/// <summary>Neighboring shards that are with one worker, and move together to another when it is lost.</summary>
internal sealed class ShardRange(int first, int count)
{
    /// <summary>The first shard.</summary>
    public int First => first;

    /// <summary>How many there are.</summary>
    public int Count => count;

    /// <summary>Who has them; null when nobody does.</summary>
    public Worker? Worker { get; private set; }

    /// <summary>The grain that has them.</summary>
    public IShardGrain? Grain { get; private set; }

    /// <summary>The number of the plan that the grain has; 0 for none.</summary>
    public int Plan { get; set; }

    /// <summary>Cuts shards into ranges, as equal as possible.</summary>
    public static ShardRange[] Cut(int shards, int ranges) =>
    [
        .. Enumerable.Range(0, ranges).Select(range =>
        {
            int first = (int)((long)shards * range / ranges);
            return new ShardRange(first, (int)((long)shards * (range + 1) / ranges) - first);
        }),
    ];

    /// <summary>Gives the shards to a worker. Its grain is a new one: the old one may still be remembered elsewhere.</summary>
    public void MoveTo(Worker worker, Func<IShardGrain> newGrain)
    {
        Worker = worker;
        Grain = newGrain();
        Plan = 0;
    }

    /// <summary>Takes the shards from a worker that is lost or refused.</summary>
    public void Free() => Worker = null;

    /// <summary>
    /// Gives the ranges that nobody has to the workers with the fewest, and takes one from a worker with several for a worker with none.
    /// </summary>
    /// <param name="ranges">All ranges.</param>
    /// <param name="workers">The workers that are there; one or more.</param>
    /// <param name="newGrain">Makes a grain.</param>
    public static void Place(ShardRange[] ranges, Worker[] workers, Func<IShardGrain> newGrain)
    {
        foreach (ShardRange range in ranges.Where(range => !workers.Contains(range.Worker)))
        {
            range.Free();
        }

        foreach (ShardRange range in ranges.Where(range => range.Worker is null))
        {
            range.MoveTo(workers.MinBy(Load)!, newGrain);
        }

        while (workers.MinBy(Load) is { } idle && Load(idle) == 0 && workers.MaxBy(Load) is { } busy && Load(busy) > 1)
        {
            Array.FindLast(ranges, range => range.Worker == busy)!.MoveTo(idle, newGrain);
        }

        int Load(Worker worker) => ranges.Count(range => range.Worker == worker);
    }
}
