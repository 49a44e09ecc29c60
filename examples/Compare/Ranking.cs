namespace BpTrainer.Examples.Compare;

/// <summary>
/// Ranks the trainers of one set by the mean of one metric. A trainer that failed comes last; one that was left out has no rank.
/// </summary>
internal sealed class Ranking
{
    // Smaller is better.
    private readonly Dictionary<string, double> _losses = [];
    private readonly Dictionary<string, double> _spreads = [];

    /// <summary>Ranks by a metric of the task.</summary>
    /// <param name="task">The task of the set.</param>
    /// <param name="metric">One of the task's metrics.</param>
    /// <param name="results">The results of the trainers.</param>
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

    /// <summary>The trainers that have a rank.</summary>
    public IReadOnlyCollection<string> Trainers => _losses.Keys;

    /// <summary>Returns the rank of a trainer: 1 is the best, and trainers with equal means get the mean of their ranks.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="others">The trainers that it is ranked with. Those without a rank, and the trainer itself, do not count.</param>
    public double RankOf(string trainer, IEnumerable<string> others)
    {
        double[] losses = [.. others.Where(other => other != trainer && _losses.ContainsKey(other)).Select(other => _losses[other])];
        return 1 + losses.Count(loss => loss < _losses[trainer]) + (losses.Count(loss => loss == _losses[trainer]) / 2.0);
    }

    /// <summary>Whether one trainer is better than another; false also if one of them has no rank.</summary>
    public bool IsBetter(string trainer, string other) => Gap(trainer, other) > 0;

    /// <summary>Whether one trainer is better than another by more than the other's standard deviation over the splits.</summary>
    public bool IsFarBetter(string trainer, string other) => Gap(trainer, other) > _spreads.GetValueOrDefault(trainer);

    private double Gap(string trainer, string other) =>
        _losses.TryGetValue(trainer, out double loss) && _losses.TryGetValue(other, out double otherLoss) ? otherLoss - loss : double.NaN;
}
