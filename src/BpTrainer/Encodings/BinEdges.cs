namespace BpTrainer.Encodings;

/// <summary>Chooses the edges of the bins of a column from its values in ascending order; at least three values must differ.</summary>
internal static class BinEdges
{
    /// <summary>The minimum number of rows of a leaf of a tree.</summary>
    private const int LeafRows = 10;

    /// <summary>The minimum reduction of Σy² by a split, as a share of the rows (the mean of y² is 1): more than rounding errors.</summary>
    private const double LeastGain = 1e-9;

    /// <summary>The quantiles 0, 1/bins, …, 1 of the values, without duplicates.</summary>
    public static double[] OfQuantiles(ReadOnlyMemory<double> sorted, int bins)
    {
        ReadOnlySpan<double> values = sorted.Span;
        var edges = new List<double>();
        for (int t = 0; t <= bins; t++)
        {
            double place = (double)t / bins * (values.Length - 1);
            int below = (int)place;
            double low = values[below], high = values[Math.Min(below + 1, values.Length - 1)];
            double edge = low + ((place - below) * (high - low));
            if (edges.Count == 0 || edge > edges[^1])
            {
                edges.Add(edge);
            }
        }

        return [.. edges];
    }

    /// <summary>
    /// The lowest and the highest value, and the splits of a regression tree between them. <paramref name="sums"/> holds, for each row, the
    /// sums of the targets of the rows before it: (rows + 1) × targets.
    /// </summary>
    public static double[] OfTree(ReadOnlyMemory<double> sorted, double[] sums, int targets, int bins)
    {
        ReadOnlySpan<double> values = sorted.Span;
        var leaves = new PriorityQueue<(int First, int Split, int End), double>();
        var edges = new List<double> { values[0], values[^1] };
        Add(values, 0, values.Length);
        while (edges.Count <= bins && leaves.TryDequeue(out (int First, int Split, int End) leaf, out _))
        {
            edges.Add(Middle(values[leaf.Split - 1], values[leaf.Split]));
            Add(values, leaf.First, leaf.Split);
            Add(values, leaf.Split, leaf.End);
        }

        return [.. edges.Distinct().Order()];

        void Add(ReadOnlySpan<double> all, int first, int end)
        {
            (int split, double gain) = BestSplit(all, sums, targets, first, end);
            if (split > first)
            {
                leaves.Enqueue((first, split, end), -gain);
            }
        }
    }

    /// <summary>
    /// The split of the rows first … end that reduces the squared error most, and by how much; the split is at the first row if there is
    /// none.
    /// </summary>
    private static (int Split, double Gain) BestSplit(ReadOnlySpan<double> values, double[] sums, int targets, int first, int end)
    {
        double whole = Explained(sums, targets, first, end), best = LeastGain * values.Length;
        int split = first;
        for (int at = first + LeafRows; at <= end - LeafRows; at++)
        {
            double gain = values[at] == values[at - 1] ? 0 : Explained(sums, targets, first, at)
                + Explained(sums, targets, at, end) - whole;
            if (gain > best)
            {
                (split, best) = (at, gain);
            }
        }

        return (split, best);
    }

    /// <summary>(Σy)² / n over the rows first … end: the reduction of Σy² by their mean.</summary>
    private static double Explained(double[] sums, int targets, int first, int end)
    {
        double explained = 0;
        for (int t = 0; t < targets; t++)
        {
            double sum = sums[(end * targets) + t] - sums[(first * targets) + t];
            explained += sum * sum;
        }

        return explained / (end - first);
    }

    /// <summary>A number between two numbers, or the higher one if there is none between them.</summary>
    private static double Middle(double low, double high)
    {
        double middle = low + ((high - low) / 2);
        return middle > low ? middle : high;
    }
}
