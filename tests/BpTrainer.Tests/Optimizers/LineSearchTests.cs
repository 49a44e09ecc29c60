using BpTrainer.Optimizers;

namespace BpTrainer.Tests.Optimizers;

/// <summary>The strong Wolfe conditions on functions of one number.</summary>
public class LineSearchTests
{
    public static TheoryData<string, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, double>();
            foreach (string function in s_functions.Keys)
            {
                foreach (double first in new[] { 1e-3, 0.1, 1, 10, 1000 })
                {
                    cases.Add(function, first);
                }
            }

            return cases;
        }
    }

    private static readonly Dictionary<string, (Func<double, double> Value, Func<double, double> Slope)> s_functions = new()
    {
        ["parabola"] = (x => (x - 3) * (x - 3), x => 2 * (x - 3)),
        ["wave"] = (x => Math.Cos(x) + (0.01 * x * x) - (0.5 * x), x => -Math.Sin(x) + (0.02 * x) - 0.5),
        ["flat quartic"] = (x => Math.Pow(x - 2, 4), x => 4 * Math.Pow(x - 2, 3)),
        ["infinite beyond 5"] = (
            x => x < 5 ? -Math.Log(x + 1) - Math.Log(5 - x) : double.PositiveInfinity,
            x => x < 5 ? (1 / (5 - x)) - (1 / (x + 1)) : double.NaN),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void WhatIsFoundMeetsBothConditions(string function, double first)
    {
        (Func<double, double> value, Func<double, double> slope) = s_functions[function];
        LinePoint start = new(0, value(0), slope(0));
        LinePoint? found = new LineSearch(step => new LinePoint(step, value(step), slope(step))).Find(start, first);
        Assert.NotNull(found);
        LinePoint point = found.Value;
        Assert.True(point.Step > 0);
        Assert.Equal(value(point.Step), point.Value);
        Assert.True(point.Value <= start.Value + (1e-4 * point.Step * start.Slope), $"{point} is not low enough.");
        Assert.True(Math.Abs(point.Slope) <= 0.9 * Math.Abs(start.Slope), $"{point} is too steep.");
    }

    [Fact]
    public void WithoutALowerPointNoneIsFound()
    {
        // The slope says down, the values say up: as rounding does where the loss is as low as it can be.
        int evaluations = 0;
        var search = new LineSearch(step =>
        {
            evaluations++;
            return new LinePoint(step, 1 + step, 1);
        });
        Assert.Null(search.Find(new LinePoint(0, 1, -1), 1));
        Assert.InRange(evaluations, 1, 25);
    }

    [Fact]
    public void ALineThatFallsForEverGivesItsLastPoint()
    {
        LinePoint? found = new LineSearch(step => new LinePoint(step, -step, -1)).Find(new LinePoint(0, 0, -1), 1);
        Assert.Equal(Math.Pow(2, 24), found!.Value.Step);
    }
}
