using System.Collections.Concurrent;
using BpTrainer.ML;
using Microsoft.ML;

namespace BpTrainer.Examples.Search;

/// <summary>Tries randomly drawn options, as many at a time as there are processors.</summary>
/// <param name="training">The rows to evaluate the options on. Several threads must be able to read them, as with cached rows.</param>
internal sealed class RandomSearch(IDataView training)
{
    private const int Folds = 5;
    private const int Seed = 1;

    private readonly BackPropagationSearchSpace _space = new();

    /// <summary>The options that are the same in every trial.</summary>
    public static BackPropagationRegressionTrainer.Options Defaults() => new() { Seed = Seed };

    /// <summary>Runs the trials. The result depends only on their number, not on the threads or the order in which trials end.</summary>
    /// <param name="trials">The number of trials.</param>
    /// <param name="display">Shows every completed trial.</param>
    /// <param name="stop">Ends the search; incomplete trials do not count.</param>
    /// <returns>The completed trials, the best first.</returns>
    public Trial[] Run(int trials, TrialDisplay display, CancellationToken stop)
    {
        var done = new ConcurrentBag<Trial>();
        Parallel.For(0, trials, (number, search) =>
        {
            try
            {
                Trial trial = Judge(number, stop);
                done.Add(trial);
                display.Report(trial);
            }
            catch (OperationCanceledException)
            {
                search.Stop();
            }
        });
        return [.. done.OrderBy(trial => trial.Error).ThenBy(trial => trial.Number)];
    }

    /// <summary>Trains on the training rows and returns the error on the test rows.</summary>
    public static double Test(BackPropagationRegressionTrainer.Options options, DataOperationsCatalog.TrainTestData split)
    {
        var mlContext = new MLContext(Seed);
        ITransformer model = mlContext.Regression.Trainers.BackPropagation(options).Fit(split.TrainSet);
        return mlContext.Regression.Evaluate(model.Transform(split.TestSet)).RootMeanSquaredError;
    }

    private Trial Judge(int number, CancellationToken stop)
    {
        // The trials share the processors, so each one uses a single thread.
        BackPropagationRegressionTrainer.Options options = _space.Draw(Defaults(), seed: number);
        (options.NumberOfThreads, options.CancellationToken) = (1, stop);

        // Each trial has its own context with the same seed: the folds are the same in every trial, and threads share nothing.
        var mlContext = new MLContext(Seed);
        var folds = mlContext.Regression.CrossValidate(training, mlContext.Regression.Trainers.BackPropagation(options), Folds);
        stop.ThrowIfCancellationRequested();
        double error = folds.Average(fold => fold.Metrics.RootMeanSquaredError);
        return new Trial(number, _space.Draw(Defaults(), seed: number), error);
    }
}
