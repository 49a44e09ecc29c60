using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Samples;

/// <summary>Predicts an interval for the progress of diabetes, not only a number.</summary>
public static class QuantileRegression
{
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);
        IDataView data = mlContext.Data.LoadFromTextFile<Row>(
            Path.Combine(AppContext.BaseDirectory, "data", "diabetes.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);

        // One network for three quantiles, which never cross: four in five patients should be between the first and the last.
        var options = new BackPropagationMultiOutputTrainer.Options { Loss = Loss.Quantiles(0.1, 0.5, 0.9) };
        ITransformer model = mlContext.Regression.Trainers.MultiOutputBackPropagation(options).Fit(split.TrainSet);

        Prediction[] predictions = [.. mlContext.Data.CreateEnumerable<Prediction>(model.Transform(split.TestSet), reuseRowObject: false)];
        Console.WriteLine(
            $"Share between the quantiles: {predictions.Average(p => p.Score[0] <= p.Label && p.Label <= p.Score[2] ? 1.0 : 0):F2}");
        Console.WriteLine($"Mean width of the interval: {predictions.Average(p => p.Score[2] - p.Score[0]):F0}");

        // Expected output:
        //   Share between the quantiles: 0.72
        //   Mean width of the interval: 129
    }

    private sealed class Row
    {
        [LoadColumn(0, 9), VectorType(10)]
        public float[] Features { get; set; } = [];

        [LoadColumn(10)]
        public float Label { get; set; }
    }

    private sealed class Prediction
    {
        public float Label { get; set; }

        [VectorType(3)]
        public float[] Score { get; set; } = [];
    }
}
