using BpTrainer.ML;
using Microsoft.ML;

namespace BpTrainer.Examples.Compare;

/// <summary>A trainer in the comparison.</summary>
/// <param name="Name">Its name in the table.</param>
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

    /// <summary>The user's settings; none for trainers other than ours.</summary>
    public TrainerSettings Settings { get; init; } = TrainerSettings.None;

    /// <summary>Creates the chosen trainers for a task.</summary>
    /// <exception cref="UserError">A setting is out of its range, or settings cannot be combined.</exception>
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
    /// <param name="onEpoch">Called after each epoch by trainers that report epochs; null for none.</param>
    public abstract Trial Run(PreparedSplit split, int seed, Action<EpochProgress<float>>? onEpoch);
}

/// <summary>What a trainer did on one split.</summary>
/// <param name="Scored">
/// The test part with Label and Score; for two classes also with Probability and PredictedLabel, for more classes also with PredictedLabel.
/// </param>
/// <param name="FitSeconds">The time of the training alone.</param>
/// <param name="RowsPerSecond">The number of rows that the trained model alone scores per second.</param>
internal sealed record Trial(IDataView Scored, double FitSeconds, double RowsPerSecond)
{
    /// <summary>The model; null if it is not an ML.NET model.</summary>
    public TrialModel? Model { get; init; }
}

/// <summary>A trained model.</summary>
/// <param name="Transformer">The model.</param>
/// <param name="Split">The rows that it was trained and tested on.</param>
/// <param name="Options">The options of our trainer; null for any other trainer.</param>
internal sealed record TrialModel(ITransformer Transformer, PreparedSplit Split, BackPropagationOptions? Options);
