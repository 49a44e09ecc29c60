using BpTrainer.ML;
using BpTrainer.Orleans.Jobs;
using BpTrainer.Orleans.Search;

namespace BpTrainer.Orleans;

/// <summary>
/// Looks for good options of a trainer: makes the options of every trial by a recipe and judges them by cross-validation, on this machine
/// or on a cluster, with the same figures bit for bit. A search of one trial is a cross-validation.
/// </summary>
/// <remarks>
/// A fold of a trial is one job for one thread. The rows never come to the user's program: each worker reads the files itself.
/// </remarks>
/// <typeparam name="TRecipe">What makes the options of a trial, such as <see cref="SearchSpaceRecipe"/>.</typeparam>
public sealed record HyperparameterSearch<TRecipe> where TRecipe : ITrialRecipe, new()
{
    /// <summary>What is predicted.</summary>
    public required SearchTask Task { get; init; }

    /// <summary>What reads the files.</summary>
    public required IDataLoader<IMultiStreamSource> Loader { get; init; }

    /// <summary>
    /// The fitted steps between the loader and the trainer. They know all rows, those of the judging folds too, so they should be such as
    /// learn little: keys, columns put together. The networks scale by themselves. Default: none.
    /// </summary>
    public ITransformer? Steps { get; init; }

    /// <summary>The files with the rows, at least one, by their paths on the workers.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The number of trials, at least 1. Default: 24.</summary>
    public int Trials { get; init; } = 24;

    /// <summary>The number of folds, at least 2. Default: 5.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>The seed of the folds and of every training. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What the options of every trial start from. Default: <see cref="Preset.Default"/>.</summary>
    public Preset Preset { get; init; } = Preset.Default;

    /// <summary>The name of the label column. Default: Label.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The name of the feature column. Default: Features.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>A column of which rows with the same value go to the same fold. Default: none.</summary>
    public string? SamplingKeyColumnName { get; init; }

    /// <summary>Runs the search. The result depends neither on the machines nor on who comes first.</summary>
    /// <param name="cluster">Where the trials run; null for this machine.</param>
    /// <param name="onProgress">Is told of epochs and folds that are over; one call at a time, on any thread.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The trials, the best first, and those that failed last.</returns>
    /// <exception cref="ArgumentException">A property is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    /// <exception cref="TimeoutException">No worker was there for the <see cref="BpClusterOptions.WorkerTimeout"/> that could do the work;
    /// the message names those that were refused.</exception>
    public IReadOnlyList<SearchTrial> Run(
        BpCluster? cluster = null, Action<SearchProgress>? onProgress = null, CancellationToken cancellationToken = default)
    {
        CheckAtLeast(1, Trials, nameof(Trials));
        CheckAtLeast(2, Folds, nameof(Folds));
        CheckAtLeast(1, Files.Count, nameof(Files));
        FoldJob[] jobs = MakeJobs();
        IJobRunner runner = cluster?.Jobs ?? new LocalJobs();
        JobResult[] results = runner.Run(
            jobs,
            (number, figures, worker) => onProgress?.Invoke(
                new(jobs[number].Trial, jobs[number].Fold, (int)figures[0], figures[1], worker)),
            (number, result) => onProgress?.Invoke(
                new(jobs[number].Trial, jobs[number].Fold, Epoch: null, result.Figures.FirstOrDefault(double.NaN), result.Worker)),
            cancellationToken);
        return
        [
            .. results.Chunk(Folds).Select(ToTrial).OrderBy(trial => double.IsNaN(trial.Error)).ThenBy(trial => trial.Error)
                .ThenBy(trial => trial.Number),
        ];
    }

    private FoldJob[] MakeJobs()
    {
        var job = new FoldJob
        {
            RowsKey = Guid.NewGuid().ToString("N"),
            Loader = LoaderZip.Save(Loader, Steps),
            Files = [.. Files],
            Task = Task,
            Preset = Preset,
            Recipe = typeof(TRecipe).AssemblyQualifiedName!,
            Label = LabelColumnName,
            Features = FeatureColumnName,
            SamplingKey = SamplingKeyColumnName,
            Seed = Seed,
            Folds = Folds,
            Trial = 0,
            Fold = 0,
        };
        return [.. Enumerable.Range(0, Trials * Folds).Select(number => job with { Trial = number / Folds, Fold = number % Folds })];
    }

    private SearchTrial ToTrial(JobResult[] folds, int number)
    {
        string[] names = Task.Figures();
        string? failure = folds.FirstOrDefault(fold => fold.Failure is not null)?.Failure;
        return new SearchTrial(
            number,
            [
                .. folds.Where(fold => fold.Failure is null)
                    .Select(fold => names.Zip(fold.Figures).ToDictionary(pair => pair.First, pair => pair.Second)),
            ],
            failure is null ? folds.Average(fold => fold.Figures[0]) : double.NaN,
            failure);
    }

    private static void CheckAtLeast(int least, int value, string name)
    {
        if (value < least)
        {
            throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {value}, but must be at least {least}."));
        }
    }
}
