using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Predictions;

/// <summary>Charts of predicted classes.</summary>
internal static class ClassPlots
{
    /// <summary>The maximum number of classes for which curves are drawn.</summary>
    private const int MostCurves = 8;

    private const int MostOfAMatrix = 30;

    /// <summary>Points of a curve that are nearer to each other than this, as the sum of the shares of both axes, are drawn as
    /// one.</summary>
    private const double Nearest = 1 / 300.0;

    public static Plot Confusion(ClassRows rows, string name = "")
    {
        int[] shown = MostFrequent(rows, MostOfAMatrix);
        var places = shown.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var counts = new int[shown.Length, shown.Length];
        var totals = new int[shown.Length];
        foreach ((int actual, int predicted) in rows.Actual.Zip(rows.Predicted))
        {
            if (places.TryGetValue(actual, out int row))
            {
                totals[row]++;
                if (places.TryGetValue(predicted, out int column))
                {
                    counts[row, column]++;
                }
            }
        }

        string[] names = [.. shown.Select(c => rows.Classes[c])];
        IEnumerable<Cell> cells =
            from row in Enumerable.Range(0, shown.Length)
            from column in Enumerable.Range(0, shown.Length)
            let share = totals[row] == 0 ? 0 : counts[row, column] / (double)totals[row]
            let tip = $"actual {names[row]}, predicted {names[column]}\n{NumberText.Count(counts[row, column], "row")}, "
                + $"{NumberText.Percent(share)} of {NumberText.Count(totals[row])}"
            select new Cell(column, shown.Length - 1 - row, share, NumberText.Count(counts[row, column]), tip);
        string left = shown.Length < rows.Classes.Count ? $" Only the {MostOfAMatrix} most frequent classes are shown." : "";
        return new Plot(
            Titled("Confusion matrix", name),
            $"Rows by their actual and predicted class. {NumberText.Percent(rows.Accuracy)} are correct.{left}",
            new CategoryAxis("Predicted class", names),
            new CategoryAxis("Actual class", [.. names.Reverse()]),
            [new CellMarks([.. cells])])
        {
            Empty = rows.Count == 0 ? "No rows" : null,
        };
    }

    public static Plot Roc(IEnumerable<(string? Name, RankingCurve Curve)> curves, string name = "")
    {
        (string? Name, RankingCurve Curve)[] drawn = [.. curves.Where(curve => curve.Curve.HasBoth)];
        var lines = drawn.Select((curve, i) => new LineMarks(
            $"{(curve.Name is null ? "" : curve.Name + ", ")}area {NumberText.Of(curve.Curve.Area)}",
            Palette.Of(i),
            [
                new Mark(0, 0, "No row is predicted positive"),
                .. Apart(
                    curve.Name,
                    curve.Curve,
                    point => (point.FalsePositives / (double)curve.Curve.Negatives, point.TruePositives / (double)curve.Curve.Positives)),
            ],
            Palette.IsDashed(i)));
        string areas = string.Join(", ", drawn.Select(curve => NumberText.Of(curve.Curve.Area)));
        return new Plot(
            Titled("ROC curve", name),
            $"The share of positives found against the share of negatives predicted positive. Area under the curve: {areas}.",
            LinearAxis.Share("False positive rate"),
            LinearAxis.Share("True positive rate"),
            [new GuideLine("chance", 0, 0, 1, 1), .. lines])
        {
            Empty = drawn.Length == 0 ? "Needs rows of both classes" : null,
        };
    }

    public static Plot PrecisionRecall(IEnumerable<(string? Name, RankingCurve Curve)> curves, string name = "")
    {
        (string? Name, RankingCurve Curve)[] drawn = [.. curves.Where(curve => curve.Curve.HasBoth)];
        var lines = drawn.Select((curve, i) => new LineMarks(
            $"{(curve.Name is null ? "" : curve.Name + ", ")}average {NumberText.Of(curve.Curve.AveragePrecision)}",
            Palette.Of(i),
            Apart(
                curve.Name,
                curve.Curve,
                point => (
                    point.TruePositives / (double)curve.Curve.Positives,
                    point.TruePositives / (double)(point.TruePositives + point.FalsePositives))),
            Palette.IsDashed(i)));
        string averages = string.Join(", ", drawn.Select(curve => NumberText.Of(curve.Curve.AveragePrecision)));
        return new Plot(
            Titled("Precision and recall", name),
            "The share of true positives among rows predicted positive against the share of positives found. "
                + $"Average precision: {averages}.",
            LinearAxis.Share("Recall"),
            LinearAxis.Share("Precision"),
            [.. lines])
        {
            Empty = drawn.Length == 0 ? "Needs rows of both classes" : null,
        };
    }

    public static Plot Reliability(IEnumerable<(string? Name, IReadOnlyList<ReliabilityBin> Bins)> all, string title, string name = "")
    {
        (string? Name, IReadOnlyList<ReliabilityBin> Bins)[] drawn = [.. all.Where(one => one.Bins.Count > 0)];
        var lines = drawn.Select((one, i) => new LineMarks(
            $"{(one.Name is null ? "" : one.Name + ", ")}error {NumberText.Of(ReliabilityBins.CalibrationError(one.Bins))}",
            Palette.Of(i),
            [
                .. one.Bins.Select(bin => new Mark(
                    bin.Predicted,
                    bin.Observed,
                    $"{(one.Name is null ? "" : one.Name + "\n")}predicted {NumberText.Percent(bin.Predicted)}, "
                        + $"came true {NumberText.Percent(bin.Observed)}\n{NumberText.Count(bin.Count, "row")}")),
            ],
            Palette.IsDashed(i)));
        return new Plot(
            Titled("Reliability", name),
            "Predicted probabilities against how often they came true, in ten bins. A perfect forecaster is on the diagonal.",
            LinearAxis.Share(title),
            LinearAxis.Share("Share that came true"),
            [new GuideLine("perfect", 0, 0, 1, 1), .. lines])
        {
            Empty = drawn.Length == 0 ? "No rows" : null,
        };
    }

    /// <summary>The curve of the second of two classes, or those of the most frequent classes.</summary>
    public static IReadOnlyList<(string? Name, RankingCurve Curve)> Curves(ClassRows rows) => rows.IsBinary
        ? [(null, rows.Curve(1))]
        : [.. MostFrequent(rows, MostCurves).Select(c => ((string?)rows.Classes[c], rows.Curve(c)))];

    /// <summary>The height that the picture needs for the legend of this number of curves.</summary>
    public static int Height(int curves) => 300 + (17 * Math.Max(0, curves - 2));

    /// <summary>What the probabilities of a reliability curve refer to.</summary>
    public static string ProbabilityTitle(ClassRows rows) =>
        rows.IsBinary ? "Predicted probability of true" : "Predicted probability of the predicted class";

    /// <summary>The most frequent classes, in their own order.</summary>
    private static int[] MostFrequent(ClassRows rows, int most)
    {
        var counts = rows.Actual.CountBy(actual => actual).ToDictionary();
        return [.. Enumerable.Range(0, rows.Classes.Count).OrderByDescending(c => counts.GetValueOrDefault(c)).Take(most).Order()];
    }

    private static string Titled(string title, string name) => name.Length == 0 ? title : $"{title}: {name}";

    private static string Tip(string? name, RankingPoint point, RankingCurve curve)
    {
        int called = point.TruePositives + point.FalsePositives;
        return $"{(name is null ? "" : name + "\n")}score at least {NumberText.Of(point.Threshold)}\n"
            + $"finds {NumberText.Percent(point.TruePositives / (double)curve.Positives)} of the positives\n"
            + $"wrongly includes {NumberText.Percent(point.FalsePositives / (double)curve.Negatives)} of the negatives\n"
            + $"correct for {NumberText.Percent(point.TruePositives / (double)called)} of {NumberText.Count(called, "row")}";
    }

    /// <summary>The marks of the first and the last point, and of the points between them that are far enough from the one
    /// before.</summary>
    private static List<Mark> Apart(string? name, RankingCurve curve, Func<RankingPoint, (double X, double Y)> place)
    {
        List<Mark> kept = [];
        foreach ((int i, RankingPoint point) in curve.Points.Index())
        {
            (double x, double y) = place(point);
            bool isFar = kept.Count == 0 || Math.Abs(x - kept[^1].X) + Math.Abs(y - kept[^1].Y) >= Nearest;
            if (isFar || i == curve.Points.Count - 1)
            {
                kept.Add(new Mark(x, y, Tip(name, point, curve)));
            }
        }

        return kept;
    }
}
