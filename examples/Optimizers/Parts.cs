namespace BpTrainer.Examples.Optimizers;

/// <summary>The row numbers of one split: those that teach, those that say when to stop, those that the result is measured on.</summary>
internal sealed record Parts(int[] Training, int[] Validation, int[] Test)
{
    /// <summary>A split of a problem.</summary>
    /// <param name="problem">The rows.</param>
    /// <param name="settings">How large the parts are.</param>
    /// <param name="index">Which split, from 0.</param>
    public static Parts Of(Problem problem, Settings settings, int index)
    {
        Split split = Split.Of(problem, settings.TestFraction, settings.Seed, index);

        // The rows to train on are in random order: any part of them is a random one.
        int validation = (int)Math.Round(split.Training.Length * settings.ValidationFraction);
        return new Parts(split.Training[validation..], split.Training[..validation], split.Test);
    }
}
