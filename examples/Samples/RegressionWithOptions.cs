using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Samples;

/// <summary>Predicts the progress of diabetes with a loss that reduces the influence of outliers.</summary>
public static class RegressionWithOptions
{
    public static void Example()
    {
        // The seed makes the split and the network the same every time.
        var mlContext = new MLContext(seed: 0);
        IDataView data = mlContext.Data.LoadFromTextFile<Row>(
            Path.Combine(AppContext.BaseDirectory, "data", "diabetes.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);

        // Options that are not set keep their defaults.
        var options = new BackPropagationRegressionTrainer.Options
        {
            HiddenLayers = [20, 10],
            Loss = Loss.Huber(),
            Optimizer = Optimizer.Momentum(0.005),
            NumberOfEpochs = 100,
        };

        var pipeline = mlContext.Regression.Trainers.BackPropagation(options);
        ITransformer model = pipeline.Fit(split.TrainSet);

        RegressionMetrics metrics = mlContext.Regression.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine($"R squared: {metrics.RSquared:F1}");
        Console.WriteLine($"Root mean squared error: {metrics.RootMeanSquaredError:F0}");

        // Expected output:
        //   R squared: 0.4
        //   Root mean squared error: 56
    }

    private sealed class Row
    {
        [LoadColumn(0, 9), VectorType(10)]
        public float[] Features { get; set; } = [];

        [LoadColumn(10)]
        public float Label { get; set; }
    }
}
