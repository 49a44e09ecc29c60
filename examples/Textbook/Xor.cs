using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Textbook;

/// <summary>
/// The exclusive or, which no network without a hidden layer can learn (Minsky and Papert, 1969), by momentum with an adaptive learning
/// rate: in the engine and in ML.NET, from three seeds each.
/// </summary>
internal static class Xor
{
    private static readonly Optimizer s_optimizer = Optimizer.AdaptiveMomentum(learningRate: 0.5, momentum: 0.9);

    public static void Run(TextWriter to)
    {
        to.WriteLine("XOR: 2-5-1, logistic, E = ½(y − a)², all four samples at once, momentum 0.9, adaptive learning rate from 0.5");
        for (int seed = 1; seed <= 3; seed++)
        {
            to.WriteLine($"engine, seed {seed}: {InTheEngine(seed)}");
        }

        for (int seed = 1; seed <= 3; seed++)
        {
            to.WriteLine($"ML.NET, seed {seed}: {InMLNet(seed)}");
        }
    }

    private static string InTheEngine(int seed)
    {
        double[] inputs = [0, 0, 0, 1, 1, 0, 1, 1];
        Network<double> network = new NetworkBuilder(2).Add(5, Activation.Logistic).Add(1, Activation.Logistic).Build<double>(seed);
        TrainingResult result = new NetworkTrainer<double>(network, new TrainingOptions
        {
            Optimizer = s_optimizer,
            BatchSize = TrainingOptions.FullBatch,
            Epochs = 5000,
            TargetLoss = 0.001,
        }).Train(new DataSet<double>(inputs, 2, new double[] { 0, 1, 1, 0 }, 1));
        var outputs = new double[4];
        network.Predict(inputs, outputs, rows: 4);
        return $"{result.StopReason} after {result.History.Count} updates; outputs {Table(outputs)}";
    }

    private static string InMLNet(int seed)
    {
        var mlContext = new MLContext(seed);
        IDataView data = mlContext.Data.LoadFromEnumerable(
        [
            new Row { Features = [0, 0], Label = 0 },
            new Row { Features = [0, 1], Label = 1 },
            new Row { Features = [1, 0], Label = 1 },
            new Row { Features = [1, 1], Label = 0 },
        ]);
        var options = new BackPropagationRegressionTrainer.Options(Preset.Textbook)
        {
            HiddenLayers = HiddenLayers.Of(Activation.Logistic, 5),
            OutputActivation = Activation.Logistic,
            OutputInitializer = Initializer.Glorot,
            Optimizer = s_optimizer,
            BatchSize = int.MaxValue,
            NumberOfEpochs = 5000,
            TargetLoss = 0.001,
        };
        var model = mlContext.Regression.Trainers.BackPropagation(options).Fit(data);
        IEnumerable<double> outputs = model.Transform(data).GetColumn<float>("Score").Select(score => (double)score);
        return $"{model.Model.StopReason} after {model.Model.History.Count} updates; outputs {Table(outputs)}";
    }

    private static string Table(IEnumerable<double> outputs) => string.Join(", ", outputs.Select(output => output.ToString("F2")));

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; init; } = [];

        public float Label { get; init; }
    }
}
