using System.Collections.Concurrent;
using BpTrainer.ML;
using Microsoft.ML;

namespace BpTrainer.Examples.Search;

/// <summary>Tries options that are drawn at random, as many at a time as there are processors.</summary>
/// <param name="training">The rows to judge by. They must be readable from several threads, as cached rows are.</param>
internal sealed class RandomSearch(IDataView training)
{
    private const int Folds = 5;
    private const int Seed = 1;

    private readonly BackPropagationSearchSpace _space = new();

    /// <summary>The options that are the same in every trial.</summary>
    public static BackPropagationRegressionTrainer.Options Defaults() => new() { Seed = Seed };

    /// <summary>Runs the trials. The result depends on nothing but their number: neither on the threads nor on who comes first.</summary>
    /// <param name="trials">How many.</param>
    /// <param name="display">Is told of every trial when it is over.</param>
    /// <param name="stop">Ends the search; trials that are not over do not count.</param>
    /// <returns>The trials that are over, the best first.</returns>
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

    /// <summary>The error on the test rows after training on all others.</summary>
    public static double Test(BackPropagationRegressionTrainer.Options options, DataOperationsCatalog.TrainTestData split)
    {
        var mlContext = new MLContext(Seed);
        ITransformer model = mlContext.Regression.Trainers.BackPropagation(options).Fit(split.TrainSet);
        return mlContext.Regression.Evaluate(model.Transform(split.TestSet)).RootMeanSquaredError;
    }

    private Trial Judge(int number, CancellationToken stop)
    {
        // The trials share the processors, so each is content with one.
        BackPropagationRegressionTrainer.Options options = _space.Draw(Defaults(), seed: number);
        (options.NumberOfThreads, options.CancellationToken) = (1, stop);

        // A context of its own with the same seed: the folds are the same in every trial, and nothing is shared between threads.
        var mlContext = new MLContext(Seed);
        var folds = mlContext.Regression.CrossValidate(training, mlContext.Regression.Trainers.BackPropagation(options), Folds);
        stop.ThrowIfCancellationRequested();
        double error = folds.Average(fold => fold.Metrics.RootMeanSquaredError);
        return new Trial(number, _space.Draw(Defaults(), seed: number), error);
    }
}
