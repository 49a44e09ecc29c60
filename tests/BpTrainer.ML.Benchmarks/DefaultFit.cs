using System.Diagnostics;
using System.Text.Json.Nodes;
using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Benchmarks;

/// <summary>Times the default trainer on a table of random numbers, beside LightGBM with its default options.</summary>
/// <remarks>
/// The label is a smooth function of the features, without noise, so that early stopping seldom shortens the training. The line has: rows,
/// features, networks and epochs of the best of them, fit_seconds, light_gbm_fit_seconds, and rows_per_second and
/// light_gbm_rows_per_second of the scores.
/// </remarks>
internal static class DefaultFit
{
    private const int Seed = 1;

    /// <summary>Fits and scores both.</summary>
    public static JsonObject Measure(int rows, int features)
    {
        var context = new MLContext(Seed);
        float[] inputs = SyntheticData.Inputs(rows, features, Seed);
        float[] numbers = SyntheticData.Numbers(inputs, features, 1, Seed);
        IDataView view = Rows.View(context, Rows.Cut(inputs, features, row => numbers[row], _ => 0), features);

        long start = Stopwatch.GetTimestamp();
        var ours = context.Regression.Trainers.BackPropagation().Fit(view);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        ITransformer lightGbm = context.Regression.Trainers.LightGbm().Fit(view);
        double lightGbmSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] scoring = [.. Clock.BestOf(
            3, [() => Rows.DrainScores(ours.Transform(view)), () => Rows.DrainScores(lightGbm.Transform(view))])];
        return new JsonObject
        {
            ["rows"] = rows,
            ["features"] = features,
            ["networks"] = ours.Model.Ensemble?.Networks.Count ?? 1,
            ["epochs"] = ours.Model.History.Count,
            ["fit_seconds"] = Math.Round(seconds, 3),
            ["light_gbm_fit_seconds"] = Math.Round(lightGbmSeconds, 3),
            ["rows_per_second"] = Math.Round(rows / scoring[0]),
            ["light_gbm_rows_per_second"] = Math.Round(rows / scoring[1]),
        };
    }
}
