using BpTrainer.Report.Tests.Drawing;

namespace BpTrainer.Report.Tests.Histories;

/// <summary>Where the chart of the losses has its marks, and what it does with histories that are not as usual.</summary>
public class LossChartTests
{
    private const double HalfAPixel = 0.5;

    [Theory]
    [InlineData(640, 400, false)]
    [InlineData(400, 300, false)]
    [InlineData(1176, 360, true)]
    public void EveryEpochHasItsMarkAtItsPlace(int width, int height, bool isLog)
    {
        TrainingHistory history = Histories.Falling(30);
        var chart = new SvgChart(history.PlotLoss(isLogScale: isLog), width, height);
        Check(chart.Marks("c1"), epoch => epoch.TrainingLoss);
        Check(chart.Marks("c2"), epoch => epoch.ValidationLoss!.Value);

        void Check(IReadOnlyList<(double X, double Y, string Tip)> marks, Func<EpochRecord, double> loss)
        {
            Assert.Equal(history.Count, marks.Count);
            foreach ((EpochRecord epoch, (double x, double y, string tip)) in history.Zip(marks))
            {
                Assert.Equal(chart.PlaceOn('x', epoch.Epoch), x, HalfAPixel);
                Assert.Equal(chart.PlaceOn('y', loss(epoch), isLog), y, HalfAPixel);
                Assert.StartsWith($"Epoch {epoch.Epoch}", tip, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void ATooltipHasAllThatTheHistoryKnows()
    {
        var history = new TrainingHistory(
            [new EpochRecord(1, 0.5, 0.25, 0.0625, 0.0015) { GradientNorm = 2.5, ValidationChecks = 3, IsAccepted = false }]);
        string tip = new SvgChart(history.PlotLoss(testLosses: [0.75])).Marks("c1").Single().Tip;
        Assert.Equal(
            "Epoch 1, rejected and undone\ntraining loss 0.5\nvalidation loss 0.25\ntest loss 0.75\nlearning rate 0.0625\n"
                + "gradient norm 2.5\nepochs without a new low 3\nafter 1.5\u202Fms",
            tip);
    }

    [Fact]
    public void TheBestEpochHasARingAndRejectedStepsHaveCrosses()
    {
        // Epoch 3 has the lowest validation loss but was undone, so that epoch 2 is the best.
        var history = new TrainingHistory(
        [
            new(1, 0.9, 0.8, 0.1, 1), new(2, 0.6, 0.5, 0.1, 2), new(3, 1.4, 0.1, 0.1, 3) { IsAccepted = false }, new(4, 0.5, 0.6, 0.1, 4),
        ]);
        var chart = new SvgChart(history.PlotLoss());
        (double x, double y, _) = Assert.Single(chart.Marks("ring"));
        Assert.Equal(chart.PlaceOn('x', 2), x, HalfAPixel);
        Assert.Equal(chart.PlaceOn('y', 0.5), y, HalfAPixel);
        (double crossX, double crossY, string tip) = Assert.Single(chart.Marks("cross"));
        Assert.Equal(chart.PlaceOn('x', 3), crossX, HalfAPixel);
        Assert.Equal(chart.PlaceOn('y', 1.4), crossY, HalfAPixel);
        Assert.Contains("rejected and undone", tip, StringComparison.Ordinal);
        Assert.Equal(["training", "validation", "best epoch: 2", "rejected step (1)"], chart.Legend);
    }

    [Fact]
    public void ValuesThatAreNotFiniteMakeAGap()
    {
        double[] losses = [0.5, 0.4, double.NaN, double.PositiveInfinity, 0.3, 0.2];
        var history = new TrainingHistory(losses.Select((loss, i) => new EpochRecord(i + 1, loss, null, 0.1, i)));
        var chart = new SvgChart(history.PlotLoss());
        Assert.Equal(4, chart.Marks("c1").Count);
        Assert.Equal(2, chart.Path("c1").Count(letter => letter == 'M'));
        Assert.Empty(chart.Texts("empty"));
    }

    [Fact]
    public void LossesOf0AndBelowAreLeftOutOfALogarithmicScale()
    {
        double[] losses = [10, 1, 0, -1, 0.1];
        var history = new TrainingHistory(losses.Select((loss, i) => new EpochRecord(i + 1, loss, null, 0.1, i)));
        var chart = new SvgChart(history.PlotLoss(isLogScale: true));
        Assert.Equal(3, chart.Marks("c1").Count);
        Assert.Equal(["0.1", "0.2", "0.5", "1", "2", "5", "10"], chart.Texts("y"));
    }

    [Fact]
    public void WithoutALossAbove0TheScaleIsLinear()
    {
        var history = new TrainingHistory([new(1, -1, null, 0.1, 1), new(2, -2, null, 0.1, 2)]);
        Assert.Equal(2, new SvgChart(history.PlotLoss(isLogScale: true)).Marks("c1").Count);
    }

    [Theory]
    [InlineData(new double[0], 0, "No epochs")]
    [InlineData(new[] { double.NaN, double.NegativeInfinity }, 0, "No finite values")]
    [InlineData(new[] { 0.5 }, 1, null)]
    [InlineData(new[] { 0.5, 0.5, 0.5 }, 3, null)]
    [InlineData(new[] { 0.0, 0.0 }, 2, null)]
    [InlineData(new[] { -1e300, 1e300 }, 2, null)]
    [InlineData(new[] { double.MinValue, double.MaxValue }, 2, null)]
    [InlineData(new[] { double.Epsilon, 1e-300 }, 2, null)]
    [InlineData(new[] { 1e15, 1e15 + 1 }, 2, null)]
    public void UnusualHistoriesHaveAChartToo(double[] losses, int marks, string? word)
    {
        var history = new TrainingHistory(losses.Select((loss, i) => new EpochRecord(i + 1, loss, null, 0.1, i)));
        var chart = new SvgChart(history.PlotLoss(bestEpoch: Math.Min(1, losses.Length)));
        var dots = chart.Marks("c1");
        Assert.Equal(marks, dots.Count);
        Assert.All(dots, mark => Assert.True(mark is { X: >= 0 and <= 640, Y: >= 0 and <= 400 }, $"{mark}"));
        Assert.Equal(word, chart.Texts("empty").SingleOrDefault());

        var logarithmic = new SvgChart(history.PlotLoss(isLogScale: true)).Marks("c1");
        Assert.All(logarithmic, mark => Assert.True(mark is { X: >= 0 and <= 640, Y: >= 0 and <= 400 }, $"{mark}"));
    }

    [Fact]
    public void ALongHistoryKeepsItsPeaksFirstAndLastAndBest()
    {
        const int Epochs = 20_000;
        var history = new TrainingHistory(Enumerable.Range(1, Epochs).Select(epoch => new EpochRecord(
            epoch, epoch == 7777 ? 5 : 1.0 / epoch, epoch == 4321 ? 0 : 1, 0.1, epoch)));
        var chart = new SvgChart(history.PlotLoss());
        var training = chart.Marks("c1");
        Assert.InRange(training.Count, 300, 501);
        Assert.StartsWith("Epoch 1\n", training[0].Tip, StringComparison.Ordinal);
        Assert.StartsWith($"Epoch {Epochs}\n", training[^1].Tip, StringComparison.Ordinal);
        Assert.Contains(training, mark => mark.Tip.StartsWith("Epoch 7777\n", StringComparison.Ordinal));
        Assert.Contains(chart.Marks("c2"), mark => mark.Tip.StartsWith("Epoch 4321, the best", StringComparison.Ordinal));
    }

    [Fact]
    public void TestLossesMustBeOneForEachEpoch()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Histories.Falling(3).PlotLoss(testLosses: [1, 2]));
        Assert.Contains("2 test losses, but 3 epochs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherChartsShowOneValueOfEachEpoch()
    {
        TrainingHistory history = new(Enumerable.Range(1, 9).Select(epoch => new EpochRecord(epoch, 1, 1, 0.01 * epoch, 0.5 * epoch)
        {
            GradientNorm = epoch < 5 ? null : Math.Pow(10, -epoch),
            ValidationChecks = epoch,
        }));
        Check(history.PlotLearningRate(), epoch => epoch.LearningRate);
        Check(history.PlotTime(), epoch => epoch.Seconds);
        Check(history.PlotValidationChecks(), epoch => epoch.ValidationChecks);
        Check(history.PlotGradientNorm(), epoch => epoch.GradientNorm, isLog: true);

        void Check(Chart plot, Func<EpochRecord, double?> value, bool isLog = false)
        {
            var chart = new SvgChart(plot);
            EpochRecord[] measured = [.. history.Where(epoch => value(epoch) is not null)];
            var marks = chart.Marks("c1");
            Assert.Equal(measured.Length, marks.Count);
            foreach ((EpochRecord epoch, (double x, double y, _)) in measured.Zip(marks))
            {
                Assert.Equal(chart.PlaceOn('x', epoch.Epoch), x, HalfAPixel);
                Assert.Equal(chart.PlaceOn('y', value(epoch)!.Value, isLog), y, HalfAPixel);
            }
        }
    }
}

/// <summary>Histories that are made up.</summary>
internal static class Histories
{
    /// <summary>Losses that fall, the validation loss to a minimum in the middle.</summary>
    public static TrainingHistory Falling(int epochs) => new(Enumerable.Range(1, epochs).Select(epoch => new EpochRecord(
        epoch, 2.0 / epoch, 0.5 + Math.Pow((epoch - (epochs / 2.0)) / epochs, 2), 0.1, 0.25 * epoch)));
}
