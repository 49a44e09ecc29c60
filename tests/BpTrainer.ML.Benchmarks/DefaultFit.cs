using System.Diagnostics;
using System.Text.Json.Nodes;
using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Benchmarks;

/// <summary>Times the default trainer on a table of random numbers, beside LightGBM with its default options.</summary>
/// <remarks>
/// The label is a smooth function of the features, without noise, so that early stopping seldom shortens the training. The line has: rows,
/// features, networks and epochs of the best of them, fit_seconds and light_gbm_fit_seconds; fit_cpu_seconds, our time on all cores
/// together, which other work on the machine changes little; rows_per_second and light_gbm_rows_per_second of the scores of a view, and
/// single_rows_per_second and light_gbm_single_rows_per_second of prediction engines.
/// </remarks>
internal static class DefaultFit
{
    private const int Seed = 1;
    private const int Rounds = 30;
    private const int SingleRows = 2000;

    /// <summary>Fits and scores both.</summary>
    public static JsonObject Measure(int rows, int features)
    {
        var context = new MLContext(Seed);
        float[] inputs = SyntheticData.Inputs(rows, features, Seed);
        float[] numbers = SyntheticData.Numbers(inputs, features, 1, Seed);
        Row[] table = Rows.Cut(inputs, features, row => numbers[row], _ => 0);
        IDataView view = Rows.View(context, table, features);

        TimeSpan processorTime = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        var ours = context.Regression.Trainers.BackPropagation().Fit(view);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        processorTime = Environment.CpuUsage.TotalTime - processorTime;
        start = Stopwatch.GetTimestamp();
        ITransformer lightGbm = context.Regression.Trainers.LightGbm().Fit(view);
        double lightGbmSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using PredictionEngine<Row, Prediction> engine = context.Model.CreatePredictionEngine<Row, Prediction>(ours, view.Schema);
        using PredictionEngine<Row, Prediction> lightGbmEngine =
            context.Model.CreatePredictionEngine<Row, Prediction>(lightGbm, view.Schema);
        Row[] single = table[..Math.Min(rows, SingleRows)];
        double[] scoring = [.. Clock.BestOf(
            Rounds,
            () => Rows.DrainScores(ours.Transform(view)),
            () => Rows.DrainScores(lightGbm.Transform(view)),
            () => Predict(engine, single),
            () => Predict(lightGbmEngine, single))];
        return new JsonObject
        {
            ["rows"] = rows,
            ["features"] = features,
            ["networks"] = ours.Model.Ensemble?.Networks.Count ?? 1,
            ["epochs"] = ours.Model.History.Count,
            ["fit_seconds"] = Math.Round(seconds, 3),
            ["fit_cpu_seconds"] = Math.Round(processorTime.TotalSeconds, 3),
            ["light_gbm_fit_seconds"] = Math.Round(lightGbmSeconds, 3),
            ["rows_per_second"] = Math.Round(rows / scoring[0]),
            ["light_gbm_rows_per_second"] = Math.Round(rows / scoring[1]),
            ["single_rows_per_second"] = Math.Round(single.Length / scoring[2]),
            ["light_gbm_single_rows_per_second"] = Math.Round(single.Length / scoring[3]),
        };
    }

    private static void Predict(PredictionEngine<Row, Prediction> engine, Row[] rows)
    {
        var prediction = new Prediction();
        foreach (Row row in rows)
        {
            engine.Predict(row, ref prediction);
        }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
