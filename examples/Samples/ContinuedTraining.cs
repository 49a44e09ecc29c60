using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Samples;

/// <summary>Continues the training of a saved model.</summary>
public static class ContinuedTraining
{
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);
        IDataView data = mlContext.Data.LoadFromTextFile<Flower>(
            Path.Combine(AppContext.BaseDirectory, "data", "iris.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);
        IEstimator<ITransformer> label = mlContext.Transforms.Conversion.MapValueToKey("Label", "Species");

        // Train for five epochs and save the model.
        var first = mlContext.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [20], numberOfEpochs: 5);
        using var file = new MemoryStream();
        mlContext.Model.Save(label.Append(first).Fit(split.TrainSet), data.Schema, file);

        // Later, training continues from there. Features, classes and layers must be the same, and the model's scaling of the features
        // is kept. The learning rate and most other options may differ, and so may the rows.
        file.Position = 0;
        ITransformer saved = mlContext.Model.Load(file, out _);
        var second = mlContext.MulticlassClassification.Trainers.BackPropagation(new()
        {
            HiddenLayers = [20],
            Optimizer = Optimizer.Momentum(0.02),
            InitialModel = saved,
        });
        ITransformer continued = label.Append(second).Fit(split.TrainSet);
        Console.WriteLine($"Log-loss of the saved model: {LogLoss(saved):F2}");
        Console.WriteLine($"Log-loss after more training: {LogLoss(continued):F2}");

        // Expected output:
        //   Log-loss of the saved model: 0.20
        //   Log-loss after more training: 0.12

        double LogLoss(ITransformer model) => mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).LogLoss;
    }

    private sealed class Flower
    {
        [LoadColumn(0, 3), VectorType(4)]
        public float[] Features { get; set; } = [];

        [LoadColumn(4)]
        public string Species { get; set; } = "";
    }
}
