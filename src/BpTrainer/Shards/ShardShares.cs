namespace BpTrainer.Shards;

/// <summary>
/// How many rows of each shard are among the first of all, in the order that <see cref="IShardedRows{T}"/> describes: that of the places
/// (2j + 1) / n for the row j of a shard of n. It is the rule of Webster and Sainte-Laguë, which shares out the seats of a parliament.
/// </summary>
internal sealed class ShardShares(int[] rows)
{
    private readonly long _total = rows.Sum(count => (long)count);

    /// <summary>The rows of each shard among the first <paramref name="taken"/> of all.</summary>
    public int[] Of(long taken)
    {
        // Every row whose place is at most 2 · taken / total; then those that are missing or too many, one by one.
        int[] shares = Array.ConvertAll(rows, count => (int)((((Int128)2 * count * taken) + _total) / (2 * (Int128)_total)));
        long missing = taken - shares.Sum(share => (long)share);
        for (; missing > 0; missing--)
        {
            shares[FirstBehind(shares)]++;
        }

        for (; missing < 0; missing++)
        {
            shares[LastAmong(shares)]--;
        }

        return shares;
    }

    /// <summary>The shard whose next row has the lowest place.</summary>
    private int FirstBehind(int[] shares)
    {
        int best = -1;
        for (int s = 0; s < rows.Length; s++)
        {
            if (shares[s] < rows[s] && (best < 0 || IsBefore(s, shares[s], best, shares[best])))
            {
                best = s;
            }
        }

        return best;
    }

    /// <summary>The shard whose last row taken has the highest place.</summary>
    private int LastAmong(int[] shares)
    {
        int best = -1;
        for (int s = 0; s < rows.Length; s++)
        {
            if (shares[s] > 0 && (best < 0 || !IsBefore(s, shares[s] - 1, best, shares[best] - 1)))
            {
                best = s;
            }
        }

        return best;
    }

    /// <summary>Whether row i of shard a comes before row j of shard b, which is the lower one.</summary>
    private bool IsBefore(int a, int i, int b, int j) => ((2 * (Int128)i) + 1) * rows[b] < ((2 * (Int128)j) + 1) * rows[a];
}
