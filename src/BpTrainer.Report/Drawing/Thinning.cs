namespace BpTrainer.Report.Drawing;

/// <summary>Which of many values a chart shows, so that a page stays small.</summary>
internal static class Thinning
{
    /// <summary>The most marks of one line.</summary>
    public const int MostOfALine = 500;

    /// <summary>The most points of one cloud.</summary>
    public const int MostPoints = 2000;

    /// <summary>
    /// Of a line: all indices if they are few; else first and last, and of each of some hundred stretches of equal length the lowest and
    /// the highest value, so that no peak is lost.
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
                // A value that is not a number makes a gap; it is kept as the lowest.
                lowest = values[i].CompareTo(values[lowest]) < 0 ? i : lowest;
                highest = values[i].CompareTo(values[highest]) > 0 ? i : highest;
            }

            kept.Add(lowest);
            kept.Add(highest);
        }

        return [.. kept];
    }

    /// <summary>Of points in no order: all indices if they are few, else every k-th.</summary>
    public static IReadOnlyList<int> Evenly(int count, int most = MostPoints)
    {
        int step = Math.Max(1, (count + most - 1) / most);
        return [.. Enumerable.Range(0, (count + step - 1) / step).Select(i => i * step)];
    }

    /// <summary>What a caption says of points that were left out; empty if none were.</summary>
    public static string Note(int count, int most = MostPoints)
    {
        int step = Math.Max(1, (count + most - 1) / most);
        return step == 1 ? "" : $" Of {NumberText.Count(count)} rows, every {step}th is shown.";
    }
}
