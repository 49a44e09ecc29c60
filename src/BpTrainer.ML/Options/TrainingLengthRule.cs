namespace BpTrainer.ML;

/// <summary>
/// How long the trainers train by default. How much a network learns depends on the number of updates. A small set has few updates in an
/// epoch, so there the rule is a number of updates; for larger sets it is a number of epochs. docs/defaults.md describes how the values
/// were chosen.
/// </summary>
internal static class TrainingLengthRule
{
    /// <summary>The number of epochs on a set that is not small.</summary>
    public const int FewestEpochs = 50;

    /// <summary>Enough to learn the exclusive or (4 rows) in every task; on small development sets, more updates had little
    /// effect.</summary>
    public const int FewestUpdates = 2000;

    /// <summary>Training stops early after a fifth of the epochs without a lower validation loss.</summary>
    public const int EpochsPerRound = 5;

    private const int SmallestBatch = 8;
    private const int LargestBatch = 128;
    private const int BatchesPerEpoch = 32;

    /// <summary>The number of rows in a batch: rows / 32, from 8 to 128.</summary>
    public static int BatchSize(long rows) => (int)Math.Clamp(rows / BatchesPerEpoch, SmallestBatch, LargestBatch);

    /// <summary>max(50, 2,000 / updates per epoch) with the default batch size, rounded up.</summary>
    public static int Epochs(long rows)
    {
        long updates = 1 + ((rows - 1) / BatchSize(rows));
        return (int)Math.Max(FewestEpochs, (FewestUpdates + updates - 1) / updates);
    }

    public static int Rounds(long rows) => Epochs(rows) / EpochsPerRound;
}
