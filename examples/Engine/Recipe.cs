namespace BpTrainer.Examples.Engine;

/// <summary>
/// A simple and reliable way to learn a table: standardised inputs, one hidden layer, the output layer and loss of the task, and some rows
/// held out, to stop before the network overfits the others. The ML.NET trainers have other defaults.
/// </summary>
internal static class Recipe
{
    public const int HiddenUnits = 64;

    /// <summary>The maximum number of epochs.</summary>
    public const int Epochs = 200;

    private const double LearningRate = 0.01;
    private const int EarlyStoppingRounds = 20;
    private const double ValidationFraction = 0.15;

    /// <summary>Trains a network on rows of a problem.</summary>
    /// <param name="problem">The table.</param>
    /// <param name="rows">The rows to learn from, in random order.</param>
    /// <param name="seed">The seed of the weights and of the order of samples.</param>
    /// <param name="onEpoch">Called after every epoch. Default: none.</param>
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
    /// Its weights start at 0, so that the first prediction is the same for every row: the mean, or equal probabilities. The hidden units
    /// still differ by their own weights.
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
