using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Compare;

/// <summary>A trainer in the comparison, with its default options, for one task.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Create">Makes the estimator; it reads the columns Features and Label.</param>
internal sealed record Contender(string Name, Func<MLContext, IEstimator<ITransformer>> Create)
{
    /// <summary>The names of all trainers; each has a version for every task.</summary>
    public static readonly IReadOnlyList<string> Names = ["BackPropagation", "Sdca", "Lbfgs", "FastTree", "LightGbm"];

    /// <summary>The trainers of those names for a task.</summary>
    public static IReadOnlyList<Contender> For(LearningTask task, IEnumerable<string> names) =>
        names.Select(name => new Contender(name, context => task switch
        {
            LearningTask.Regression => Regression(name, context.Regression.Trainers),
            LearningTask.Binary => Binary(name, context.BinaryClassification.Trainers),
            _ => Multiclass(name, context),
        })).ToArray();

    /// <summary>Why a trainer cannot take part in a problem, or null when it can.</summary>
    public string? LeftOut(Problem problem) =>
        problem.Task == LearningTask.Regression && Name == "Lbfgs" && problem.Targets.Any(target => target < 0)
            ? "left out: Poisson regression takes no negative labels"
            : null;

    private static IEstimator<ITransformer> Regression(string name, RegressionCatalog.RegressionTrainers trainers) => name switch
    {
        "BackPropagation" => trainers.BackPropagation(),
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
            "Sdca" => trainers.SdcaMaximumEntropy(),
            "Lbfgs" => trainers.LbfgsMaximumEntropy(),
            "FastTree" => trainers.OneVersusAll(context.BinaryClassification.Trainers.FastTree()),
            "LightGbm" => trainers.LightGbm(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }
}
