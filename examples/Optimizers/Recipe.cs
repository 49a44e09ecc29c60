using System.Diagnostics;

namespace BpTrainer.Examples.Optimizers;

/// <summary>
/// Trains the network that all optimizers share: standardised inputs, one hidden tanh layer, and the outputs and the loss of the task.
/// </summary>
internal static class Recipe
{
    /// <summary>Trains on one split, on one thread, and measures the result.</summary>
    /// <param name="problem">The table.</param>
    /// <param name="contender">The optimizer.</param>
    /// <param name="settings">What all optimizers have in common.</param>
    /// <param name="index">Which split, from 0.</param>
    public static Measurement Train(Problem problem, Contender contender, Settings settings, int index)
    {
        Parts parts = Parts.Of(problem, settings, index);
        DataSet<float> training = EngineData.From(problem, parts.Training);
        DataSet<float> validation = EngineData.From(problem, parts.Validation);
        bool squaredError = problem.Task == LearningTask.Regression || contender.IsForSquaredErrors;
        int seed = settings.Seed + index;
        Network<float> network = Build(problem, training, squaredError, settings, seed);
        var options = new TrainingOptions
        {
            Loss = squaredError ? Loss.HalfSquaredError : problem.Task == LearningTask.Binary ? Loss.BinaryCrossEntropy() : Loss
                .CategoricalCrossEntropy(),
            Optimizer = contender.Optimizer,
            BatchSize = contender.BatchSize,
            Epochs = contender.IsFullBatch ? settings.FullBatchEpochs : settings.Epochs,
            EarlyStoppingRounds = settings.EarlyStoppingRounds,
            Seed = seed,
            NumberOfThreads = 1,
        };

        long start = Stopwatch.GetTimestamp();
        TrainingResult result = new NetworkTrainer<float>(network, options).Train(training, validation);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Measurement(result.History.Count, seconds, Score.Of(network, problem, parts.Test));
    }

    /// <summary>The number of weights and biases of the network.</summary>
    public static int Parameters(Problem problem, Settings settings) =>
        ((problem.NumberColumns.Count + 1) * settings.HiddenUnits) + ((settings.HiddenUnits + 1) * EngineData.OutputsOf(problem));

    private static Network<float> Build(Problem problem, DataSet<float> training, bool squaredError, Settings settings, int seed)
    {
        Activation output =
            squaredError ? Activation.Linear : problem.Task == LearningTask.Binary ? Activation.Logistic : Activation.Softmax;
        NetworkBuilder builder = new NetworkBuilder(training.InputColumns)
            .ScaleInputs(ColumnScaling.StandardizeInputs(training))
            .Add(settings.HiddenUnits, Activation.Tanh)
            .Add(training.TargetColumns, output);
        if (problem.Task == LearningTask.Regression)
        {
            builder.ScaleOutputs(ColumnScaling.StandardizeTargets(training));
        }

        return builder.Build<float>(seed);
    }
}
