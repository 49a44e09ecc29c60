using BpTrainer.Numbers;
using BpTrainer.Report.Comparisons;

namespace BpTrainer.Report;

/// <summary>Charts that compare trainers.</summary>
public static class ComparisonCharts
{
    /// <summary>Plots a metric of all trainers: every split, the mean and the standard deviation, with the best trainer on top.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="metric">The index of the metric. Default: 0, the main metric.</param>
    /// <returns>The chart.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such metric.</exception>
    public static Chart Plot(this TrainerComparison comparison, int metric = 0)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        Guard.InRange(metric, 0, comparison.Metrics.Count);
        return new Chart(ComparisonPlot.Of(comparison, metric));
    }
}
