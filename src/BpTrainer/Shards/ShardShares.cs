namespace BpTrainer.Shards;

/// <summary>
/// The number of rows of each shard among the first rows of all, in the order that <see cref="IShardedRows{T}"/> describes: by the places
/// (2j + 1) / n for row j of a shard with n rows. This is the rule of Webster and Sainte-Laguë, which distributes the seats of a
/// parliament.
/// </summary>
internal sealed class ShardShares(int[] rows)
{
    private readonly long _total = rows.Sum(count => (long)count);

    /// <summary>Returns the number of rows of each shard among the first <paramref name="taken"/> of all.</summary>
    public int[] Of(long taken)
    {
        // First every row whose place is at most 2 · taken / total; then missing rows are added, or surplus rows removed, one by one.
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

    /// <summary>Returns the shard whose next row has the lowest place.</summary>
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

    /// <summary>Returns the shard whose last taken row has the highest place.</summary>
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

    /// <summary>Whether row i of shard a comes before row j of shard b, where b is the lower shard.</summary>
    private bool IsBefore(int a, int i, int b, int j) => ((2 * (Int128)i) + 1) * rows[b] < ((2 * (Int128)j) + 1) * rows[a];
}
