using System.Globalization;

namespace BpTrainer;

/// <summary>The results of trainings with several numbers of hidden units, and the chosen number.</summary>
/// <remarks>
/// With one training for each size, the size with the lowest validation loss is chosen; if two sizes have it, the smaller one. With several
/// trainings, as in cross-validation, the smallest size is chosen whose mean validation loss is at most one standard error above the lowest
/// mean: the "1 SE rule" of Breiman, Friedman, Olshen and Stone (Classification and Regression Trees, 1984, section 3.4.3). With this rule,
/// a larger network must be better by more than chance.
/// </remarks>
public sealed class HiddenSizeTrials
{
    /// <summary>Creates a table of trials and chooses a size.</summary>
    /// <param name="trials">One trial for each size; one or more.</param>
    /// <exception cref="ArgumentException">There is no trial, or there are two trials of a size.</exception>
    public HiddenSizeTrials(IReadOnlyList<HiddenSizeTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        Guard.Require(trials.Count > 0, "There is no trial; at least one is needed.", nameof(trials));
        Trials = [.. trials.OrderBy(trial => trial.Units)];
        for (int i = 1; i < Trials.Count; i++)
        {
            Guard.Require(
                Trials[i].Units != Trials[i - 1].Units, $"There are two trials of {Trials[i].Units} hidden units.", nameof(trials));
        }

        HiddenSizeTrial lowest = Trials.MinBy(trial => trial.ValidationLoss)!;
        double bound = lowest.ValidationLoss + (lowest.StandardError ?? 0);
        Choice = Trials.First(trial => trial.ValidationLoss <= bound);
    }

    /// <summary>The trials, from the smallest number of hidden units to the largest.</summary>
    public IReadOnlyList<HiddenSizeTrial> Trials { get; }

    /// <summary>The trial of the chosen size.</summary>
    public HiddenSizeTrial Choice { get; }

    /// <summary>Returns the trials as a table with one line for each size; the choice is marked.</summary>
    /// <returns>Lines of text, in the invariant culture.</returns>
    public override string ToString()
    {
        const string Head = "units  parameters  validation loss  standard error  epochs   seconds  stopped by";
        return string.Join('\n', Trials.Select(Line).Prepend(Head));

        string Line(HiddenSizeTrial trial)
        {
            string error = trial.StandardError?.ToString("G4", CultureInfo.InvariantCulture) ?? "";
            string reasons = string.Join(", ", trial.Runs.Select(run => run.StopReason).Distinct());
            return FormattableString.Invariant($"{trial.Units,5}  {trial.Parameters,10}  {trial.ValidationLoss,15:G6}  {error,14}  ")
                + FormattableString.Invariant($"{trial.Epochs,6}  {trial.Seconds,8:F3}  {reasons}{(trial == Choice ? " *" : "")}");
        }
    }
}

/// <summary>The trainings of networks with one number of hidden units.</summary>
/// <param name="Units">The number of hidden units.</param>
/// <param name="Parameters">The number of weights, biases and slopes of a network.</param>
/// <param name="Runs">The trainings: one, or one for each fold.</param>
public sealed record HiddenSizeTrial(int Units, int Parameters, IReadOnlyList<HiddenSizeRun> Runs)
{
    /// <summary>The mean validation loss of the runs; infinite if a run had no good epoch.</summary>
    public double ValidationLoss { get; } = Runs.Average(run => run.ValidationLoss);

    /// <summary>
    /// The standard error of the mean, s / √k, where s is the standard deviation of k runs; null if there is only one run or a loss is
    /// infinite.
    /// </summary>
    public double? StandardError { get; } = StandardErrorOf([.. Runs.Select(run => run.ValidationLoss)]);

    /// <summary>The total number of epochs of all runs.</summary>
    public long Epochs { get; } = Runs.Sum(run => (long)run.Epochs);

    /// <summary>The sum of the seconds of all runs.</summary>
    public double Seconds { get; } = Runs.Sum(run => run.Seconds);

    private static double? StandardErrorOf(double[] losses)
    {
        if (losses.Length < 2 || !losses.All(double.IsFinite))
        {
            return null;
        }

        double mean = losses.Average();
        return Math.Sqrt(losses.Sum(loss => (loss - mean) * (loss - mean)) / (losses.Length - 1) / losses.Length);
    }
}

/// <summary>One training of a trial.</summary>
/// <param name="ValidationLoss">The lowest validation loss; infinite if no epoch was good, for example after divergence.</param>
/// <param name="BestEpoch">The epoch with the lowest validation loss; 0 if no epoch was good.</param>
/// <param name="Epochs">The number of epochs.</param>
/// <param name="Seconds">The seconds of the training.</param>
/// <param name="StopReason">Why it ended.</param>
public sealed record HiddenSizeRun(double ValidationLoss, int BestEpoch, int Epochs, double Seconds, StopReason StopReason);
