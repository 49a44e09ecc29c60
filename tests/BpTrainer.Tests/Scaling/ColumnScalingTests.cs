namespace BpTrainer.Tests.Scaling;

/// <summary>y = (x − offset) · scale, with figures taken from data.</summary>
public class ColumnScalingTests
{
    [Fact]
    public void StandardisingTakesOffTheMeanAndDividesByTheDeviation()
    {
        // Column 0: 1, 2, 6, mean 3, variance (4 + 1 + 9)/3. Column 1: 10, 10, 40, mean 20, variance 200.
        ColumnScaling scaling = ColumnScaling.Standardize<double>([1, 10, 2, 10, 6, 40], 2);
        AssertScaling(scaling, offsets: [3, 20], scales: [1 / Math.Sqrt(14.0 / 3), 1 / Math.Sqrt(200)]);
    }

    [Fact]
    public void WeightedRowsAreRepeatedRows()
    {
        ColumnScaling weighted = ColumnScaling.Standardize<double>([1, 2, 6, -9], 1, [2, 1, 3, 0]);
        ColumnScaling repeated = ColumnScaling.Standardize<double>([1, 1, 2, 6, 6, 6], 1);
        AssertScaling(weighted, repeated.Offsets.ToArray(), repeated.Scales.ToArray());
    }

    [Fact]
    public void AColumnFarFromZeroKeepsItsDeviation()
    {
        // A sum of squares in double would lose it: 1e9² = 1e18 has a spacing of 128.
        ColumnScaling scaling = ColumnScaling.Standardize<double>([1e9 - 500, 1e9 + 500], 1);
        AssertScaling(scaling, offsets: [1e9], scales: [1 / 500.0]);
    }

    [Fact]
    public void AColumnFarFromZeroWithASmallDeviationIsNotConstant()
    {
        // Seconds since 1970 within two minutes: double tells them apart easily.
        ColumnScaling scaling = ColumnScaling.Standardize<double>([1.7e9 - 60, 1.7e9 + 60], 1);
        AssertScaling(scaling, offsets: [1.7e9], scales: [1 / 60.0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(-1e12)]
    public void AConstantColumnBecomes0(double value)
    {
        ColumnScaling scaling = ColumnScaling.Standardize<double>([value, value, value, value, value, value, value], 1);
        AssertScaling(scaling, offsets: [value], scales: [1]);
    }

    [Fact]
    public void AConstantColumnOfFloatsBecomes0()
    {
        ColumnScaling scaling = ColumnScaling.Standardize<float>([0.1f, 0.1f, 0.1f], 1, [0.3f, 0.7f, 1.1f]);
        AssertScaling(scaling, offsets: [0.1f], scales: [1]);
    }

    [Fact]
    public void MinMaxMapsToTheRangeAskedFor()
    {
        // 2 … 6 to −1 … 1: offset 4, scale ½. To 0 … 1: offset 2, scale ¼.
        AssertScaling(ColumnScaling.MinMax<double>([2, 3, 6], 1), offsets: [4], scales: [0.5]);
        AssertScaling(ColumnScaling.MinMax<double>([2, 3, 6], 1, 0, 1), offsets: [2], scales: [0.25]);
    }

    [Fact]
    public void MinMaxMapsAConstantColumnToTheLowEnd()
    {
        // (5 − 6)·1 = −1
        AssertScaling(ColumnScaling.MinMax<double>([5, 5], 1), offsets: [6], scales: [1]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ValuesAreFinite(double value)
    {
        Assert.Throws<ArgumentException>(() => ColumnScaling.Standardize([1, value, 2], 1));
        Assert.Throws<ArgumentException>(() => ColumnScaling.MinMax([1, value, 2], 1));
    }

    [Fact]
    public void ValuesMakeFullRows()
    {
        Assert.Throws<ArgumentException>(() => ColumnScaling.Standardize<double>([1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => ColumnScaling.MinMax<double>([], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ColumnScaling.MinMax<double>([1], 0));
    }

    [Fact]
    public void RowWeightsFitTheRows()
    {
        Assert.ThrowsAny<ArgumentException>(() => ColumnScaling.Standardize<double>([1, 2, 3], 1, [1, 1]));
        Assert.ThrowsAny<ArgumentException>(() => ColumnScaling.Standardize<double>([1, 2, 3], 1, [1, 1, 1, 1]));
        Assert.ThrowsAny<ArgumentException>(() => ColumnScaling.Standardize<double>([1, 2, 3], 1, [0, 0, 0]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 0)]
    [InlineData(double.NaN, 1)]
    public void ARangeIsNotEmpty(double low, double high) =>
        Assert.Throws<ArgumentException>(() => ColumnScaling.MinMax<double>([1, 2], 1, low, high));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    public void FiguresAreFiniteAndNoScaleIs0(double offset, double scale)
    {
        var error = Assert.Throws<ArgumentException>(() => new ColumnScaling([0, offset], [1, scale]));
        Assert.Contains("Column 1", error.Message);
    }

    [Fact]
    public void ThereAreAsManyOffsetsAsScales() => Assert.Throws<ArgumentException>(() => new ColumnScaling([1, 2], [1]));

    private static void AssertScaling(ColumnScaling scaling, double[] offsets, double[] scales)
    {
        Assert.Equal(offsets.Length, scaling.Columns);
        for (int c = 0; c < offsets.Length; c++)
        {
            Close.Relative(offsets[c], scaling.Offsets[c], 1e-14, $"offset {c}");
            Close.Relative(scales[c], scaling.Scales[c], 1e-13, $"scale {c}");
        }
    }
}
