namespace BpTrainer.Examples.Engine;

/// <summary>
/// A sound way to learn a table: inputs standardised, one hidden layer, the output layer and loss that belong to the task,
/// and a tenth of the rows kept aside to stop before the network learns them by heart.
/// </summary>
internal static class Recipe
{
    public const int HiddenUnits = 64;

    private const double LearningRate = 0.02;
    private const int Epochs = 200;
    private const int ValidationChecks = 20;

    /// <summary>Trains a network on rows of a problem.</summary>
    /// <param name="problem">The table.</param>
    /// <param name="rows">The rows to learn from, in random order.</param>
    /// <param name="seed">The seed of the weights and of the order of samples.</param>
    public static (Network<float> Network, TrainingResult Result) Learn(Problem problem, int[] rows, int seed)
    {
        int aside = rows.Length / 10;
        DataSet<float> validation = Samples.From(problem, rows.AsSpan(0, aside));
        DataSet<float> training = Samples.From(problem, rows.AsSpan(aside));

        Network<float> network = Build(problem, training, seed);
        var options = new TrainingOptions
        {
            Loss = problem.Task switch
            {
                LearningTask.Regression => Loss.HalfSquaredError,
                LearningTask.Binary => Loss.BinaryCrossEntropy,
                _ => Loss.CategoricalCrossEntropy,
            },
            UpdateRule = UpdateRule.Momentum(0.9),
            LearningRate = LearningRate,
            BatchSize = Math.Clamp(training.Rows / 32, 8, 128),
            Epochs = Epochs,
            ValidationChecks = ValidationChecks,
            Seed = seed,
        };
        return (network, new NetworkTrainer<float>(network, options).Train(training, validation));
    }

    private static Network<float> Build(Problem problem, DataSet<float> training, int seed)
    {
        NetworkBuilder builder = new NetworkBuilder(training.InputColumns)
            .ScaleInputs(ColumnScaling.Standardize(training.Inputs.Span, training.InputColumns))
            .Add(HiddenUnits, Activation.Tanh)
            .Add(training.TargetColumns, problem.Task switch
            {
                LearningTask.Regression => Activation.Linear,
                LearningTask.Binary => Activation.Logistic,
                _ => Activation.Softmax,
            });
        if (problem.Task == LearningTask.Regression)
        {
            builder.ScaleOutputs(ColumnScaling.Standardize(training.Targets.Span, training.TargetColumns));
        }

        return builder.Build<float>(seed);
    }
}
