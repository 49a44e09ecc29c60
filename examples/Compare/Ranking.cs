namespace BpTrainer.Examples.Compare;

/// <summary>
/// The trainers of one set in the order of one metric's means. A trainer that broke down is behind all others; one that was left out
/// takes no part.
/// </summary>
internal sealed class Ranking
{
    // The smaller the better.
    private readonly Dictionary<string, double> _losses = [];
    private readonly Dictionary<string, double> _spreads = [];

    /// <summary>Ranks by a metric of the task.</summary>
    /// <param name="task">The task of the set.</param>
    /// <param name="metric">One of the task's metrics.</param>
    /// <param name="results">What the trainers reached.</param>
    public Ranking(LearningTask task, Metric metric, IEnumerable<TrainerResult> results)
    {
        int index = Metric.For(task).ToList().IndexOf(metric);
        foreach (TrainerResult result in results.Where(result => result.Failed || result.Reason is null))
        {
            double mean = result.Failed ? double.NaN : result.Mean(index);
            _losses[result.Trainer] = !double.IsFinite(mean) ? double.PositiveInfinity : metric.HigherIsBetter ? -mean : mean;
            _spreads[result.Trainer] = (result.Failed ? null : result.Spread(index)) ?? 0;
        }
    }

    /// <summary>The trainers that took part.</summary>
    public IReadOnlyCollection<string> Trainers => _losses.Keys;

    /// <summary>The rank of a trainer that took part: 1 is the best, and equals share the mean of their places.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="others">Whom it is ranked with, those of them that took part; itself does not matter.</param>
    public double RankOf(string trainer, IEnumerable<string> others)
    {
        double[] losses = [.. others.Where(other => other != trainer && _losses.ContainsKey(other)).Select(other => _losses[other])];
        return 1 + losses.Count(loss => loss < _losses[trainer]) + (losses.Count(loss => loss == _losses[trainer]) / 2.0);
    }

    /// <summary>Whether one trainer is better than another; false also if one of them took no part.</summary>
    public bool IsBetter(string trainer, string other) => Gap(trainer, other) > 0;

    /// <summary>Whether one trainer is better than another by more than the other's standard deviation over the splits.</summary>
    public bool IsFarBetter(string trainer, string other) => Gap(trainer, other) > _spreads.GetValueOrDefault(trainer);

    private double Gap(string trainer, string other) =>
        _losses.TryGetValue(trainer, out double loss) && _losses.TryGetValue(other, out double otherLoss) ? otherLoss - loss : double.NaN;
}
