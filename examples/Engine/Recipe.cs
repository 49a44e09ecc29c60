namespace BpTrainer.Examples.Engine;

/// <summary>
/// A sound way to learn a table: inputs standardised, one hidden layer, the output layer and loss that belong to the task,
/// and some rows kept aside, to stop before the network learns the others by heart. The figures are the defaults of the
/// ML.NET trainers.
/// </summary>
internal static class Recipe
{
    public const int HiddenUnits = 64;

    /// <summary>The number of epochs after which training ends at the latest.</summary>
    public const int Epochs = 200;

    private const double LearningRate = 0.01;
    private const int EarlyStoppingRounds = 20;
    private const double ValidationFraction = 0.15;

    /// <summary>Trains a network on rows of a problem.</summary>
    /// <param name="problem">The table.</param>
    /// <param name="rows">The rows to learn from, in random order.</param>
    /// <param name="seed">The seed of the weights and of the order of samples.</param>
    /// <param name="onEpoch">Told of every epoch. Default: nobody is.</param>
    public static (Network<float> Network, TrainingResult Result) Learn(
        Problem problem, int[] rows, int seed, Action<EpochRecord>? onEpoch = null)
    {
        int aside = (int)Math.Round(rows.Length * ValidationFraction);
        DataSet<float> validation = EngineData.From(problem, rows.AsSpan(0, aside));
        DataSet<float> training = EngineData.From(problem, rows.AsSpan(aside));

        Network<float> network = Build(problem, training, seed);
        var options = new TrainingOptions
        {
            Loss = problem.Task switch
            {
                LearningTask.Regression => Loss.HalfSquaredError,
                LearningTask.Binary => Loss.BinaryCrossEntropy(),
                _ => Loss.CategoricalCrossEntropy(),
            },
            Optimizer = Optimizer.Momentum(LearningRate, momentum: 0.9),
            BatchSize = Math.Clamp(training.Rows / 32, 8, 128),
            Epochs = Epochs,
            EarlyStoppingRounds = EarlyStoppingRounds,
            Seed = seed,
        };
        return (network, new NetworkTrainer<float>(network, options).Train(
            training, validation, onEpoch is null ? null : progress => onEpoch(progress.Epoch)));
    }

    private static Network<float> Build(Problem problem, DataSet<float> training, int seed)
    {
        NetworkBuilder builder = new NetworkBuilder(training.InputColumns)
            .ScaleInputs(ColumnScaling.StandardizeInputs(training))
            .Add(HiddenUnits, Activation.Tanh)
            .Add(OutputLayer(problem, training.TargetColumns));
        if (problem.Task == LearningTask.Regression)
        {
            builder.ScaleOutputs(ColumnScaling.StandardizeTargets(training));
        }

        return builder.Build<float>(seed);
    }

    /// <summary>
    /// Its weights begin at 0: every row is then first predicted as the middle, and hidden units differ by their own weights.
    /// </summary>
    private static LayerSpec OutputLayer(Problem problem, int units)
    {
        Activation activation = problem.Task switch
        {
            LearningTask.Regression => Activation.Linear,
            LearningTask.Binary => Activation.Logistic,
            _ => Activation.Softmax,
        };
        return new LayerSpec(units, activation) { Initializer = Initializer.Zero };
    }
}
