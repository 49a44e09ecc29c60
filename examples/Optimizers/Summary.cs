namespace BpTrainer.Examples.Optimizers;

/// <summary>The trainings of one optimizer on one set, or why there are none.</summary>
/// <param name="Measurements">One measurement for each split; none if the optimizer was left out.</param>
/// <param name="Reason">Why the optimizer was left out; otherwise null.</param>
internal sealed record Summary(IReadOnlyList<Measurement> Measurements, string? Reason = null)
{
    /// <summary>The mean number of epochs.</summary>
    public double Epochs => Measurements.Average(one => one.Epochs);

    /// <summary>The mean score.</summary>
    public double Score => Measurements.Average(one => one.Score);

    /// <summary>The seconds of a training: the median, so that the time to compile the code in the first one does not count.</summary>
    public double Seconds
    {
        get
        {
            double[] sorted = [.. Measurements.Select(one => one.Seconds).Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    /// <summary>The sample standard deviation of the score.</summary>
    public double Spread => Math.Sqrt(Measurements.Sum(one => (one.Score - Score) * (one.Score - Score)) / (Measurements.Count - 1));
}
