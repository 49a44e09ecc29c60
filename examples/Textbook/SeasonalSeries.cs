using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Textbook;

/// <summary>
/// Time series: a network learns to predict the next month from the twelve months before it. It trains on ten years and forecasts two
/// years: each month from the actual months before it, and the first year also from the network's own forecasts.
/// </summary>
internal static class SeasonalSeries
{
    private const int Year = 12, TrainingMonths = 120, TestMonths = 24;

    private static readonly float[] s_sales = [.. Enumerable.Range(0, TrainingMonths + TestMonths).Select(SalesOf)];

    public static void Run(TextWriter to)
    {
        to.WriteLine($"A trend, a season of 12 months and a disturbance: {TrainingMonths} months to learn, {TestMonths} to forecast");
        var mlContext = new MLContext(seed: 1);
        IDataView training = View(mlContext, s_sales[..TrainingMonths]);
        ITransformer model = mlContext.Transforms.LagFeatures("Features", nameof(Month.Sales), [.. Enumerable.Range(0, Year)])
            .Append(mlContext.Transforms.LeadLabel("Label", nameof(Month.Sales)))
            .Append(mlContext.Regression.Trainers.BackPropagation(
                new BackPropagationRegressionTrainer.Options { ValidationRows = ValidationRows.Last }))
            .Fit(training)
            .ContinueSeries();

        // The forecast of a test month is the score of the month before it; the last training month is the first of these.
        IDataView known = View(mlContext, s_sales[TrainingMonths..^1]);
        float[] forecasts = [.. model.Transform(known).GetColumn<float>("Score")];
        float[] actual = s_sales[(TrainingMonths + 1)..];
        float[] yearBefore = s_sales[(TrainingMonths + 1 - Year)..^Year];
        to.WriteLine($"RMSE of {actual.Length} forecasts of one month ahead: {Error(forecasts, actual):F1}");
        to.WriteLine($"RMSE of repeating the year before:           {Error(yearBefore, actual):F1}");

        using var engine = mlContext.Model.CreatePredictionEngine<Month, Forecast>(model);
        to.WriteLine("Twelve months from their own forecasts: month, forecast, actual");
        float sales = s_sales[TrainingMonths];
        for (int month = TrainingMonths + 1; month <= TrainingMonths + Year; month++)
        {
            sales = engine.Predict(new Month { Sales = sales }).Score;
            to.WriteLine($"{month,5}  {sales,6:F0}  {s_sales[month],6:F0}");
        }
    }

    private static float SalesOf(int month) =>
        (float)((100 + month) * (1 + (0.3 * Math.Sin(2 * Math.PI * month / Year))) + (3 * Math.Sin(month * month)));

    private static IDataView View(MLContext mlContext, float[] sales) =>
        mlContext.Data.LoadFromEnumerable(sales.Select(value => new Month { Sales = value }));

    private static double Error(float[] forecasts, float[] actual) =>
        Math.Sqrt(forecasts.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Average());

    private sealed class Month
    {
        public float Sales { get; init; }
    }

    private sealed class Forecast
    {
        public float Score { get; init; }
    }
}
