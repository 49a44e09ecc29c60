using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Comparisons;

/// <summary>A metric of all trainers: every split, the mean and the standard deviation.</summary>
internal static class ComparisonPlot
{
    public static Plot Of(TrainerComparison comparison, int metric)
    {
        IReadOnlyList<ComparedTrainer> ranked = comparison.Ranked(metric);
        ComparedMetric measured = comparison.Metrics[metric];
        var splits = ranked.SelectMany((trainer, i) => trainer.Values.Select((values, split) => new Mark(
            values[metric], Row(i), $"{trainer.Name}\nsplit {split + 1}: {NumberText.Of(values[metric])}")));
        var means = ranked.Select((trainer, i) => new Interval(
            trainer.Mean(metric), trainer.Spread(metric) ?? 0, Row(i),
            $"{trainer.Name}\n{measured.Name} {ComparisonVerdict.MeanAndSpread(trainer, metric)}"));
        double[] ends =
        [
            .. ranked.SelectMany(trainer => trainer.Values.Select(values => values[metric])
                .Append(trainer.Mean(metric) - (trainer.Spread(metric) ?? 0)).Append(trainer.Mean(metric) + (trainer.Spread(metric) ?? 0))),
        ];
        return new Plot(
            measured.Name,
            $"{(measured.HigherIsBetter ? "Higher" : "Lower")} is better; the best is on top. "
                + "Small points are splits, whiskers the standard deviation.",
            LinearAxis.For($"{measured.Name}, {(measured.HigherIsBetter ? "higher" : "lower")} is better", ends),
            new CategoryAxis("Trainer", [.. ranked.Select(trainer => trainer.Name).Reverse()]),
            [
                new PointMarks("split", Palette.Of(0), [.. splits], PointShape.Faint),
                new IntervalMarks("mean ± standard deviation", Palette.Of(1), [.. means]),
            ])
        {
            Empty = ranked.Count == 0 ? "No results" : null,
        };

        int Row(int rank) => ranked.Count - 1 - rank;
    }

    /// <summary>The height that the picture needs for its rows.</summary>
    public static int Height(TrainerComparison comparison) => 130 + (28 * Math.Max(3, comparison.Trainers.Count));
}
