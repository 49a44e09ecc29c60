namespace BpTrainer.Examples.Compare;

/// <summary>The results of one trainer on one split.</summary>
/// <param name="Metrics">The metrics, in the order of <see cref="Metric.For"/>.</param>
/// <param name="FitSeconds">The time of the trainer's Fit alone; the features were computed before.</param>
/// <param name="RowsPerSecond">The number of rows that the trained model alone scores per second.</param>
/// <param name="Reliability">How well the probabilities agree with the observed shares; null for a regression.</param>
internal sealed record Measurement(
    IReadOnlyList<double> Metrics, double FitSeconds, double RowsPerSecond, Reliability? Reliability = null);

/// <summary>The results of one trainer over all splits.</summary>
internal sealed class TrainerResult(string trainer)
{
    private readonly List<Measurement> _measurements = [];

    /// <summary>The trainer's name.</summary>
    public string Trainer => trainer;

    /// <summary>The user's settings; none for trainers other than ours.</summary>
    public TrainerSettings Settings { get; init; } = TrainerSettings.None;

    /// <summary>Why there are no results, or null.</summary>
    public string? Reason { get; private set; }

    /// <summary>
    /// Whether the trainer failed. A trainer that does not support the data or the platform is left out, which is not a failure.
    /// </summary>
    public bool Failed { get; private set; }

    /// <summary>Records that the trainer is left out.</summary>
    public void LeaveOut(string reason) => Reason = reason;

    /// <summary>Records that the trainer failed.</summary>
    public void Fail(string reason) => (Reason, Failed) = (reason, true);

    /// <summary>The measurements so far, one for each split.</summary>
    public IReadOnlyList<Measurement> Measurements => _measurements;

    /// <summary>The model and the scored rows of the first split; null if they were not kept.</summary>
    public Trial? FirstTrial { get; private set; }

    /// <summary>Adds the measurement of another split.</summary>
    public void Add(Measurement measurement) => _measurements.Add(measurement);

    /// <summary>Keeps the model and the scored rows if they are those of the first split.</summary>
    public void Keep(Trial trial) => FirstTrial ??= trial;

    /// <summary>The mean of a metric over the splits.</summary>
    public double Mean(int metric) => _measurements.Average(m => m.Metrics[metric]);

    /// <summary>The sample standard deviation of a metric over the splits; null when there is only one split.</summary>
    public double? Spread(int metric)
    {
        if (_measurements.Count < 2)
            return null;
        double mean = Mean(metric);
        return Math.Sqrt(_measurements.Sum(m => (m.Metrics[metric] - mean) * (m.Metrics[metric] - mean)) / (_measurements.Count - 1));
    }

    /// <summary>The seconds to fit: the median over the splits, so that the time to compile the code in the first split does not
    /// count.</summary>
    public double FitSeconds => Median(m => m.FitSeconds);

    /// <summary>The number of rows scored per second: the median over the splits.</summary>
    public double RowsPerSecond => Median(m => m.RowsPerSecond);

    /// <summary>How well the probabilities agree with the observed shares, over the rows of all splits; null for a regression.</summary>
    public Reliability? Reliability =>
        _measurements.All(m => m.Reliability is null) ? null : Reliability.Over(_measurements.Select(m => m.Reliability!));

    private double Median(Func<Measurement, double> value)
    {
        double[] sorted = _measurements.Select(value).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
