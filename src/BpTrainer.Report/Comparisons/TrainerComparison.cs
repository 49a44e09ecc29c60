using BpTrainer.Numbers;

namespace BpTrainer.Report;

/// <summary>A metric by which trainers are compared.</summary>
/// <param name="Name">The name, such as "RMSE".</param>
/// <param name="HigherIsBetter">Whether higher values are better.</param>
public sealed record ComparedMetric(string Name, bool HigherIsBetter);

/// <summary>The results of a trainer on every split of the data.</summary>
/// <param name="Name">The name of the trainer.</param>
/// <param name="Values">One list for each split, in the same order for every trainer, with a number for each metric of the
/// comparison.</param>
public sealed record ComparedTrainer(string Name, IReadOnlyList<IReadOnlyList<double>> Values)
{
    /// <summary>The seconds of a fit, such as the median over the splits; null if they are not known.</summary>
    public double? FitSeconds { get; init; }

    /// <summary>Why the trainer has no values, such as "left out: …"; null if it has values.</summary>
    public string? Remark { get; init; }

    /// <summary>The mean of a metric over the splits.</summary>
    /// <param name="metric">The index of the metric.</param>
    /// <returns>The mean; <see cref="double.NaN"/> if there are no splits.</returns>
    public double Mean(int metric) => Values.Select(split => split[metric]).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The sample standard deviation of a metric over the splits.</summary>
    /// <param name="metric">The index of the metric.</param>
    /// <returns>The standard deviation; null if there are fewer than two splits.</returns>
    public double? Spread(int metric)
    {
        if (Values.Count < 2)
        {
            return null;
        }

        double mean = Mean(metric);
        return Math.Sqrt(Values.Sum(split => (split[metric] - mean) * (split[metric] - mean)) / (Values.Count - 1));
    }
}

/// <summary>Several trainers on the same splits of the same data.</summary>
public sealed class TrainerComparison
{
    /// <summary>Creates a comparison of results.</summary>
    /// <param name="metrics">The metrics; the first is the main metric.</param>
    /// <param name="trainers">The trainers, each with a value for each metric on each split, or with a remark.</param>
    /// <exception cref="ArgumentException">There is no metric, a trainer does not have one value for each metric, or trainers without a
    /// remark differ in their number of splits.</exception>
    public TrainerComparison(IReadOnlyList<ComparedMetric> metrics, IReadOnlyList<ComparedTrainer> trainers)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(trainers);
        Guard.Require(metrics.Count > 0, "There is no metric; at least one is needed.", nameof(metrics));
        Splits = trainers.Select(trainer => trainer.Values.Count).DefaultIfEmpty(0).Max();
        foreach (ComparedTrainer trainer in trainers)
        {
            Guard.Require(
                trainer.Values.All(split => split.Count == metrics.Count),
                $"'{trainer.Name}' needs {metrics.Count} values for each split.", nameof(trainers));
            Guard.Require(
                trainer.Values.Count == Splits || trainer.Remark is not null,
                $"'{trainer.Name}' has {trainer.Values.Count} splits, but others have {Splits}; give it a Remark that says why.",
                nameof(trainers));
        }

        Metrics = [.. metrics];
        Trainers = [.. trainers];
    }

    /// <summary>The metrics; the first is the main metric.</summary>
    public IReadOnlyList<ComparedMetric> Metrics { get; }

    /// <summary>The trainers.</summary>
    public IReadOnlyList<ComparedTrainer> Trainers { get; }

    /// <summary>The number of splits.</summary>
    public int Splits { get; }

    /// <summary>The trainers with values on every split, ordered by the mean of a metric, the best first.</summary>
    internal IReadOnlyList<ComparedTrainer> Ranked(int metric)
    {
        var measured = Trainers.Where(trainer => trainer.Remark is null && double.IsFinite(trainer.Mean(metric)));
        return Metrics[metric].HigherIsBetter
            ? [.. measured.OrderByDescending(trainer => trainer.Mean(metric))]
            : [.. measured.OrderBy(trainer => trainer.Mean(metric))];
    }
}
