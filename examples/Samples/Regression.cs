using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Samples;

/// <summary>Predicts the progress of diabetes, a number, from ten measurements.</summary>
public static class Regression
{
    public static void Example()
    {
        // The seed makes the split and the network the same every time.
        var mlContext = new MLContext(seed: 0);
        IDataView data = mlContext.Data.LoadFromTextFile<Row>(
            Path.Combine(AppContext.BaseDirectory, "data", "diabetes.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);

        var pipeline = mlContext.Regression.Trainers.BackPropagation(hiddenLayers: [20]);
        ITransformer model = pipeline.Fit(split.TrainSet);

        RegressionMetrics metrics = mlContext.Regression.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine($"R squared: {metrics.RSquared:F1}");
        Console.WriteLine($"Root mean squared error: {metrics.RootMeanSquaredError:F0}");

        // Expected output:
        //   R squared: 0.5
        //   Root mean squared error: 55
    }

    private sealed class Row
    {
        [LoadColumn(0, 9), VectorType(10)]
        public float[] Features { get; set; } = [];

        [LoadColumn(10)]
        public float Label { get; set; }
    }
}
