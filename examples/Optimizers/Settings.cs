namespace BpTrainer.Examples.Optimizers;

/// <summary>
/// What all trainings of a table have in common, those of other libraries too: <see cref="SplitFiles"/> hands it to them.
/// </summary>
internal sealed record Settings
{
    /// <summary>The settings of --quick, which show that everything runs; most optimizers need more epochs.</summary>
    public static Settings Quick { get; } = new() { Splits = 2, Epochs = 30, FullBatchEpochs = 60 };

    /// <summary>How often the rows are divided anew; each split also has its own initial weights.</summary>
    public int Splits { get; init; } = 5;

    /// <summary>The part of the rows kept for testing.</summary>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>The part of the other rows that judges a training and never teaches.</summary>
    public double ValidationFraction { get; init; } = 0.15;

    /// <summary>The tanh units of the one hidden layer.</summary>
    public int HiddenUnits { get; init; } = 32;

    /// <summary>The samples of a mini-batch.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The most epochs of an optimizer that makes several updates an epoch.</summary>
    public int Epochs { get; init; } = 200;

    /// <summary>The most epochs of an optimizer that makes one update an epoch.</summary>
    public int FullBatchEpochs { get; init; } = 500;

    /// <summary>
    /// Training stops after this many epochs in a row without a new low of the validation loss; the weights of the lowest are kept.
    /// </summary>
    public int EarlyStoppingRounds { get; init; } = 20;

    /// <summary>Chooses the splits, the initial weights and the order of the samples.</summary>
    public int Seed { get; init; } = 1;
}
