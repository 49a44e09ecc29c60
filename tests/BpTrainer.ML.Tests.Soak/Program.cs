using System.Globalization;
using BpTrainer.ML;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

// Trains models and predicts with them, again and again, in a process where nothing else runs. After every twenty of 200 fits, each followed by 5,000
// predictions, it prints the bytes of all objects that are left by a full collection: a line each.

const int Fits = 200, FitsOfMeasure = 20, Rows = 250, ScoredPasses = 10, SingleRows = 2_500;

var mlContext = new MLContext(seed: 1);
var random = new Random(1);
Row[] rows = [.. Enumerable.Range(0, Rows).Select(_ => new Row { Features = [.. Enumerable.Range(0, 10).Select(_ => random.NextSingle())] })];
foreach (Row row in rows)
{
    row.Label = row.Features.Sum();
    row.Flag = row.Label > 5;
}

IDataView data = mlContext.Data.LoadFromEnumerable(rows);
for (int fit = 1; fit <= Fits; fit++)
{
    FitAndPredict(fit);
    if (fit % FitsOfMeasure == 0)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Console.WriteLine(GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
    }
}

void FitAndPredict(int fit)
{
    ITransformer model = (fit % 3) switch
    {
        0 => mlContext.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options { NumberOfEpochs = 3, NumberOfNetworks = 2, AverageNetworks = true, KeepOptimizerState = true }).Fit(data),
        1 => mlContext.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options { NumberOfEpochs = 3, MaximumMemory = 10_000 }).Fit(data),
        _ => mlContext.BinaryClassification.Trainers.BackPropagation(labelColumnName: "Flag", numberOfEpochs: 3).Fit(data),
    };
    float sum = 0;
    for (int pass = 0; pass < ScoredPasses; pass++)
    {
        sum += model.Transform(data).GetColumn<float>("Score").Sum();
    }

    using PredictionEngine<Row, Prediction> engine = mlContext.Model.CreatePredictionEngine<Row, Prediction>(model, data.Schema);
    for (int i = 0; i < SingleRows; i++)
    {
        sum += engine.Predict(rows[i % Rows]).Score;
    }

    if (!float.IsFinite(sum))
    {
        throw new InvalidOperationException($"The scores of model {fit} add up to {sum}.");
    }
}

/// <summary>A row to learn and to predict from.</summary>
internal sealed class Row
{
    [VectorType(10)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }

    public bool Flag { get; set; }
}

/// <summary>What is predicted.</summary>
internal sealed class Prediction
{
    public float Score { get; set; }
}
