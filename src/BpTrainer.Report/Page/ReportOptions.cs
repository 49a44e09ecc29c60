using BpTrainer.ML;

namespace BpTrainer.Report;

/// <summary>What a report shows in addition to the model and the test data, and what it omits.</summary>
public sealed class ReportOptions
{
    /// <summary>The name of the label column. Default: "Label".</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The unit of the label for the titles of axes, such as "km". Default: none.</summary>
    public string? LabelUnit { get; init; }

    /// <summary>
    /// The mean loss over test rows after each epoch of the model's <c>History</c>, for the chart of the losses; the callback
    /// <c>OnEpoch</c> can measure it. Default: none.
    /// </summary>
    public IReadOnlyList<double>? TestLosses { get; init; }

    /// <summary>The options of the trainer, because the model does not store them. Default: none.</summary>
    public BackPropagationOptions? TrainerOptions { get; init; }

    /// <summary>The training data, for facts about its labels; it is read once. Default: none.</summary>
    public IDataView? TrainingData { get; init; }

    /// <summary>
    /// Whether to measure the importances of the features by permutation, on at most 2,000 test rows and for at most 100 features. This
    /// scores the rows three times for each feature. Default: true.
    /// </summary>
    public bool Importances { get; init; } = true;
}
