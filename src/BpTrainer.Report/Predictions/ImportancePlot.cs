using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Predictions;

/// <summary>How much worse predictions become without the information of a feature.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Loss">How much worse the metric is on average if the feature is shuffled.</param>
/// <param name="Spread">The standard deviation of <paramref name="Loss"/> over the shuffles.</param>
internal readonly record struct Importance(string Feature, double Loss, double Spread);

/// <summary>The importances of features by permutation.</summary>
internal static class ImportancePlot
{
    private const int MostFeatures = 20;

    public static Plot Of(IReadOnlyList<Importance> importances, string metric)
    {
        Importance[] shown = [.. importances.Where(i => double.IsFinite(i.Loss)).OrderByDescending(i => i.Loss).Take(MostFeatures)];
        var bars = shown.Select((importance, i) => new Interval(
            importance.Loss,
            double.IsFinite(importance.Spread) ? importance.Spread : 0,
            shown.Length - 1 - i,
            $"{importance.Feature}\n{metric}: {NumberText.Of(importance.Loss)} ± {NumberText.Of(importance.Spread)}"));
        string left = shown.Length < importances.Count
            ? $" The {shown.Length} most important of {NumberText.Count(importances.Count)} features are shown."
            : "";
        double[] ends = [.. shown.SelectMany(i => new[] { i.Loss - i.Spread, i.Loss + i.Spread, i.Loss })];
        return new Plot(
            "Importance of the features",
            "How much worse the predictions become if the values of one feature are shuffled among the rows." + left,
            LinearAxis.For(metric, ends, include: 0),
            new CategoryAxis("Feature", [.. shown.Select(i => i.Feature).Reverse()]),
            [new IntervalMarks(null, Palette.Of(0), [.. bars], BarsFrom: 0)])
        {
            Empty = shown.Length == 0 ? "No features" : null,
        };
    }

    /// <summary>The height that the picture needs for its bars.</summary>
    public static int Height(int features) => 110 + (20 * Math.Clamp(features, 5, MostFeatures));
}
