namespace BpTrainer.Examples.Optimizers;

/// <summary>The row numbers of one split: rows for training, rows for early stopping, and rows for testing.</summary>
internal sealed record Parts(int[] Training, int[] Validation, int[] Test)
{
    /// <summary>Splits a problem.</summary>
    /// <param name="problem">The rows.</param>
    /// <param name="settings">The sizes of the parts.</param>
    /// <param name="index">Which split, from 0.</param>
    public static Parts Of(Problem problem, Settings settings, int index)
    {
        Split split = Split.Of(problem, settings.TestFraction, settings.Seed, index);

        // The training rows are in random order, so any part of them is random.
        int validation = (int)Math.Round(split.Training.Length * settings.ValidationFraction);
        return new Parts(split.Training[validation..], split.Training[..validation], split.Test);
    }
}
