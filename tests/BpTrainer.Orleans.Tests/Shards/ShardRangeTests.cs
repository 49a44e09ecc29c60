using System.Net;
using BpTrainer.Orleans.Shards;
using BpTrainer.Orleans.Silos;
using Orleans.Runtime;

namespace BpTrainer.Orleans.Tests.Shards;

/// <summary>Which worker has which shards.</summary>
public class ShardRangeTests
{
    private static readonly Worker s_a = Worker("a"), s_b = Worker("b"), s_c = Worker("c");

    [Fact]
    public void ShardsAreCutEvenly() => Assert.Equal(
        [(0, 3), (3, 3), (6, 4)], ShardRange.Cut(shards: 10, ranges: 3).Select(range => (range.First, range.Count)));

    [Fact]
    public void TheRangeOfALostWorkerMovesAndTheOthersStay()
    {
        ShardRange[] ranges = ShardRange.Cut(shards: 6, ranges: 3);
        Assert.Equal("a b c", Place(ranges, s_a, s_b, s_c));
        ranges[0].Plan = ranges[2].Plan = 1;
        Assert.Equal("a a c", Place(ranges, s_a, s_c));
        Assert.Equal([1, 0, 1], ranges.Select(range => range.Plan));
    }

    [Fact]
    public void AWorkerThatComesLateTakesOneOfSeveralRanges()
    {
        ShardRange[] ranges = ShardRange.Cut(shards: 6, ranges: 3);
        Assert.Equal("a a a", Place(ranges, s_a));
        Assert.Equal("a a b", Place(ranges, s_a, s_b));
        Assert.Equal("a c b", Place(ranges, s_a, s_b, s_c));
        Assert.Equal("a c b", Place(ranges, s_a, s_b, s_c, Worker("d")));
    }

    [Fact]
    public void AWorkerThatIsRefusedHasNothing()
    {
        ShardRange[] ranges = ShardRange.Cut(shards: 2, ranges: 2);
        Place(ranges, s_a, s_b);
        ranges[1].Free();
        Assert.Equal("a a", Place(ranges, s_a));
    }

    /// <summary>Places the ranges and gives the names of those who have them.</summary>
    private static string Place(ShardRange[] ranges, params Worker[] workers)
    {
        ShardRange.Place(ranges, workers, () => null!);
        return string.Join(' ', ranges.Select(range => range.Worker!.Name));
    }

    private static Worker Worker(string name) => new(SiloAddress.New(IPAddress.Loopback, name[0], 1), name, "1", "Naive", MaximumJobs: 1);
}
