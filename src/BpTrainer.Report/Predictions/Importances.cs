using System.Collections.Immutable;
using Microsoft.ML.Data;

namespace BpTrainer.Report.Predictions;

/// <summary>Measures the importances of features with ML.NET's permutation feature importance.</summary>
internal static class Importances
{
    /// <summary>With more rows and features, it would take minutes.</summary>
    private const int MostRows = 2000;

    private const int MostFeatures = 100;
    private const int Shuffles = 3;

    /// <summary>The importances and the metric that becomes worse; null, with the reason, if they cannot be measured.</summary>
    public static (IReadOnlyList<Importance> Importances, string Metric)? Measure(
        ISingleFeaturePredictionTransformer<object> model, IDataView scored, ScoredRows rows, string label, out string? reason)
    {
        DataViewSchema.Column features = scored.Schema[model.FeatureColumnName];
        string[] names = ScoredReader.SlotNames(features);
        reason = names.Length > MostFeatures
            ? $"There are {names.Length} features; importances are measured for at most {MostFeatures}."
            : names.Length < 2 ? "A single feature cannot be compared with others."
            : rows is ClassRows classes && classes.Actual.Distinct().Count() < 2 ? "All rows belong to one class."
            : rows.Count < 2 ? "There are too few rows."
            : null;
        if (reason is not null)
        {
            return null;
        }

        var context = new MLContext(seed: 1);
        IDataView data = context.Data.Cache(scored, model.FeatureColumnName, label);
        try
        {
            return rows switch
            {
                RegressionRows => (
                    Of(
                        context.Regression.PermutationFeatureImportance<object>(
                            model, data, label, numberOfExamplesToUse: MostRows, permutationCount: Shuffles),
                        names,
                        one => one.RootMeanSquaredError),
                    "Increase of the RMSE"),
                ClassRows { IsBinary: true } => (
                    Of(
                        context.BinaryClassification.PermutationFeatureImportance<object>(
                            model, data, label, numberOfExamplesToUse: MostRows, permutationCount: Shuffles),
                        names,
                        one => one.AreaUnderRocCurve,
                        sign: -1),
                    "Decrease of the area under the ROC curve"),
                _ => (
                    Of(
                        context.MulticlassClassification.PermutationFeatureImportance<object>(
                            model, data, label, numberOfExamplesToUse: MostRows, permutationCount: Shuffles),
                        names,
                        one => one.LogLoss),
                    "Increase of the log-loss"),
            };
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            reason = $"ML.NET could not measure them: {error.Message}";
            return null;
        }
    }

    public static IReadOnlyList<Importance> Of<T>(
        ImmutableArray<T> all, IReadOnlyList<string> names, Func<T, MetricStatistics> metric, int sign = 1) =>
        [.. all.Select((one, i) => new Importance(names[i], sign * metric(one).Mean, metric(one).StandardDeviation))];
}
