using BpTrainer.ML;

namespace BpTrainer.Report;

/// <summary>What a report needs to know besides the model and the test data, and what it leaves out.</summary>
public sealed class ReportOptions
{
    /// <summary>The column of the labels. Default: "Label".</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The unit of the label for the axes, such as "km". Default: none.</summary>
    public string? LabelUnit { get; init; }

    /// <summary>
    /// The mean loss over test rows after each epoch of the model's <c>History</c>, such as the callback <c>OnEpoch</c> measures it, for
    /// the chart of the losses. Default: none.
    /// </summary>
    public IReadOnlyList<double>? TestLosses { get; init; }

    /// <summary>The options that the trainer had, which the model does not keep. Default: none.</summary>
    public BackPropagationOptions? TrainerOptions { get; init; }

    /// <summary>The training data, for facts about its labels; it is read once. Default: none.</summary>
    public IDataView? TrainingData { get; init; }

    /// <summary>
    /// Whether to measure the importances of the features by permutation, on at most 2,000 test rows and for at most 100 features. It
    /// scores the rows three times a feature. Default: true.
    /// </summary>
    public bool Importances { get; init; } = true;
}
