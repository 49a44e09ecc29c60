using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Samples;

/// <summary>Tells three species of iris apart by the size of their flowers.</summary>
public static class MulticlassClassification
{
    public static void Example()
    {
        // The seed makes the split and the network the same every time.
        var mlContext = new MLContext(seed: 0);
        IDataView data = mlContext.Data.LoadFromTextFile<Row>(
            Path.Combine(AppContext.BaseDirectory, "data", "iris.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);

        // The label must be a key. The prediction is a key too, which is converted back to the name of a species.
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", "Species")
            .Append(mlContext.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [10]))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(split.TrainSet);

        MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine($"Micro accuracy: {metrics.MicroAccuracy:F2}");
        Console.WriteLine($"Macro accuracy: {metrics.MacroAccuracy:F2}");

        // Expected output:
        //   Micro accuracy: 0.94
        //   Macro accuracy: 0.95
    }

    private sealed class Row
    {
        [LoadColumn(0, 3), VectorType(4)]
        public float[] Features { get; set; } = [];

        [LoadColumn(4)]
        public string Species { get; set; } = "";
    }
}
