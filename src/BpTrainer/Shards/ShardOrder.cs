namespace BpTrainer.Shards;

/// <summary>
/// The order of the rows of a shard in every pass: that of the rows in pass 0, and in pass p the one after p shuffles. It depends on seed,
/// shard and pass alone; the numbers that the passes before have drawn are drawn again where a worker is new.
/// </summary>
internal sealed class ShardOrder(Func<int[]> sampleNumbers, int seed, int shard)
{
    private int[]? _asTheyAre;
    private int[] _shuffled = [];
    private RandomStream? _random;
    private long _pass;

    public int[] For(long pass)
    {
        if (pass == 0)
        {
            return _asTheyAre ??= sampleNumbers();
        }

        if (_random is null || pass < _pass)
        {
            _random = RandomStream.OfPart(seed, RandomPurpose.Shuffle, shard);
            _shuffled = sampleNumbers();
            _pass = 0;
        }

        for (; _pass < pass; _pass++)
        {
            _random.Shuffle(_shuffled);
        }

        return _shuffled;
    }
}
