using System.Diagnostics;
using BpTrainer.ML;
using BpTrainer.Orleans.Jobs;
using Orleans;

namespace BpTrainer.Orleans.Search;

/// <summary>
/// Trains on all folds but one and judges on that one, with the options of a trial. Its progress: the epoch and its loss.
/// </summary>
[GenerateSerializer, Immutable]
internal sealed record FoldJob : Job
{
    /// <summary>The rows of the search, for all of its jobs.</summary>
    [Id(0)]
    public required string RowsKey { get; init; }

    /// <summary>The loader of the rows with its steps, as ML.NET's zip.</summary>
    [Id(1)]
    public required byte[] Loader { get; init; }

    [Id(2)]
    public required SearchTask Task { get; init; }

    [Id(3)]
    public required Preset Preset { get; init; }

    /// <summary>The name of the <see cref="ITrialRecipe"/>, with its assembly.</summary>
    [Id(4)]
    public required string Recipe { get; init; }

    [Id(5)]
    public required string Label { get; init; }

    [Id(6)]
    public required string Features { get; init; }

    [Id(7)]
    public required string? SamplingKey { get; init; }

    [Id(8)]
    public required int Seed { get; init; }

    [Id(9)]
    public required int Folds { get; init; }

    [Id(10)]
    public required int Trial { get; init; }

    [Id(11)]
    public required int Fold { get; init; }

    public override string Name => FormattableString.Invariant($"trial {Trial}, fold {Fold}");

    public override string? FindHindrance() =>
        base.FindHindrance() ?? (FindRecipe() is null ? $"it has no recipe '{Recipe}'." : null);

    public override double[] Run(Action<double[]> report, CancellationToken cancellationToken)
    {
        IDataView rows = SharedRows.Get(RowsKey, Loader, Files);
        var mlContext = new MLContext(Seed);
        DataOperationsCatalog.TrainTestData fold = mlContext.Data.CrossValidationSplit(rows, Folds, SamplingKey, Seed)[Fold];
        BackPropagationOptions options = Task.Options(Preset);
        options.LabelColumnName = Label;
        options.FeatureColumnName = Features;
        options.Seed = Seed;
        ((ITrialRecipe)Activator.CreateInstance(FindRecipe()!)!).Apply(options, Trial);

        // The jobs of a worker share its processors, so each is content with one.
        options.NumberOfThreads = 1;
        options.CancellationToken = cancellationToken;
        options.OnEpoch = Throttled(report);
        return Task.Judge(mlContext, options, fold);
    }

    /// <summary>The class of the recipe; null if this program does not have it.</summary>
    private Type? FindRecipe() =>
        Type.GetType(Recipe) is { IsAbstract: false } type && type.IsAssignableTo(typeof(ITrialRecipe))
            && type.GetConstructor(Type.EmptyTypes) is not null
            ? type
            : null;

    /// <summary>Reports the first epoch and then one a second.</summary>
    private static Action<EpochProgress<float>> Throttled(Action<double[]> report)
    {
        long last = 0;
        return progress =>
        {
            if (last == 0 || Stopwatch.GetElapsedTime(last) >= TimeSpan.FromSeconds(1))
            {
                last = Stopwatch.GetTimestamp();
                report([progress.Epoch.Epoch, progress.Epoch.TrainingLoss]);
            }
        };
    }
}
