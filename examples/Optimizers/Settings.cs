namespace BpTrainer.Examples.Optimizers;

/// <summary>
/// The settings that all trainings of a table have in common, including those of other libraries, which get them from
/// <see cref="SplitFiles"/>.
/// </summary>
internal sealed record Settings
{
    /// <summary>The settings of --quick, which only check that everything runs; most optimizers need more epochs.</summary>
    public static Settings Quick { get; } = new() { Splits = 2, Epochs = 30, FullBatchEpochs = 60 };

    /// <summary>The number of splits of the rows; each split also has its own initial weights.</summary>
    public int Splits { get; init; } = 5;

    /// <summary>The fraction of the rows that is kept for testing.</summary>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>The fraction of the other rows that is used only for validation.</summary>
    public double ValidationFraction { get; init; } = 0.15;

    /// <summary>The number of tanh units of the single hidden layer.</summary>
    public int HiddenUnits { get; init; } = 32;

    /// <summary>The samples of a mini-batch.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The maximum number of epochs of an optimizer that makes several updates per epoch.</summary>
    public int Epochs { get; init; } = 200;

    /// <summary>The maximum number of epochs of an optimizer that makes one update per epoch.</summary>
    public int FullBatchEpochs { get; init; } = 500;

    /// <summary>
    /// Training stops after this many epochs in a row without a lower validation loss; the weights with the lowest one are kept.
    /// </summary>
    public int EarlyStoppingRounds { get; init; } = 20;

    /// <summary>Chooses the splits, the initial weights and the order of the samples.</summary>
    public int Seed { get; init; } = 1;
}
