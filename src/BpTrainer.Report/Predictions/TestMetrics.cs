namespace BpTrainer.Report.Predictions;

/// <summary>
/// The metrics of predictions, as ML.NET's Evaluate defines them; but the log-loss of two classes is in nats, not in bits. They are also
/// computed for a single class or row, for which Evaluate throws, and for each output of a vector.
/// </summary>
internal static class TestMetrics
{
    /// <summary>The metrics by name; metrics that the rows do not determine are <see cref="double.NaN"/>.</summary>
    public static IReadOnlyList<(string Name, double Value)> Of(ScoredRows rows) => rows switch
    {
        RegressionRows regression => Of(regression),
        ClassRows { IsBinary: true } binary => Binary(binary),
        _ => Multiclass((ClassRows)rows),
    };

    /// <summary>The share of the most frequent class: the accuracy of always predicting that class.</summary>
    public static double MostFrequent(ClassRows rows) =>
        rows.Count == 0 ? double.NaN : rows.Actual.CountBy(actual => actual).Max(pair => pair.Value) / (double)rows.Count;

    private static IReadOnlyList<(string, double)> Of(RegressionRows rows)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        double squared = rows.Errors.Average(error => error * error), mean = rows.Actual.Average();
        double variance = rows.Actual.Average(actual => (actual - mean) * (actual - mean));
        return
        [
            ("RMSE", Math.Sqrt(squared)),
            ("MAE", rows.Errors.Average(Math.Abs)),
            ("R²", variance > 0 ? 1 - (squared / variance) : double.NaN),
        ];
    }

    private static IReadOnlyList<(string, double)> Binary(ClassRows rows)
    {
        RankingCurve curve = rows.Curve(1);
        var pairs = rows.Actual.Zip(rows.Predicted).ToArray();
        double hits = pairs.Count(pair => pair is (1, 1));
        List<(string, double)> metrics =
        [
            ("Accuracy", rows.Accuracy),
            ("Area under the ROC curve", curve.HasBoth ? curve.Area : double.NaN),
            ("Average precision", curve.HasBoth ? curve.AveragePrecision : double.NaN),
            ("F1", 2 * hits / (pairs.Count(pair => pair.First == 1) + pairs.Count(pair => pair.Second == 1))),
        ];
        if (rows.AreProbabilities)
        {
            metrics.Add(("Log-loss", LogLoss(rows, i => rows.Actual[i] == 1 ? rows.Scores[i][0] : 1 - rows.Scores[i][0])));
        }

        return metrics;
    }

    private static IReadOnlyList<(string, double)> Multiclass(ClassRows rows)
    {
        var recalls = rows.Actual.Zip(rows.Predicted).GroupBy(pair => pair.First)
            .Select(group => group.Average(pair => pair.First == pair.Second ? 1.0 : 0));
        List<(string, double)> metrics =
            [("Micro accuracy", rows.Accuracy), ("Macro accuracy", recalls.DefaultIfEmpty(double.NaN).Average())];
        if (rows.AreProbabilities)
        {
            metrics.Add(("Log-loss", LogLoss(rows, i => rows.Scores[i][rows.Actual[i]])));
        }

        return metrics;
    }

    /// <summary>The mean of −ln p of the true class, in nats; ML.NET's lower bound of p keeps it finite.</summary>
    private static double LogLoss(ClassRows rows, Func<int, double> probability)
    {
        const double Least = 1e-15;
        return Enumerable.Range(0, rows.Count).Select(i => -Math.Log(Math.Max(probability(i), Least))).DefaultIfEmpty(double.NaN).Average();
    }
}
