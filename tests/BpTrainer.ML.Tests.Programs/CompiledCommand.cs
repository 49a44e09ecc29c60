using System.Runtime;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests.Programs;

/// <summary>Counts the methods that are compiled in the first training of a process: most of its time.</summary>
internal static class CompiledCommand
{
    private const int Rows = 64, Inputs = 3;

    /// <summary>The engine alone, with what it needs to make a network.</summary>
    public static int Train() => Count(() =>
    {
        var samples = new DataSet<float>(Numbers(Rows * Inputs), Inputs, Numbers(Rows), 1);
        Network<float> network = new NetworkBuilder(Inputs)
            .ScaleInputs(ColumnScaling.StandardizeInputs(samples))
            .Add(8, Activation.Tanh)
            .Add(1, Activation.Linear)
            .Build<float>(seed: 1);
        new NetworkTrainer<float>(network, new TrainingOptions { Epochs = 2, BatchSize = 16 }).Train(samples);
    });

    /// <summary>A trainer of ML.NET, which is made before.</summary>
    public static int Fit()
    {
        var context = new MLContext(seed: 1);
        IDataView view = context.Data.LoadFromEnumerable(
            Numbers(Rows).Select(label => new Row { Features = Numbers(Inputs), Label = label }));
        var options = new BackPropagationRegressionTrainer.Options(Preset.Classic) { NumberOfEpochs = 2 };
        BackPropagationRegressionTrainer trainer = context.Regression.Trainers.BackPropagation(options);
        return Count(() => trainer.Fit(view));
    }

    private static int Count(Action train)
    {
        long before = JitInfo.GetCompiledMethodCount();
        train();
        Console.WriteLine(JitInfo.GetCompiledMethodCount() - before);
        return 0;
    }

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i))];

    private sealed class Row
    {
        [VectorType(Inputs)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
