namespace BpTrainer.Report.Drawing;

/// <summary>Selects the values that a chart shows if there are many, so that a page stays small.</summary>
internal static class Thinning
{
    /// <summary>The maximum number of marks of one line.</summary>
    public const int MostOfALine = 500;

    /// <summary>The maximum number of points of one cloud.</summary>
    public const int MostPoints = 2000;

    /// <summary>
    /// For a line: all indices if there are few; otherwise the first and the last, and the lowest and the highest value of each of a few
    /// hundred stretches of equal length, so that no peak is lost.
    /// </summary>
    public static IReadOnlyList<int> Extremes(IReadOnlyList<double> values, int most = MostOfALine)
    {
        if (values.Count <= most)
        {
            return [.. Enumerable.Range(0, values.Count)];
        }

        int stretches = (most / 2) - 1;
        SortedSet<int> kept = [0, values.Count - 1];
        for (int s = 0; s < stretches; s++)
        {
            int start = (int)((long)values.Count * s / stretches), end = (int)((long)values.Count * (s + 1) / stretches);
            int lowest = start, highest = start;
            for (int i = start + 1; i < end; i++)
            {
                // NaN makes a gap in the line; it is kept as the lowest value.
                lowest = values[i].CompareTo(values[lowest]) < 0 ? i : lowest;
                highest = values[i].CompareTo(values[highest]) > 0 ? i : highest;
            }

            kept.Add(lowest);
            kept.Add(highest);
        }

        return [.. kept];
    }

    /// <summary>For points without an order: all indices if there are few, otherwise every k-th.</summary>
    public static IReadOnlyList<int> Evenly(int count, int most = MostPoints)
    {
        int step = Math.Max(1, (count + most - 1) / most);
        return [.. Enumerable.Range(0, (count + step - 1) / step).Select(i => i * step)];
    }

    /// <summary>The note in a caption about points that were left out; empty if none were.</summary>
    public static string Note(int count, int most = MostPoints)
    {
        int step = Math.Max(1, (count + most - 1) / most);
        return step == 1 ? "" : $" Of {NumberText.Count(count)} rows, one in {step} is shown.";
    }
}
