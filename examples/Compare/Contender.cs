using BpTrainer.ML;
using Microsoft.ML;

namespace BpTrainer.Examples.Compare;

/// <summary>A trainer in the comparison.</summary>
/// <param name="Name">What the table calls it.</param>
internal abstract record Contender(string Name)
{
    /// <summary>The trainers that are compared unless others are named.</summary>
    public static readonly IReadOnlyList<string> Standard = ["BackPropagation", "Sdca", "Lbfgs", "FastTree", "LightGbm"];

    /// <summary>The names of all trainers; each has a version for every task.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "BackPropagation", "BackPropagation-fast", "BackPropagation-classic",
        "Sdca", "Lbfgs", "FastTree", "LightGbm",
        ScikitLearnContender.Default, ScikitLearnContender.Momentum,
    ];

    /// <summary>The settings of the user; of other trainers than ours, none.</summary>
    public TrainerSettings Settings { get; init; } = TrainerSettings.None;

    /// <summary>The trainers of a choice for a task.</summary>
    /// <exception cref="UserError">A setting is out of its range, or settings do not go together.</exception>
    public static IReadOnlyList<Contender> For(LearningTask task, IEnumerable<TrainerChoice> choices, ScikitLearn scikitLearn) =>
    [
        .. choices.Select(choice => choice.Name is ScikitLearnContender.Default or ScikitLearnContender.Momentum
            ? (Contender)new ScikitLearnContender(choice.Name, task, scikitLearn)
            : choice.IsOurs ? MLNetContender.Ours(task, choice) : MLNetContender.For(task, choice.Name))
    ];

    /// <summary>Why a trainer cannot take part in a problem, or null when it can.</summary>
    public virtual string? LeftOut(Problem problem) => null;

    /// <summary>Trains on the training part and scores the test part.</summary>
    /// <param name="split">The parts.</param>
    /// <param name="seed">The seed of the training.</param>
    /// <param name="onEpoch">Told of the epochs by trainers that can; null for nobody.</param>
    public abstract Trial Run(PreparedSplit split, int seed, Action<EpochProgress<float>>? onEpoch);
}

/// <summary>What a trainer did on one split.</summary>
/// <param name="Scored">
/// The test part with Label and Score, for two classes also Probability and PredictedLabel, for more also PredictedLabel.
/// </param>
/// <param name="FitSeconds">The time of the training alone.</param>
/// <param name="RowsPerSecond">Rows scored in a second by the trained model alone.</param>
internal sealed record Trial(IDataView Scored, double FitSeconds, double RowsPerSecond)
{
    /// <summary>The model; null if it is not one of ML.NET.</summary>
    public TrialModel? Model { get; init; }
}

/// <summary>A trained model.</summary>
/// <param name="Transformer">The model.</param>
/// <param name="Split">What it was trained and tested on.</param>
/// <param name="Options">The options of our trainer; null of another one.</param>
internal sealed record TrialModel(ITransformer Transformer, PreparedSplit Split, BackPropagationOptions? Options);
