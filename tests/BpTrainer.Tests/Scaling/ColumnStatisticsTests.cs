using BpTrainer.Scalings;

namespace BpTrainer.Tests.Scaling;

/// <summary>Mean and spread, gathered row by row.</summary>
public class ColumnStatisticsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(33)]
    public void EveryColumnGetsItsMeanAndItsDeviation(int columns)
    {
        // Column c holds c + 1, 2(c + 1), 6(c + 1), with weights 2, 1, 3: mean (2 + 2 + 18)/6 · (c + 1).
        var statistics = new ColumnStatistics(columns);
        float[] values = [1, 2, 6];
        double[] weights = [2, 1, 3];
        for (int row = 0; row < 3; row++)
        {
            statistics.Add<float>([.. Enumerable.Range(1, columns).Select(c => values[row] * c)], weights[row]);
        }

        Assert.Equal((3L, 6.0), (statistics.Rows, statistics.TotalWeight));
        ColumnScaling scaling = statistics.Standardize<float>();
        double mean = 22.0 / 6;
        double deviation = Math.Sqrt(((2 * Math.Pow(1 - mean, 2)) + Math.Pow(2 - mean, 2) + (3 * Math.Pow(6 - mean, 2))) / 6);
        for (int c = 0; c < columns; c++)
        {
            Close.Relative(mean * (c + 1), scaling.Offsets[c], 1e-14, $"offset {c}");
            Close.Relative(1 / (deviation * (c + 1)), scaling.Scales[c], 1e-14, $"scale {c}");
        }
    }

    [Fact]
    public void AColumnDoesNotFeelItsNeighbours()
    {
        // Whether a column falls to a vector or to what is left behind the last one, its bits are the same.
        float[] rows = [.. Enumerable.Range(0, 50).Select(i => MathF.Sin(i))];
        double[] Figures(int columns, int column)
        {
            var statistics = new ColumnStatistics(columns);
            foreach (float x in rows)
            {
                statistics.Add<float>([.. Enumerable.Repeat(x, columns)], 1 + (x * x));
            }

            ColumnScaling scaling = statistics.Standardize<float>();
            return [scaling.Offsets[column], scaling.Scales[column]];
        }

        double[] alone = Figures(1, 0);
        Assert.All(Enumerable.Range(0, 19), column => Assert.Equal(alone, Figures(19, column)));
    }

    [Fact]
    public void WhatIsNotAllowedIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColumnStatistics(0));
        var statistics = new ColumnStatistics(2);
        Assert.Contains("3 values", Assert.Throws<ArgumentException>(() => statistics.Add<double>([1, 2, 3])).Message);
        Assert.Throws<ArgumentOutOfRangeException>("weight", () => statistics.Add<double>([1, 2], -1));
        Assert.Throws<ArgumentOutOfRangeException>("weight", () => statistics.Add<double>([1, 2], double.NaN));
        statistics.Add<double>([1, 2], 0);
        Assert.Throws<InvalidOperationException>(() => statistics.Standardize<double>());
        statistics.Add<double>([1, double.PositiveInfinity]);
        Assert.Contains("Column 1", Assert.Throws<ArgumentException>(() => statistics.Standardize<double>()).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AStreamIsScaledAsItsRowsInMemory(bool weighted)
    {
        DataSet<float> data = Samples.Random<float>(1, rows: 150, inputs: 5, targets: 2, weighted: weighted);
        (ColumnScaling inputs, ColumnScaling targets) = ColumnScaling.Standardize(new SampleStream<float>(data));
        AssertEqual(ColumnScaling.StandardizeInputs(data), inputs);
        AssertEqual(ColumnScaling.StandardizeTargets(data), targets);

        static void AssertEqual(ColumnScaling expected, ColumnScaling actual)
        {
            Assert.Equal(expected.Offsets.ToArray(), actual.Offsets.ToArray());
            Assert.Equal(expected.Scales.ToArray(), actual.Scales.ToArray());
            Assert.Equal(expected.Lowest.ToArray(), actual.Lowest.ToArray());
            Assert.Equal(expected.Highest.ToArray(), actual.Highest.ToArray());
        }
    }
}
