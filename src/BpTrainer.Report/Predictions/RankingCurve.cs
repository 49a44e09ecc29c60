namespace BpTrainer.Report.Predictions;

/// <summary>A threshold on scores and the rows that it predicts positive.</summary>
/// <param name="Threshold">The lowest score that is predicted positive.</param>
/// <param name="TruePositives">The number of positives that are predicted positive.</param>
/// <param name="FalsePositives">The number of negatives that are predicted positive.</param>
internal readonly record struct RankingPoint(double Threshold, int TruePositives, int FalsePositives);

/// <summary>How well scores rank the positives above the negatives. ROC and precision–recall curves are drawn from it.</summary>
internal sealed class RankingCurve
{
    private RankingCurve(IReadOnlyList<RankingPoint> points) => Points = points;

    /// <summary>One point for each distinct score, from the highest to the lowest; rows with the same score count together.</summary>
    public IReadOnlyList<RankingPoint> Points { get; }

    public int Positives => Points.Count == 0 ? 0 : Points[^1].TruePositives;

    public int Negatives => Points.Count == 0 ? 0 : Points[^1].FalsePositives;

    /// <summary>Whether there are rows of both classes; otherwise there is no curve.</summary>
    public bool HasBoth => Positives > 0 && Negatives > 0;

    /// <summary>
    /// The area under the ROC curve: the share of pairs of a positive and a negative in which the positive has the higher score; ties count
    /// half.
    /// </summary>
    public double Area
    {
        get
        {
            double pairs = 0;
            RankingPoint last = default;
            foreach (RankingPoint point in Points)
            {
                pairs += (point.FalsePositives - last.FalsePositives) * (double)(point.TruePositives + last.TruePositives) / 2;
                last = point;
            }

            return pairs / Positives / Negatives;
        }
    }

    /// <summary>
    /// The average precision: the mean over the positives of the precision at their score.
    /// </summary>
    public double AveragePrecision
    {
        get
        {
            double sum = 0;
            int found = 0;
            foreach (RankingPoint point in Points)
            {
                sum += (point.TruePositives - found) * (double)point.TruePositives / (point.TruePositives + point.FalsePositives);
                found = point.TruePositives;
            }

            return sum / Positives;
        }
    }

    public static RankingCurve Of(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        List<RankingPoint> points = [];
        int truePositives = 0, falsePositives = 0;
        foreach (int i in Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]))
        {
            truePositives += isPositive[i] ? 1 : 0;
            falsePositives += isPositive[i] ? 0 : 1;
            var point = new RankingPoint(scores[i], truePositives, falsePositives);
            if (points.Count > 0 && points[^1].Threshold == scores[i])
            {
                points[^1] = point;
            }
            else
            {
                points.Add(point);
            }
        }

        return new RankingCurve(points);
    }
}
