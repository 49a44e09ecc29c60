using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Predictions;

/// <summary>Charts of predicted numbers.</summary>
internal static class RegressionPlots
{
    private const int MostBins = 30;

    public static Plot PredictedAgainstActual(RegressionRows rows, string? unit, string name = "")
    {
        double[] all = [.. rows.Actual, .. rows.Predicted];
        LinearAxis x = LinearAxis.For($"Actual{Unit(unit)}", all), y = LinearAxis.For($"Predicted{Unit(unit)}", all);
        IEnumerable<Mark> marks = Thinning.Evenly(rows.Count).Select(i => new Mark(rows.Actual[i], rows.Predicted[i], Tip(rows, i)));
        return new Plot(
            Titled("Predicted against actual", name),
            "Each point is a row; on the diagonal the prediction is exact." + Thinning.Note(rows.Count),
            x,
            y,
            [
                new GuideLine("exact", x.Lowest, x.Lowest, x.Highest, x.Highest),
                new PointMarks(null, Palette.Of(0), [.. marks], PointShape.Faint),
            ])
        {
            Empty = Empty(rows),
        };
    }

    public static Plot Residuals(RegressionRows rows, string? unit, string name = "")
    {
        double[] errors = [.. rows.Errors];
        LinearAxis x = LinearAxis.For($"Predicted{Unit(unit)}", rows.Predicted);
        IEnumerable<Mark> marks = Thinning.Evenly(rows.Count).Select(i => new Mark(rows.Predicted[i], errors[i], Tip(rows, i)));
        return new Plot(
            Titled("Errors by prediction", name),
            "The error of each row, predicted minus actual, against its prediction. "
                + "A slope or a funnel shows what the model has not learned."
                + Thinning.Note(rows.Count),
            x,
            LinearAxis.For($"Predicted − actual{Unit(unit)}", errors, include: 0),
            [new GuideLine(null, x.Lowest, 0, x.Highest, 0), new PointMarks(null, Palette.Of(0), [.. marks], PointShape.Faint)])
        {
            Empty = Empty(rows),
        };
    }

    public static Plot ErrorHistogram(RegressionRows rows, string? unit, string name = "")
    {
        double[] errors = [.. rows.Errors];
        (double start, double width, int bins) = BinsOf(errors);
        var counts = new int[bins];
        foreach (double error in errors)
        {
            counts[Math.Clamp((int)((error - start) / width), 0, bins - 1)]++;
        }

        IEnumerable<Bar> bars = counts.Select((count, b) =>
        {
            double from = start + (b * width), to = from + width;
            string tip = $"errors from {NumberText.Of(from)} to {NumberText.Of(to)}\n{NumberText.Count(count, "row")}";
            return new Bar(from, to, count, tip);
        });
        return new Plot(
            Titled("Errors", name),
            "How many rows have an error of each size. Errors should be small and lie evenly around 0.",
            new LinearAxis($"Predicted − actual{Unit(unit)}", start, start + (bins * width)),
            new LinearAxis("Rows", 0, Math.Max(1, counts.Max() * 1.05), IsWhole: true),
            [new BarMarks(null, Palette.Of(0), [.. bars]), .. Zero()])
        {
            Empty = Empty(rows),
        };

        IEnumerable<IMarks> Zero() =>
            start < 0 && start + (bins * width) > 0 ? [new GuideLine(null, 0, 0, 0, Math.Max(1, counts.Max() * 1.05))] : [];
    }

    /// <summary>The label against the only feature, and the predictions of the model.</summary>
    public static Plot Fit(RegressionRows rows, IReadOnlyList<double> feature, string featureName, string? unit)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count).Where(i => double.IsFinite(feature[i])).OrderBy(i => feature[i])];
        IReadOnlyList<int> onLine = Thinning.Extremes([.. order.Select(i => rows.Predicted[i])]);
        IEnumerable<Mark> line = onLine.Select(k => order[k]).Select(i => new Mark(feature[i], rows.Predicted[i], Tip(i)));
        IEnumerable<Mark> points = Thinning.Evenly(rows.Count).Select(i => new Mark(feature[i], rows.Actual[i], Tip(i)));
        return new Plot(
            "Fitted curve",
            "The only feature of each row and its label, and the line that the model predicts." + Thinning.Note(rows.Count),
            LinearAxis.For(featureName, feature),
            LinearAxis.For($"Label{Unit(unit)}", [.. rows.Actual, .. rows.Predicted]),
            [
                new PointMarks("actual", Palette.Of(0), [.. points], PointShape.Faint),
                new LineMarks("predicted", Palette.Of(1), [.. line]),
            ])
        {
            Empty = Empty(rows),
        };

        string Tip(int i) => $"{featureName} {NumberText.Of(feature[i])}\n{RegressionPlots.Tip(rows, i)}";
    }

    private static string Unit(string? unit) => unit is null ? "" : $" ({unit})";

    private static string Titled(string title, string name) => name.Length == 0 ? title : $"{title}: {name}";

    private static string? Empty(RegressionRows rows) => rows.Count == 0 ? "No rows" : null;

    private static string Tip(RegressionRows rows, int i) =>
        $"actual {NumberText.Of(rows.Actual[i])}\npredicted {NumberText.Of(rows.Predicted[i])}\n"
            + $"error {NumberText.Of(rows.Predicted[i] - rows.Actual[i])}";

    /// <summary>At most 30 bins of a round width with an edge at 0.</summary>
    private static (double Start, double Width, int Bins) BinsOf(double[] errors)
    {
        double lowest = errors.DefaultIfEmpty(0).Min(), highest = errors.DefaultIfEmpty(0).Max();
        double range = highest - lowest;
        if (!(range > 0) || !double.IsFinite(range))
        {
            double half = Math.Max(Math.Abs(highest) * 0.1, 1e-9);
            return double.IsFinite(range) ? (lowest - half, 2 * half, 1) : (lowest, double.MaxValue, 1);
        }

        double wanted = range / Math.Clamp(Math.Sqrt(errors.Length), 5, MostBins - 2);
        double power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        double width = power * (wanted <= power ? 1 : wanted <= 2 * power ? 2 : wanted <= 5 * power ? 5 : 10);
        double start = Math.Floor(lowest / width) * width;
        return (start, width, Math.Max(1, (int)Math.Floor((highest - start) / width) + 1));
    }
}
