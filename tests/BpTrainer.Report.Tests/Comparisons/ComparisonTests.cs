using BpTrainer.Report.Comparisons;
using BpTrainer.Report.Tests.Drawing;

namespace BpTrainer.Report.Tests.Comparisons;

/// <summary>Which trainer to take.</summary>
public class ComparisonTests
{
    private static readonly ComparedMetric s_error = new("RMSE", HigherIsBetter: false);

    [Fact]
    public void ALeadLargerThanItsSpreadIsClear()
    {
        // Leads of B over A: 2, 3, 4: mean 3, standard deviation 1.
        (string answer, string reasons) = Verdict(("A", [12, 23, 34]), ("B", [10, 20, 30]));
        Assert.Equal("Take B", answer);
        Assert.Equal(
            "B has the lowest RMSE, 20 ± 10 over 3 splits of the rows. A, with 23 ± 11, is 3.0 ± 1.0 behind (13\u202F%), compared "
                + "split by split; it was behind in 3 of 3 splits. "
                + "B leads every other trainer by more than the lead varies between splits.",
            reasons);
    }

    [Fact]
    public void ALeadWithinItsSpreadIsNamedAsSuch()
    {
        // Leads of A over B: −1, 3, 1, and over C: 100 each time.
        (string answer, string reasons) = Verdict(("A", [10, 20, 30]), ("B", [9, 23, 31]), ("C", [110, 120, 130]));
        Assert.Equal("Take A, or B, which is about as good", answer);
        Assert.Contains("it was behind in 2 of 3 splits", reasons, StringComparison.Ordinal);
        Assert.Contains("Clearly behind: C (by 100 ± 0)", reasons, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreIsBetterWhereTheMetricSaysSo()
    {
        var comparison = new TrainerComparison(
            [new("Accuracy", HigherIsBetter: true)],
            [new("A", [[0.5], [0.6]]), new("B", [[0.9], [0.95]])]);
        Assert.Equal("Take B", ComparisonVerdict.Of(comparison).Answer);
    }

    [Fact]
    public void OneSplitTellsNoLeadFromChance() =>
        Assert.Contains("cannot show whether a lead is due to chance", Verdict(("A", [1]), ("B", [2])).Reasons, StringComparison.Ordinal);

    [Fact]
    public void TrainersWithoutResultsAreLeftOut()
    {
        var comparison = new TrainerComparison([s_error], [new("A", []) { Remark = "failed" }]);
        Assert.Equal("No trainer can be recommended", ComparisonVerdict.Of(comparison).Answer);
    }

    [Fact]
    public void TheChartHasAMarkForEverySplitAndEveryMean()
    {
        var comparison = new TrainerComparison([s_error], [new("A", [[10], [20]]), new("B", [[30], [50]])]);
        var chart = new SvgChart(comparison.Plot());
        Assert.Equal(4, chart.Marks("faint").Count);
        var means = chart.Marks("c2");
        Assert.Equal([chart.PlaceOn('x', 15), chart.PlaceOn('x', 40)], means.Select(mark => mark.X), (a, b) => Math.Abs(a - b) < 0.5);
        Assert.True(means[0].Y < means[1].Y, "the best trainer is on top");
        Assert.Throws<ArgumentOutOfRangeException>(() => comparison.Plot(metric: 1));
    }

    [Fact]
    public void EveryTrainerNeedsAllSplitsAndMetrics()
    {
        Assert.Throws<ArgumentException>(() => new TrainerComparison([], []));
        Assert.Throws<ArgumentException>(() => new TrainerComparison([s_error], [new("A", [[1, 2]])]));
        Assert.Throws<ArgumentException>(() => new TrainerComparison([s_error], [new("A", [[1], [2]]), new("B", [[1]])]));
    }

    private static (string Answer, string Reasons) Verdict(params (string Name, double[] Errors)[] trainers) =>
        ComparisonVerdict.Of(new TrainerComparison(
            [s_error],
            [.. trainers.Select(trainer => new ComparedTrainer(trainer.Name, [.. trainer.Errors.Select(error => new[] { error })]))]));
}
