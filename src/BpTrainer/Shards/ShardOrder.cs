namespace BpTrainer.Shards;

/// <summary>
/// The order of a shard's rows in every pass: the original order in pass 0, and the order after p shuffles in pass p. It depends only on
/// seed, shard and pass; a new worker draws the random numbers of earlier passes again.
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
