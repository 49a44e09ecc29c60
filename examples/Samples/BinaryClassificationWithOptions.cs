using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Samples;

/// <summary>Tells malignant from benign tumours with classes that have the same total weight, regardless of their numbers of
/// rows.</summary>
public static class BinaryClassificationWithOptions
{
    public static void Example()
    {
        // The seed makes the split and the network the same every time.
        var mlContext = new MLContext(seed: 0);
        IDataView data = mlContext.Data.LoadFromTextFile<Row>(
            Path.Combine(AppContext.BaseDirectory, "data", "breast-cancer.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);

        // Options that are not set keep their defaults.
        var options = new BackPropagationBinaryTrainer.Options
        {
            HiddenLayers = HiddenLayers.Of(Activation.ReLU, 16),
            ClassWeights = ClassWeights.Balanced,
            Regularization = new Regularization { L2 = 0.001 },
        };

        // The label must be a bool: is the tumour malignant?
        KeyValuePair<string, bool>[] diagnoses = [new("malignant", true), new("benign", false)];
        var pipeline = mlContext.Transforms.Conversion.MapValue("Label", diagnoses, "Diagnosis")
            .Append(mlContext.BinaryClassification.Trainers.BackPropagation(options));
        ITransformer model = pipeline.Fit(split.TrainSet);

        CalibratedBinaryClassificationMetrics metrics = mlContext.BinaryClassification.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine($"Accuracy: {metrics.Accuracy:F2}");
        Console.WriteLine($"Area under the ROC curve: {metrics.AreaUnderRocCurve:F2}");

        // Expected output:
        //   Accuracy: 0.97
        //   Area under the ROC curve: 0.99
    }

    private sealed class Row
    {
        [LoadColumn(0, 29), VectorType(30)]
        public float[] Features { get; set; } = [];

        [LoadColumn(30)]
        public string Diagnosis { get; set; } = "";
    }
}
