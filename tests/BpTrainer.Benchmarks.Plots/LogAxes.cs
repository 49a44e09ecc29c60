using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace BpTrainer.Benchmarks.Plots;

/// <summary>A plot with logarithmic axes: ScottPlot draws the logarithms, and the labels say the numbers.</summary>
internal static class LogAxes
{
    /// <summary>Its letters are as wide as those of Arial, so that the text keeps its shape in a browser that has only that.</summary>
    public const string Font = "Liberation Sans";

    private const double MostLabelledDecades = 2.2;

    /// <summary>An empty plot.</summary>
    public static Plot Create(string x, string y)
    {
        var plot = new Plot();
        plot.XLabel(x, size: 13);
        plot.YLabel(y, size: 13);
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.Font.Set(Font);
        plot.Axes.Bottom.TickLabelStyle.FontSize = 11;
        plot.Axes.Left.TickLabelStyle.FontSize = 11;
        plot.Grid.MajorLineColor = Colors.Black.WithOpacity(0.12);
        return plot;
    }

    /// <summary>Where numbers are drawn.</summary>
    public static Coordinates[] Places(double[] x, double[] y) =>
        [.. x.Zip(y, (a, b) => new Coordinates(Math.Log10(a), Math.Log10(b)))];

    /// <summary>Ticks at all values of x, and at 1, 2 and 5 times the powers of ten of y, or at the powers if those are many.</summary>
    public static void SetTicks(Plot plot, IEnumerable<double> x, IReadOnlyCollection<double> y)
    {
        double[] values = [.. x.Distinct().Order()];
        plot.Axes.Bottom.TickGenerator = Ticks(values);
        double margin = 0.04 * Math.Log10(values[^1] / values[0]);
        plot.Axes.SetLimitsX(Math.Log10(values[0]) - margin, Math.Log10(values[^1]) + margin);

        double[] round = [.. Enumerable.Range(-12, 24).SelectMany(power => new[] { 1, 2, 5 }.Select(digit => digit * Math.Pow(10, power)))];
        double least = round.Last(value => value < y.Min());
        double most = round.First(value => value > y.Max());
        bool areMany = Math.Log10(most / least) > MostLabelledDecades;
        plot.Axes.Left.TickGenerator = Ticks(
            [.. round.Where((value, k) => value >= least && value <= most && !(areMany && k % 3 != 0))]);
        plot.Axes.SetLimitsY(Math.Log10(least), Math.Log10(most));
    }

    /// <summary>Such as 0.02, 500, 20 k or 2 M.</summary>
    public static string Text(double number) => number switch
    {
        >= 1e6 when number % 1e6 == 0 => $"{number / 1e6} M",
        >= 1e3 when number % 1e3 == 0 => $"{number / 1e3} k",
        < 1e-4 => number.ToString("0e0", CultureInfo.InvariantCulture),
        _ => number.ToString("0.####", CultureInfo.InvariantCulture),
    };

    private static NumericManual Ticks(double[] values) => new([.. values.Select(value => Math.Log10(value))], [.. values.Select(Text)]);
}
