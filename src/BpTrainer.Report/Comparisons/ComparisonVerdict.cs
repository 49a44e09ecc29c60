using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Comparisons;

/// <summary>Recommends a trainer, by the first metric of a comparison.</summary>
internal static class ComparisonVerdict
{
    /// <summary>The answer in a few words, and the sentences with its numbers.</summary>
    public static (string Answer, string Reasons) Of(TrainerComparison comparison)
    {
        IReadOnlyList<ComparedTrainer> ranked = comparison.Ranked(0);
        ComparedMetric metric = comparison.Metrics[0];
        if (ranked.Count == 0)
        {
            return ("No trainer can be recommended", "No trainer has results.");
        }

        ComparedTrainer best = ranked[0];
        string lead = $"{best.Name} has the {(metric.HigherIsBetter ? "highest" : "lowest")} {metric.Name}, {MeanAndSpread(best, 0)} " +
            $"over {NumberText.Count(comparison.Splits, "split")} of the rows.";
        if (ranked.Count == 1)
        {
            return ($"{best.Name} is the only one with results", lead);
        }

        if (comparison.Splits < 2)
        {
            return (
                $"{best.Name} is ahead on this split",
                $"{lead} One split cannot show whether a lead is due to chance; compare on more splits.");
        }

        Lead[] leads = [.. ranked.Skip(1).Select(other => new Lead(best, other, metric))];
        string[] near = [.. leads.Where(one => !one.IsLarge).Select(one => one.Other.Name)];
        string second = leads[0].Text();
        if (near.Length == 0)
        {
            return (
                $"Take {best.Name}",
                $"{lead} {second} {best.Name} leads every other trainer by more than the lead varies between splits.");
        }

        string clearly = string.Join(", ", leads.Where(one => one.IsLarge).Select(one => one.Short()));
        string others = clearly.Length == 0 ? "" : $" Clearly behind: {clearly}.";
        return (
            $"Take {best.Name}, or {string.Join(" or ", near)}, which {(near.Length == 1 ? "is" : "are")} about as good",
            $"{lead} {second} A lead that is smaller than its own spread, the number after ±, may be due to chance: " +
            $"choose among these trainers by speed or size.{others}");
    }

    public static string MeanAndSpread(ComparedTrainer trainer, int metric) => trainer.Spread(metric) is { } spread
        ? NumberText.WithSpread(trainer.Mean(metric), spread)
        : NumberText.Of(trainer.Mean(metric));

    /// <summary>How far one trainer is ahead of another, split by split. This removes the effect of splits that are hard for
    /// both.</summary>
    private sealed class Lead
    {
        private readonly double[] _leads;
        private readonly double _mean;
        private readonly double _spread;
        private readonly double _share;

        public Lead(ComparedTrainer best, ComparedTrainer other, ComparedMetric metric)
        {
            Other = other;
            int sign = metric.HigherIsBetter ? 1 : -1;
            _leads = [.. best.Values.Zip(other.Values, (one, two) => sign * (one[0] - two[0]))];
            _mean = _leads.Average();
            _spread = Math.Sqrt(_leads.Sum(lead => (lead - _mean) * (lead - _mean)) / (_leads.Length - 1));
            _share = _mean / Math.Abs(other.Mean(0));
        }

        public ComparedTrainer Other { get; }

        /// <summary>Whether the mean lead is larger than its standard deviation over the splits.</summary>
        public bool IsLarge => _mean > _spread;

        /// <summary>The lead in a sentence.</summary>
        public string Text()
        {
            string share = double.IsFinite(_share) ? $" ({NumberText.Percent(_share)})" : "";
            return $"{Other.Name}, with {MeanAndSpread(Other, 0)}, is {NumberText.WithSpread(_mean, _spread)} behind{share}, compared " +
                $"split by split; it was behind in {_leads.Count(lead => lead > 0)} of {_leads.Length} splits.";
        }

        /// <summary>The lead in a few words.</summary>
        public string Short() => $"{Other.Name} (by {NumberText.WithSpread(_mean, _spread)})";
    }
}
