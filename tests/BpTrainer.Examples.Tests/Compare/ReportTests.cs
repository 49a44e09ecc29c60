using BpTrainer.Examples.Compare;

namespace BpTrainer.Examples.Tests.Compare;

public class ReportTests
{
    private static readonly Metric s_rmse = Metric.For(LearningTask.Regression)[0];

    [Fact]
    public void ATrainerThatDivergedLeavesTheOthersTheirDigits()
    {
        var format = new MetricFormat(s_rmse, [0.12345, 1.23456, 1e16]);
        Assert.Equal(["0.1235", "1.2346", "1.0E+16"], new[] { 0.12345, 1.23456, 1e16 }.Select(format.Text));
        Assert.True(format.IsBest(0.12345));
    }

    [Theory]
    [InlineData(55.004, 63.33, "55.00", "63.33")]
    [InlineData(0.5, 4999, "0.5000", "4999.0000")]
    [InlineData(123456, 654321, "123456", "654321")]
    [InlineData(5e20, 6e20, "500000000000000000000", "600000000000000000000")]
    public void NumbersOfAKindShareTheirDecimals(double best, double other, string bestText, string otherText)
    {
        var format = new MetricFormat(s_rmse, [other, best]);
        Assert.Equal([bestText, otherText], [format.Text(best), format.Text(other)]);
    }

    [Fact]
    public void WithoutAFiniteMeanThereIsNoBest()
    {
        var format = new MetricFormat(s_rmse, [double.NaN, double.PositiveInfinity]);
        Assert.Equal("–", format.Text(double.NaN));
        Assert.False(format.IsBest(double.NaN));
    }
}
