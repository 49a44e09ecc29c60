namespace BpTrainer.Tests.Encodings;

/// <summary>The edges and codes of a piecewise linear encoding.</summary>
public class PiecewiseLinearEncodingTests
{
    [Theory]
    [InlineData(-5.0, new[] { 1.0, 0, 0, 0 })]
    [InlineData(0.0, new[] { 1.0, 0, 0, 0 })]
    [InlineData(0.25, new[] { 0.75, 0.25, 0, 0 })]
    [InlineData(1.0, new[] { 0.0, 1, 0, 0 })]
    [InlineData(1.5, new[] { 0, 0.75, 0.25, 0 })]
    [InlineData(3.0, new[] { 0.0, 0, 1, 0 })]
    [InlineData(9.0, new[] { 0, 0, 0.25, 0.75 })]
    [InlineData(11.0, new[] { 0.0, 0, 0, 1 })]
    [InlineData(1e30, new[] { 0.0, 0, 0, 1 })]
    public void ACodeFallsFromItsEdgeToThoseBesideIt(double x, double[] shares)
    {
        double[] codes = new PiecewiseLinearEncoding([[0, 1, 3, 11]]).Encode(0, x);
        Assert.Equal(shares.Length, codes.Length);
        for (int t = 0; t < shares.Length; t++)
        {
            Close.Absolute(PiecewiseLinearEncoding.Height * shares[t], codes[t], 1e-15, $"code {t}");
        }
    }

    [Fact]
    public void EdgesAreQuantilesOfTheColumn()
    {
        double[] column = [.. Enumerable.Range(0, 101).Select(i => (double)(i * i))];
        new Random(1).Shuffle(column);
        PiecewiseLinearEncoding encoding = Quantiles(column, bins: 4);
        Assert.Equal([0, 625, 2500, 5625, 10000], encoding.EdgesOf(0).ToArray());
        Assert.Equal(5, encoding.Codes);
    }

    [Fact]
    public void TreesPutEdgesWhereTheTargetChanges()
    {
        // Steps at 0.3, by 1, and at 0.8, by 5; the larger one comes first.
        double[] column = [.. Enumerable.Range(0, 1000).Select(i => i / 1000.0)];
        double[] target = [.. column.Select(x => (x < 0.3 ? 0 : 1) + (x < 0.8 ? 0 : 5.0))];
        var data = new DataSet<double>(column, 1, target, 1);
        Assert.Equal([0, 0.7995, 0.999], Rounded(PiecewiseLinearEncoding.FromTrees(data, bins: 2)));
        Assert.Equal([0, 0.2995, 0.7995, 0.999], Rounded(PiecewiseLinearEncoding.FromTrees(data, bins: 32)));

        static double[] Rounded(PiecewiseLinearEncoding encoding) => [.. encoding.EdgesOf(0).ToArray().Select(x => Math.Round(x, 6))];
    }

    [Fact]
    public void LeavesKeepTenRowsAndTargetsCountAlike()
    {
        // The first target is a thousand times as large; both have one step.
        double[] column = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
        double[] targets = [.. column.SelectMany(x => new[] { x < 50 ? 0.0 : 1000, x < 20 ? 0 : 1 })];
        var data = new DataSet<double>(column, 1, targets, 2);
        Assert.Equal([0, 19.5, 49.5, 99], PiecewiseLinearEncoding.FromTrees(data, bins: 3).EdgesOf(0).ToArray());

        double[] spike = [.. column.Select(x => x < 95 ? 0.0 : 1)];
        double[] edges = PiecewiseLinearEncoding.FromTrees(new DataSet<double>(column, 1, spike, 1), bins: 2).EdgesOf(0).ToArray();
        Assert.Equal([0, 89.5, 99], edges);
    }

    [Fact]
    public void ManyRowsAreSampledAlike()
    {
        var random = new Random(3);
        double[] column = [.. Enumerable.Range(0, 60_000).Select(_ => random.NextDouble())];
        double[] edges = Quantiles(column, bins: 10).EdgesOf(0).ToArray();
        Assert.Equal(11, edges.Length);
        for (int t = 0; t <= 10; t++)
        {
            Close.Absolute(t / 10.0, edges[t], 0.015);
        }

        Assert.Equal(edges, Quantiles(column, bins: 10).EdgesOf(0).ToArray());
    }

    [Fact]
    public void EqualQuantilesMakeOneEdge()
    {
        double[] column = [.. Enumerable.Repeat(0.0, 60), .. Enumerable.Range(1, 40).Select(i => (double)i)];
        double[] edges = Quantiles(column, bins: 10).EdgesOf(0).ToArray();
        Assert.Equal(0, edges[0]);
        Assert.Equal(40, edges[^1]);
        Assert.Equal(edges.Distinct(), edges);
        Assert.Equal(6, edges.Length);
    }

    [Theory]
    [InlineData(new[] { 5.0 })]
    [InlineData(new[] { 0.0, 1, 1, 0, 1 })]
    [InlineData(new[] { -2.0, 7, 7, -2 })]
    public void AColumnOfOneOrTwoValuesHasNoCodes(double[] column) => Assert.Equal(0, Quantiles(column, bins: 8).Codes);

    [Theory]
    [InlineData(1)]
    [InlineData(1025)]
    [InlineData(-3)]
    public void TheNumberOfBinsHasARange(int bins)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Quantiles([1, 2, 3], bins));
        Assert.Contains("from 2 to 1024", error.Message);
        Assert.Contains($"{bins}", error.Message);
    }

    [Theory]
    [InlineData("1 edges", 3.0)]
    [InlineData("Edge 1 of column 0 is 1", 1.0, 1.0)]
    [InlineData("Edge 2 of column 0 is 0", 1.0, 2.0, 0.0)]
    [InlineData("Edge 0 of column 0 is NaN", double.NaN, 2.0)]
    [InlineData("Edge 1 of column 0 is", 1.0, double.PositiveInfinity)]
    public void EdgesMustRise(string message, params double[] edges) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new PiecewiseLinearEncoding([edges])).Message);

    private static PiecewiseLinearEncoding Quantiles(double[] column, int bins) =>
        PiecewiseLinearEncoding.FromQuantiles(new DataSet<double>(column, 1, column, 1), bins);
}
