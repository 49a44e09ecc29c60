namespace BpTrainer.Examples.Compare;

/// <summary>What one trainer reached on one split.</summary>
/// <param name="Metrics">In the order of <see cref="Metric.For"/>.</param>
/// <param name="FitSeconds">The time of the trainer's Fit alone; the features were made beforehand.</param>
/// <param name="RowsPerSecond">Rows scored in a second by the trained model alone.</param>
/// <param name="Reliability">How well the probabilities agree with what came true; null for a regression.</param>
internal sealed record Measurement(
    IReadOnlyList<double> Metrics, double FitSeconds, double RowsPerSecond, Reliability? Reliability = null);

/// <summary>What one trainer reached over all splits.</summary>
internal sealed class TrainerResult(string trainer)
{
    private readonly List<Measurement> _measurements = [];

    /// <summary>The trainer's name.</summary>
    public string Trainer => trainer;

    /// <summary>The settings of the user; of other trainers than ours, none.</summary>
    public TrainerSettings Settings { get; init; } = TrainerSettings.None;

    /// <summary>Why there are no numbers, or null.</summary>
    public string? Reason { get; private set; }

    /// <summary>
    /// Whether the trainer broke down. A trainer that does not suit the data or the platform is left out, which is no failure.
    /// </summary>
    public bool Failed { get; private set; }

    /// <summary>Notes that the trainer takes no part.</summary>
    public void LeaveOut(string reason) => Reason = reason;

    /// <summary>Notes that the trainer broke down.</summary>
    public void Fail(string reason) => (Reason, Failed) = (reason, true);

    /// <summary>The measurements so far, one a split.</summary>
    public IReadOnlyList<Measurement> Measurements => _measurements;

    /// <summary>What the trainer did on the first split; null if it was not asked to be kept, or if there is none.</summary>
    public Trial? FirstTrial { get; private set; }

    /// <summary>Adds the measurement of one more split.</summary>
    public void Add(Measurement measurement) => _measurements.Add(measurement);

    /// <summary>Keeps what the trainer did on the first split.</summary>
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

    /// <summary>Seconds to fit: the median over the splits, so that compiling the code in the first one does not count.</summary>
    public double FitSeconds => Median(m => m.FitSeconds);

    /// <summary>Rows scored a second: the median over the splits.</summary>
    public double RowsPerSecond => Median(m => m.RowsPerSecond);

    /// <summary>How well the probabilities agree with what came true, over the rows of all splits; null for a regression.</summary>
    public Reliability? Reliability =>
        _measurements.All(m => m.Reliability is null) ? null : Reliability.Over(_measurements.Select(m => m.Reliability!));

    private double Median(Func<Measurement, double> value)
    {
        double[] sorted = _measurements.Select(value).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
