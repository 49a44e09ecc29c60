using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Samples;

/// <summary>Predicts two numbers with one model: the length and width of an iris's petals, from those of its sepals.</summary>
public static class MultiOutputRegression
{
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);
        IDataView data = mlContext.Data.LoadFromTextFile<Flower>(
            Path.Combine(AppContext.BaseDirectory, "data", "iris.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);

        // The network has one output for each value of the label vector.
        var pipeline = mlContext.Transforms.Concatenate("Petals", nameof(Flower.PetalLength), nameof(Flower.PetalWidth))
            .Append(mlContext.Regression.Trainers.MultiOutputBackPropagation(labelColumnName: "Petals"));
        ITransformer model = pipeline.Fit(split.TrainSet);

        MultiOutputRegressionMetrics metrics = mlContext.Regression.EvaluateMultiOutput(
            model.Transform(split.TestSet), labelColumnName: "Petals");
        foreach ((string name, RegressionMetrics output) in metrics.SlotNames.Zip(metrics.Outputs))
        {
            Console.WriteLine($"R squared of {name}: {output.RSquared:F2}");
        }

        // Expected output:
        //   R squared of PetalLength: 0.93
        //   R squared of PetalWidth: 0.80
    }

    private sealed class Flower
    {
        [LoadColumn(0, 1), VectorType(2)]
        public float[] Features { get; set; } = [];

        [LoadColumn(2)]
        public float PetalLength { get; set; }

        [LoadColumn(3)]
        public float PetalWidth { get; set; }
    }
}
