using BpTrainer.ML;
using Microsoft.ML;

namespace BpTrainer.Examples.Samples;

/// <summary>Forecasts a monthly series from its last twelve months: the next month for each row, and then a whole year step by
/// step.</summary>
public static class TimeSeries
{
    private const int Year = 12, TrainingMonths = 120;

    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);
        Month[] months = [.. Enumerable.Range(0, TrainingMonths + Year + 1).Select(Sales)];
        IDataView training = mlContext.Data.LoadFromEnumerable(months[..TrainingMonths]);

        // Features: the sales of a month and of the eleven before it. Label: those of the next month. The last tenth of the months is
        // used for validation, because the model is to predict future months.
        var pipeline = mlContext.Transforms.LagFeatures("Features", "Sales", lags: [.. Enumerable.Range(0, Year)])
            .Append(mlContext.Transforms.LeadLabel("Label", "Sales", horizon: 1))
            .Append(mlContext.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options
            {
                ValidationFraction = 0.1,
                ValidationRows = ValidationRows.Last,
            }));
        ITransformer model = pipeline.Fit(training);

        // The test months follow the training months: the first window contains one test month and eleven training months.
        ITransformer continued = model.ContinueSeries();
        IDataView test = mlContext.Data.LoadFromEnumerable(months[TrainingMonths..]);
        var metrics = mlContext.Regression.Evaluate(continued.Transform(test));
        Console.WriteLine($"RMSE of the next month: {metrics.RootMeanSquaredError:F1}");

        // Forecast a year: each forecast is passed to the engine as if it were the actual value. The engine remembers earlier months.
        using PredictionEngine<Month, Forecast> engine = mlContext.Model.CreatePredictionEngine<Month, Forecast>(continued);
        float sales = months[TrainingMonths].Sales;
        double squares = 0, naiveSquares = 0;
        for (int step = 1; step <= Year; step++)
        {
            sales = engine.Predict(new Month { Sales = sales }).Score;
            float real = months[TrainingMonths + step].Sales;
            squares += Math.Pow(sales - real, 2);
            naiveSquares += Math.Pow(months[TrainingMonths + step - Year].Sales - real, 2);
        }

        Console.WriteLine($"RMSE of a year: {Math.Sqrt(squares / Year):F1}");
        Console.WriteLine($"RMSE of the year before: {Math.Sqrt(naiveSquares / Year):F1}");

        // Expected output:
        //   RMSE of the next month: 2.8
        //   RMSE of a year: 3.6
        //   RMSE of the year before: 12.6
    }

    /// <summary>Sales with a trend, a season, and a disturbance that no model can predict.</summary>
    private static Month Sales(int month) => new()
    {
        Sales = (float)(100 + month + (20 * Math.Sin(2 * Math.PI * month / Year)) + (2 * Math.Sin(month * month))),
    };

    private sealed class Month
    {
        public float Sales { get; set; }
    }

    private sealed class Forecast
    {
        public float Score { get; set; }
    }
}
