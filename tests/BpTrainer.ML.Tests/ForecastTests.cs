using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Forecasts of a monthly series with a trend and a season, beside those that repeat the year before.</summary>
public class ForecastTests
{
    private const int Months = 12, TrainingMonths = 120, TestMonths = 24;

    private static readonly float[] s_sales = MakeSales();

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void OneStepIsBetterThanTheSeasonalNaiveForecast()
    {
        ITransformer model = Train(_ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options { Seed = 1, ValidationRows = ValidationRows.Last }));

        // The last test row has no month after it.
        float[] forecasts = model.ContinueSeries().Transform(View(s_sales[TrainingMonths..])).Values<float>("Score");
        double ours = Error(forecasts[..^1], s_sales[(TrainingMonths + 1)..]);
        double naive = Error(s_sales[(TrainingMonths + 1 - Months)..^Months], s_sales[(TrainingMonths + 1)..]);
        Assert.True(ours < 0.7 * naive, $"{ours} against {naive}");
    }

    /// <summary>
    /// Several steps: the engine is given the last month that is known, and then each forecast as if it were the month that it forecasts.
    /// </summary>
    [Fact]
    public void ManyStepsByThePredictionEngineAreBetterThanTheSeasonalNaiveForecast()
    {
        ITransformer model = Train(_ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options { Seed = 1 }));
        // The engine begins behind the training months, and the first test month is known.
        using var engine = _ml.Model.CreatePredictionEngine<Month, Forecast>(model.ContinueSeries());
        float sales = s_sales[TrainingMonths];
        var forecasts = new float[Months];
        for (int step = 0; step < Months; step++)
        {
            sales = engine.Predict(new Month { Sales = sales }).Score;
            forecasts[step] = sales;
        }

        float[] real = s_sales[(TrainingMonths + 1)..][..Months];
        double ours = Error(forecasts, real);
        double naive = Error(s_sales[(TrainingMonths + 1 - Months)..][..Months], real);
        Assert.True(ours < 0.8 * naive, $"{ours} against {naive}");
    }

    /// <summary>The same forecast by an engine and by Transform, which is given the forecasts as rows.</summary>
    [Fact]
    public void TheEngineForecastsWhatTransformDoes()
    {
        ITransformer model = Train(_ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast) { Seed = 1, NumberOfEpochs = 5 }));
        model = model.SaveAndLoad(View(s_sales).Schema).ContinueSeries();
        using var engine = _ml.Model.CreatePredictionEngine<Month, Forecast>(model);
        float[] test = s_sales[TrainingMonths..];
        DataViews.AssertClose(
            model.Transform(View(test)).Scores(), [.. test.Select(x => new[] { engine.Predict(new Month { Sales = x }).Score })], 1e-5);
    }

    /// <summary>Each of the next three months by an output of its own.</summary>
    [Fact]
    public void SeveralHorizonsAreALabelOfSeveralOutputs()
    {
        IDataView training = View(s_sales[..TrainingMonths]);
        ITransformer model = _ml.Transforms.LagFeatures("Features", "Sales", [.. Enumerable.Range(0, Months)])
            .Append(_ml.Transforms.LeadLabels("Label", "Sales", 1, 2, 3))
            .Append(_ml.Regression.Trainers.MultiOutputBackPropagation(new BackPropagationMultiOutputTrainer.Options { Seed = 1 }))
            .Fit(training);
        IDataView scored = model.ContinueSeries().Transform(View(s_sales[TrainingMonths..]));
        MultiOutputRegressionMetrics metrics = _ml.Regression.EvaluateMultiOutput(_ml.Data.TakeRows(scored, TestMonths - 3));
        Assert.Equal(["Sales[t+1]", "Sales[t+2]", "Sales[t+3]"], metrics.SlotNames);
        double naive = Error(s_sales[(TrainingMonths - Months)..^Months], s_sales[TrainingMonths..]);
        Assert.All(
            metrics.Outputs, output => Assert.True(output.RootMeanSquaredError < naive, $"{output.RootMeanSquaredError} against {naive}"));
    }

    [Fact]
    public void AnotherProcessForecastsTheSame()
    {
        ITransformer model = Train(_ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast) { Seed = 1, NumberOfEpochs = 5 })).ContinueSeries();
        Processes.AssertLoadedModelsScoreTheSame(_ml, model, View(s_sales[TrainingMonths..]));
    }

    /// <summary>Behind the lags, rows may be split in any way: each has its window with it.</summary>
    [Fact]
    public void RowsWithLagsAreCrossValidated()
    {
        IDataView lagged = _ml.Transforms.LagFeatures("Features", "Sales", [.. Enumerable.Range(0, Months)])
            .Append(_ml.Transforms.LeadLabel("Label", "Sales")).Fit(View(s_sales)).Transform(View(s_sales));
        var trainer = _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast) { Seed = 1 });
        Assert.All(
            _ml.Regression.CrossValidate(lagged, trainer, numberOfFolds: 3),
            fold => Assert.InRange(fold.Metrics.RSquared, 0.9, 1));
    }

    /// <summary>Rows without a full window and the row without a label are left out, and a warning says how many.</summary>
    [Fact]
    public void RowsWithoutAFullWindowAreLeftOut()
    {
        string? warning = null;
        _ml.Log += (_, message) => warning = message.Message.Contains("Skipped", StringComparison.Ordinal) ? message.Message : warning;
        Train(_ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast) { NumberOfEpochs = 1, HiddenLayers = [2] }));
        Assert.Contains(
            "Skipped 12 of 120 rows of the training data: 1 with a missing label, 0 with a weight that is missing or not above 0, 11 with",
            warning, StringComparison.Ordinal);
    }

    /// <summary>The way without a lead: the label is the month itself, and lags begin with the month before.</summary>
    [Fact]
    public void TheLabelMayBeTheSeriesItself()
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { Seed = 1, NumberOfEpochs = 3 };
        ITransformer lead = Train(_ml.Regression.Trainers.BackPropagation(options));
        ITransformer itself = _ml.Transforms.LagFeatures("Features", "Sales", [.. Enumerable.Range(1, Months)])
            .Append(_ml.Transforms.CopyColumns("Label", "Sales"))
            .Append(_ml.Regression.Trainers.BackPropagation(options)).Fit(View(s_sales[..TrainingMonths]));
        float[][] ofNext = lead.Transform(View(s_sales)).Scores(), ofThis = itself.Transform(View(s_sales)).Scores();
        DataViews.AssertSameBits(ofNext[11..^1], ofThis[12..]);
    }

    private ITransformer Train(BackPropagationRegressionTrainer trainer) =>
        _ml.Transforms.LagFeatures("Features", "Sales", [.. Enumerable.Range(0, Months)])
            .Append(_ml.Transforms.LeadLabel("Label", "Sales"))
            .Append(trainer).Fit(View(s_sales[..TrainingMonths]));

    private IDataView View(float[] sales) => _ml.Data.LoadFromEnumerable(sales.Select(x => new Month { Sales = x }));

    private static double Error(float[] forecasts, float[] values)
    {
        Assert.Equal(values.Length, forecasts.Length);
        return Math.Sqrt(forecasts.Zip(values, (a, b) => (double)(a - b) * (a - b)).Average());
    }

    /// <summary>A trend of one a month, a season of ±20 and noise of ±2.</summary>
    private static float[] MakeSales()
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, TrainingMonths + TestMonths).Select(month =>
            (float)(100 + month + (20 * Math.Sin(2 * Math.PI * month / Months)) + (4 * (random.NextDouble() - 0.5))))];
    }

    private sealed class Month
    {
        public float Sales { get; set; }
    }

    private sealed class Forecast
    {
        public float Score { get; set; }
    }
}
