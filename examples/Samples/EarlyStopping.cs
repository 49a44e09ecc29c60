using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Samples;

/// <summary>Monitors a training in a pipeline on separate validation rows, epoch by epoch, and stops it on a custom condition.</summary>
public static class EarlyStopping
{
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);
        IDataView data = mlContext.Data.LoadFromTextFile<Flower>(
            Path.Combine(AppContext.BaseDirectory, "data", "iris.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.3);

        // The steps before the trainer are fitted to the training rows alone; then they transform the validation rows.
        var steps =
            mlContext.Transforms.Conversion.MapValueToKey("Label", "Species").Append(mlContext.Transforms.NormalizeMinMax("Features"));
        IDataView validation = steps.Fit(split.TrainSet).Transform(split.TestSet);
        var options = new BackPropagationMulticlassTrainer.Options(Preset.Fast)
        {
            ValidationData = validation,
            OnEpoch = progress =>
            {
                if (progress.Epoch.ValidationLoss < 0.15)
                {
                    progress.Stop();
                }
            },
        };

        var model = steps.Append(mlContext.MulticlassClassification.Trainers.BackPropagation(options)).Fit(split.TrainSet);
        BackPropagationMulticlassModelParameters network = model.LastTransformer.Model;
        Console.WriteLine($"Epochs: {network.History.Count}");
        Console.WriteLine($"Validation loss of the best: {network.History[network.BestEpoch - 1].ValidationLoss:F3}");

        // Expected output:
        //   Epochs: 7
        //   Validation loss of the best: 0.101
    }

    private sealed class Flower
    {
        [LoadColumn(0, 3), VectorType(4)]
        public float[] Features { get; set; } = [];

        [LoadColumn(4)]
        public string Species { get; set; } = "";
    }
}
