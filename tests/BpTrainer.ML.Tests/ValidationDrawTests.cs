using BpTrainer.ML.Training;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>A row is a validation row by its id and the seed alone.</summary>
public class ValidationDrawTests
{
    private static readonly DataViewRowId[] s_ids = [.. Enumerable.Range(0, 10_000).Select(i => new DataViewRowId((ulong)i, 0))];

    [Theory]
    [InlineData(0.15)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void TheShareOfTheRowsIsTheFraction(double fraction)
    {
        // Four standard deviations of a binomial share.
        double tolerance = 4 * Math.Sqrt(fraction * (1 - fraction) / s_ids.Length);
        Assert.InRange(
            Drawn(new ValidationDraw(fraction, seed: 1)).Length / (double)s_ids.Length, fraction - tolerance, fraction + tolerance);
    }

    [Fact]
    public void TheSeedDecidesTheRows()
    {
        Assert.Equal(Drawn(new ValidationDraw(0.2, 1)), Drawn(new ValidationDraw(0.2, 1)));
        Assert.NotEqual(Drawn(new ValidationDraw(0.2, 1)), Drawn(new ValidationDraw(0.2, 2)));
    }

    [Fact]
    public void BothHalvesOfTheIdCount()
    {
        var draw = new ValidationDraw(0.5, 1);
        Assert.InRange(s_ids.Count(id => draw.Takes(new DataViewRowId(0, id.Low))), 4700, 5300);
    }

    [Fact]
    public void HalvingKeepsOnlyRowsThatWereDrawn()
    {
        var draw = new ValidationDraw(0.4, 1);
        DataViewRowId[] all = Drawn(draw);
        draw.Halve();
        DataViewRowId[] half = Drawn(draw);
        Assert.InRange(half.Length, 0.45 * all.Length, 0.55 * all.Length);
        Assert.Empty(half.Except(all));
        draw.TakeNone();
        Assert.Empty(Drawn(draw));
        Assert.Empty(Drawn(new ValidationDraw(0, 1)));
    }

    private static DataViewRowId[] Drawn(ValidationDraw draw) => [.. s_ids.Where(draw.Takes)];
}
