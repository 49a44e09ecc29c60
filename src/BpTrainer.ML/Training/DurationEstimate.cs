namespace BpTrainer.ML.Training;

/// <summary>
/// Estimates how long a training takes at most, from the time of one epoch; stopping rules can only make it shorter. The first epoch also
/// compiles code, so the second one is measured unless the first is long.
/// </summary>
/// <param name="epochs">The maximum number of epochs of a network.</param>
/// <param name="networks">The number of networks.</param>
/// <param name="sideBySide">The number of networks that train at the same time.</param>
/// <param name="budget">The time after which all networks stop; null for no limit.</param>
internal sealed class DurationEstimate(double epochs, int networks, int sideBySide, TimeSpan? budget)
{
    private const double LongEpoch = 1;
    private readonly double[] _secondsBefore = new double[networks];
    private bool _isMade;

    /// <summary>Adds an epoch of a network. Returns the estimate in words at the first epoch that gives one, else null.</summary>
    public string? Add(int network, EpochRecord epoch)
    {
        double seconds = epoch.Seconds - _secondsBefore[network];
        _secondsBefore[network] = epoch.Seconds;
        if (_isMade || (epoch.Epoch == 1 && seconds < LongEpoch && epochs > 1))
        {
            return null;
        }

        _isMade = true;
        int turns = (networks + sideBySide - 1) / sideBySide;
        double most = Math.Min(seconds * epochs * turns, budget?.TotalSeconds ?? double.PositiveInfinity);
        string which = networks > 1 ? $"{networks} networks of " : "";
        return FormattableString.Invariant($"Expected to take at most {Text(most)} for {which}{Math.Ceiling(epochs)} epochs.");
    }

    private static string Text(double seconds) => seconds switch
    {
        < 10 => FormattableString.Invariant($"{seconds:F1} s"),
        < 120 => FormattableString.Invariant($"{seconds:F0} s"),
        < 7200 => FormattableString.Invariant($"{seconds / 60:F0} min"),
        _ => FormattableString.Invariant($"{seconds / 3600:F1} h"),
    };
}
