using System.Diagnostics;
using BpTrainer.ML;
using Microsoft.ML;

namespace BpTrainer.Examples.Compare;

/// <summary>A trainer for ML.NET with its default options: ours in each of its presets, and those of ML.NET.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Create">Makes the estimator; it reads the columns Features and Label.</param>
internal sealed record MLNetContender(string Name, Func<MLContext, IEstimator<ITransformer>> Create) : Contender(Name)
{
    /// <summary>The trainer of that name for a task.</summary>
    public static MLNetContender For(LearningTask task, string name) => new(name, context => task switch
    {
        LearningTask.Regression => Regression(name, context.Regression.Trainers),
        LearningTask.Binary => Binary(name, context.BinaryClassification.Trainers),
        _ => Multiclass(name, context),
    });

    /// <inheritdoc/>
    public override string? LeftOut(Problem problem) =>
        problem.Task == LearningTask.Regression && Name == "Lbfgs" && problem.Targets.Any(target => target < 0)
            ? "left out: Poisson regression takes no negative labels"
            : null;

    /// <inheritdoc/>
    public override Trial Run(PreparedSplit split, int seed)
    {
        // A context of its own for each fit: what one trainer draws from the seed does not depend on the others.
        IEstimator<ITransformer> trainer = Create(new MLContext(seed));
        long start = Stopwatch.GetTimestamp();
        ITransformer model = trainer.Fit(split.Training);
        double fitSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Trial(model.Transform(split.Test), fitSeconds, ScoringSpeed.RowsPerSecond(model, split.Scoring));
    }

    private static IEstimator<ITransformer> Regression(string name, RegressionCatalog.RegressionTrainers trainers) => name switch
    {
        "BackPropagation" => trainers.BackPropagation(),
        "BackPropagation-fast" => trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast)),
        "BackPropagation-classic" => trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Classic)),
        "Sdca" => trainers.Sdca(),
        "Lbfgs" => trainers.LbfgsPoissonRegression(),
        "FastTree" => trainers.FastTree(),
        "LightGbm" => trainers.LightGbm(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static IEstimator<ITransformer> Binary(
        string name, BinaryClassificationCatalog.BinaryClassificationTrainers trainers) => name switch
        {
            "BackPropagation" => trainers.BackPropagation(),
            "BackPropagation-fast" => trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Fast)),
            "BackPropagation-classic" => trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Classic)),
            "Sdca" => trainers.SdcaLogisticRegression(),
            "Lbfgs" => trainers.LbfgsLogisticRegression(),
            "FastTree" => trainers.FastTree(),
            "LightGbm" => trainers.LightGbm(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };

    private static IEstimator<ITransformer> Multiclass(string name, MLContext context)
    {
        MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers = context.MulticlassClassification.Trainers;
        return name switch
        {
            "BackPropagation" => trainers.BackPropagation(),
            "BackPropagation-fast" => trainers.BackPropagation(new BackPropagationMulticlassTrainer.Options(Preset.Fast)),
            "BackPropagation-classic" => trainers.BackPropagation(new BackPropagationMulticlassTrainer.Options(Preset.Classic)),
            "Sdca" => trainers.SdcaMaximumEntropy(),
            "Lbfgs" => trainers.LbfgsMaximumEntropy(),
            "FastTree" => trainers.OneVersusAll(context.BinaryClassification.Trainers.FastTree()),
            "LightGbm" => trainers.LightGbm(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }
}
