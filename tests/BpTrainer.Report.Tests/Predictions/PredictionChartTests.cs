using BpTrainer.Report.Predictions;
using BpTrainer.Report.Tests.Drawing;

namespace BpTrainer.Report.Tests.Predictions;

/// <summary>Charts and metrics of scored rows.</summary>
public class PredictionChartTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void TheRocCurveRisesByPositivesAndGoesRightByNegatives()
    {
        // From the highest score: +, −, + and − at the same score, −. Two positives, three negatives.
        // Points (0, 0), (0, ½), (⅓, ½), (⅔, 1), (1, 1); area ⅓ · ½ + ⅓ · ¾ + ⅓ · 1 = ¾.
        IDataView rows = Binary((0.9f, true), (0.8f, false), (0.5f, true), (0.5f, false), (0.1f, false));
        var chart = new SvgChart(rows.PlotRoc());
        (double, double)[] expected = [(0, 0), (0, 0.5), (1 / 3.0, 0.5), (2 / 3.0, 1), (1, 1)];
        Assert.Equal(
            expected.Select(point => (chart.PlaceOn('x', point.Item1), chart.PlaceOn('y', point.Item2))),
            chart.Marks("c1").Select(mark => (mark.X, mark.Y)),
            (one, other) => Math.Abs(one.Item1 - other.Item1) < 0.5 && Math.Abs(one.Item2 - other.Item2) < 0.5);
        Assert.Contains("area 0.75", chart.Legend);
    }

    [Fact]
    public void PrecisionIsTheShareOfThoseCalledPositive()
    {
        // As above: precision 1, ½, 2 of 4, 2 of 5; recall ½, ½, 1, 1. Average precision ½ · 1 + ½ · ½ = ¾.
        IDataView rows = Binary((0.9f, true), (0.8f, false), (0.5f, true), (0.5f, false), (0.1f, false));
        var chart = new SvgChart(rows.PlotPrecisionRecall());
        (double, double)[] expected = [(0.5, 1), (0.5, 0.5), (1, 0.5), (1, 0.4)];
        Assert.Equal(
            expected.Select(point => (chart.PlaceOn('x', point.Item1), chart.PlaceOn('y', point.Item2))),
            chart.Marks("c1").Select(mark => (mark.X, mark.Y)),
            (one, other) => Math.Abs(one.Item1 - other.Item1) < 0.5 && Math.Abs(one.Item2 - other.Item2) < 0.5);
        Assert.Contains("average 0.75", chart.Legend);
    }

    [Fact]
    public void ReliabilityHasAPointForEachBinWithRows()
    {
        // The bin from 0.2: mean 0.25, one of two true. The bin from 0.9: mean 1, all of one true.
        // Calibration error (2 · |0.25 − 0.5| + 1 · 0) / 3 = 0.1667.
        var chart = new SvgChart(Binary((0.22f, true), (0.28f, false), (1f, true)).PlotReliability());
        Assert.Equal(
            [(chart.PlaceOn('x', 0.25), chart.PlaceOn('y', 0.5)), (chart.PlaceOn('x', 1), chart.PlaceOn('y', 1))],
            chart.Marks("c1").Select(mark => (mark.X, mark.Y)),
            (one, other) => Math.Abs(one.Item1 - other.Item1) < 0.5 && Math.Abs(one.Item2 - other.Item2) < 0.5);
        Assert.Contains("error 0.1667", chart.Legend);
    }

    [Fact]
    public void TheConfusionMatrixCountsRows()
    {
        var chart = new SvgChart(Binary((0.9f, true), (0.8f, false), (0.7f, true), (0.1f, true), (0.1f, false)).PlotConfusionMatrix());
        Assert.Equal(
            [
                "actual false, predicted false\n1 row, 50\u202F% of 2", "actual false, predicted true\n1 row, 50\u202F% of 2",
                "actual true, predicted false\n1 row, 33\u202F% of 3", "actual true, predicted true\n2 rows, 67\u202F% of 3",
            ],
            chart.Marks("cell").Select(cell => cell.Tip));
    }

    [Fact]
    public void OneClassHasAMatrixButNoCurve()
    {
        IDataView rows = Binary((0.9f, true), (0.4f, true));
        Assert.Equal("Needs rows of both classes", new SvgChart(rows.PlotRoc()).Texts("empty").Single());
        Assert.Equal("Needs rows of both classes", new SvgChart(rows.PlotPrecisionRecall()).Texts("empty").Single());
        Assert.Equal(4, new SvgChart(rows.PlotConfusionMatrix()).Marks("cell").Count);
    }

    [Fact]
    public void PointsOfARegressionAreWhereTheirNumbersSay()
    {
        IDataView rows = Regression((1, 2), (3, 3), (5, 4));
        var against = new SvgChart(rows.PlotPredictedAgainstActual(unit: "km"));
        var residuals = new SvgChart(rows.PlotResiduals());
        (float Actual, float Predicted)[] numbers = [(1, 2), (3, 3), (5, 4)];
        Assert.Equal(
            numbers.Select(row => (against.PlaceOn('x', row.Actual), against.PlaceOn('y', row.Predicted))),
            against.Marks("c1").Select(mark => (mark.X, mark.Y)),
            (one, other) => Math.Abs(one.Item1 - other.Item1) < 0.5 && Math.Abs(one.Item2 - other.Item2) < 0.5);
        Assert.Equal(
            numbers.Select(row => (residuals.PlaceOn('x', row.Predicted), residuals.PlaceOn('y', row.Predicted - row.Actual))),
            residuals.Marks("c1").Select(mark => (mark.X, mark.Y)),
            (one, other) => Math.Abs(one.Item1 - other.Item1) < 0.5 && Math.Abs(one.Item2 - other.Item2) < 0.5);
        Assert.Equal(["Predicted (km)", "Actual (km)"], against.Texts("axis"));
    }

    [Fact]
    public void TheHistogramHasEveryRowOnce()
    {
        IDataView rows = Regression([.. Enumerable.Range(0, 1000).Select(i => ((float)Math.Sin(i), (float)Math.Cos(i * i)))]);
        var bars = new SvgChart(rows.PlotErrorHistogram()).Marks("bar");
        Assert.InRange(bars.Count, 5, 31);
        Assert.Equal(1000, bars.Sum(bar => SvgChart.Parse(bar.Tip.Split('\n')[1].Split(' ')[0])));
    }

    [Theory]
    [InlineData(new float[0], "No rows")]
    [InlineData(new[] { float.NaN, float.PositiveInfinity }, "No rows")]
    [InlineData(new[] { 1f, 1f, 1f }, null)]
    [InlineData(new[] { 3e38f, -3e38f }, null)]
    [InlineData(new[] { 7f }, null)]
    public void UnusualRowsHaveChartsToo(float[] scores, string? word)
    {
        IDataView rows = Regression([.. scores.Select(score => (1f, score))]);
        Chart[] charts = [rows.PlotPredictedAgainstActual(), rows.PlotResiduals(), rows.PlotErrorHistogram()];
        Assert.All(charts, chart => Assert.Equal(word, new SvgChart(chart).Texts("empty").SingleOrDefault()));
        Assert.All(charts, chart => Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.Ordinal));
    }

    [Fact]
    public void OfManyRowsEveryKthIsShownAndTheChartSaysSo()
    {
        Chart chart = Regression([.. Enumerable.Range(0, 100_000).Select(i => ((float)i, (float)i))]).PlotResiduals();
        Assert.Equal(2000, new SvgChart(chart).Marks("faint").Count);
        Assert.EndsWith("Of 100,000 rows, one in 50 is shown.", chart.Description, StringComparison.Ordinal);
        Assert.InRange(chart.ToSvg().Length, 1, 500_000);
    }

    [Fact]
    public void TheFittedCurveGoesThroughThePredictionsFromLeftToRight()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(
            new[] { 3f, 1f, 2f }.Select(x => new OneFeature { Features = x, Label = x, Score = x * x }));
        var chart = new SvgChart(rows.PlotFittedCurve());
        var line = chart.Marks("c2");
        Assert.Equal([1, 4, 9], line.Select(mark => SvgChart.Parse(mark.Tip.Split('\n')[2].Split(' ')[1])));
        Assert.Equal(line.OrderBy(mark => mark.X), line);
        Assert.Throws<ArgumentException>(() => rows.PlotFittedCurve(featureColumnName: "Name"));
    }

    [Fact]
    public void RowsOfAnotherTaskAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Regression((1, 2)).PlotRoc());
        Assert.Throws<ArgumentException>(() => Binary((0.5f, true)).PlotResiduals());
        ArgumentException error = Assert.Throws<ArgumentException>(() => Regression((1, 2)).PlotResiduals("Price"));
        Assert.Contains("There is no column 'Price' among Label, Score", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MetricsAreThoseOfMLNet()
    {
        IDataView regression = Regression([.. Enumerable.Range(0, 50).Select(i => (i % 7f, (i % 5f) + 1))]);
        RegressionMetrics numbers = _context.Regression.Evaluate(regression);
        Assert.Equal(
            [numbers.RootMeanSquaredError, numbers.MeanAbsoluteError, numbers.RSquared],
            Metrics(regression), (a, b) => Math.Abs(a - b) < 1e-9);

        IDataView binary = Binary([.. Enumerable.Range(0, 50).Select(i => (((i * 7) % 50 / 50f) + 0.01f, i % 3 == 0))]);
        CalibratedBinaryClassificationMetrics classes = _context.BinaryClassification.Evaluate(binary);
        double[] found = Metrics(binary);
        Assert.Equal(
            [classes.Accuracy, classes.AreaUnderRocCurve, classes.F1Score, classes.LogLoss * Math.Log(2)],
            [found[0], found[1], found[3], found[4]], (a, b) => Math.Abs(a - b) < 1e-6);
    }

    private static double[] Metrics(IDataView rows) =>
        [.. TestMetrics.Of(ScoredReader.Read(rows, "Label", feature: null)[0].Rows).Select(metric => metric.Value)];

    private IDataView Binary(params (float Probability, bool Label)[] rows) =>
        _context.Data.LoadFromEnumerable(rows.Select(row => new BinaryRow
        {
            Label = row.Label,
            Score = (float)Math.Log(row.Probability / (1 - row.Probability)),
            Probability = row.Probability,
            PredictedLabel = row.Probability > 0.5f,
        }));

    private IDataView Regression(params (float Label, float Score)[] rows) =>
        _context.Data.LoadFromEnumerable(rows.Select(row => new RegressionRow { Label = row.Label, Score = row.Score }));

    public sealed class OneFeature
    {
        public float Features { get; set; }

        public float Label { get; set; }

        public float Score { get; set; }

        public string Name { get; set; } = "";
    }
}
