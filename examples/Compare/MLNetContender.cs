using System.Diagnostics;
using BpTrainer.ML;
using Microsoft.ML;

namespace BpTrainer.Examples.Compare;

/// <summary>An ML.NET trainer: ours, optionally with the user's settings, or one of ML.NET's own with its default options.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Create">Creates the estimator, which reads the columns Features and Label.</param>
internal sealed record MLNetContender(string Name, Func<MLContext, IEstimator<ITransformer>> Create) : Contender(Name)
{
    /// <summary>Creates a trainer of ML.NET with its default options.</summary>
    public static MLNetContender For(LearningTask task, string name) => new(name, context => task switch
    {
        LearningTask.Regression => Regression(name, context.Regression.Trainers),
        LearningTask.Binary => Binary(name, context.BinaryClassification.Trainers),
        _ => Multiclass(name, context),
    });

    /// <summary>Creates our trainer.</summary>
    /// <param name="task">The task.</param>
    /// <param name="name">Its name in the table.</param>
    /// <param name="preset">The options to start from.</param>
    /// <param name="change">Changes them.</param>
    public static MLNetContender Ours(LearningTask task, string name, Preset preset, Action<BackPropagationOptions>? change = null)
    {
        BackPropagationOptions options = task switch
        {
            LearningTask.Regression => new BackPropagationRegressionTrainer.Options(preset),
            LearningTask.Binary => new BackPropagationBinaryTrainer.Options(preset),
            _ => new BackPropagationMulticlassTrainer.Options(preset),
        };
        change?.Invoke(options);
        return new(name, context => options switch
        {
            BackPropagationRegressionTrainer.Options regression => context.Regression.Trainers.BackPropagation(regression),
            BackPropagationBinaryTrainer.Options binary => context.BinaryClassification.Trainers.BackPropagation(binary),
            _ => context.MulticlassClassification.Trainers.BackPropagation((BackPropagationMulticlassTrainer.Options)options),
        })
        {
            Options = options,
        };
    }

    /// <summary>Creates our trainer with the user's settings.</summary>
    /// <exception cref="UserError">The settings cannot be combined, or one is out of its range.</exception>
    public static MLNetContender Ours(LearningTask task, TrainerChoice choice)
    {
        try
        {
            MLNetContender contender = Ours(
                task, choice.ToString(), choice.Preset, options => choice.Settings.ApplyTo(options, choice.Preset));

            // The trainer checks its options when it is created.
            contender.Create(new MLContext());
            return contender with { Settings = choice.Settings };
        }
        catch (Exception e) when (e is UserError or ArgumentException)
        {
            throw new UserError($"{choice}: {e.Message.Split(" (Parameter '")[0]}");
        }
    }

    /// <summary>The options of our trainer; null for any other trainer.</summary>
    public BackPropagationOptions? Options { get; private init; }

    /// <inheritdoc/>
    public override string? LeftOut(Problem problem) =>
        problem.Task == LearningTask.Regression && Name == "Lbfgs" && problem.Targets.Any(target => target < 0)
            ? "left out: Poisson regression does not accept negative labels"
            : null;

    /// <inheritdoc/>
    public override Trial Run(PreparedSplit split, int seed, Action<EpochProgress<float>>? onEpoch)
    {
        // The trainer copies its options when it is created.
        Options?.OnEpoch = onEpoch;

        // Each fit has its own context, so that the random numbers of one trainer do not depend on the others.
        IEstimator<ITransformer> trainer = Create(new MLContext(seed));
        Options?.OnEpoch = null;
        long start = Stopwatch.GetTimestamp();
        ITransformer model = trainer.Fit(split.Training);
        double fitSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Trial(model.Transform(split.Test), fitSeconds, ScoringSpeed.RowsPerSecond(model, split.Scoring))
        {
            Model = new TrialModel(model, split, Options),
        };
    }

    private static IEstimator<ITransformer> Regression(string name, RegressionCatalog.RegressionTrainers trainers) => name switch
    {
        "Sdca" => trainers.Sdca(),
        "Lbfgs" => trainers.LbfgsPoissonRegression(),
        "FastTree" => trainers.FastTree(),
        "LightGbm" => trainers.LightGbm(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static IEstimator<ITransformer> Binary(
        string name, BinaryClassificationCatalog.BinaryClassificationTrainers trainers) => name switch
        {
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
            "Sdca" => trainers.SdcaMaximumEntropy(),
            "Lbfgs" => trainers.LbfgsMaximumEntropy(),
            "FastTree" => trainers.OneVersusAll(context.BinaryClassification.Trainers.FastTree()),
            "LightGbm" => trainers.LightGbm(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }
}
