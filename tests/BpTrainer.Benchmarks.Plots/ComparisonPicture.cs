using ScottPlot;
using ScottPlot.TickGenerators;

namespace BpTrainer.Benchmarks.Plots;

/// <summary>Strength and speed as the chart of the README: ranks on one side, on the other how many times as fast we are.</summary>
internal static class ComparisonPicture
{
    private const int Width = 460;
    private const int Height = 430;
    private const double BarSize = 0.38;

    private static readonly Color s_ours = Color.FromHex("#1f5fa8");
    private static readonly Color s_light = Color.FromHex("#8db4dd");
    private static readonly Color s_slower = Color.FromHex("#c8501e");

    /// <summary>The text of an SVG file.</summary>
    public static string Of(IReadOnlyList<SuiteStanding> standings, IReadOnlyList<FitTime> fits, IReadOnlyList<SpeedRatio> speeds)
    {
        FitTime ours = fits.Single(fit => fit.Name == standings[0].Name);
        IEnumerable<SpeedRatio> fitRatios =
            fits.Where(fit => fit != ours).Select(fit => new SpeedRatio("fit 569 × 30", fit.Name, fit.Seconds / ours.Seconds));
        return TwoPlots.ToSvg(Ranks(standings), Speeds([.. speeds, .. fitRatios]), Width, Height);
    }

    private static Plot Ranks(IReadOnlyList<SuiteStanding> standings)
    {
        Plot plot = Create($"mean rank on {standings[0].Tables} tables that nothing was chosen on (1 is the best)");
        Bar[] Bars(Func<SuiteStanding, double> rank, double shift, Color color) =>
        [
            .. standings.Select((standing, i) => new Bar
            {
                Position = standings.Count - 1 - i + shift,
                Value = rank(standing),
                FillColor = color,
                LineWidth = 0,
                Size = BarSize,
                Orientation = Orientation.Horizontal,
            }),
        ];

        plot.Add.Bars(Bars(standing => standing.RankByError, BarSize / 2, s_ours)).LegendText = "by RMSE or error";
        plot.Add.Bars(Bars(standing => standing.RankByLogLoss, -BarSize / 2, s_light)).LegendText = "by log-loss";
        plot.ShowLegend(Edge.Top);
        SetNames(plot, [.. standings.Select(standing => standing.Name)]);
        plot.Axes.SetLimits(0, standings.Count, -0.6, standings.Count - 0.4);
        plot.Axes.Bottom.TickGenerator = new NumericManual([0, 1, 2, 3, 4], ["0", "1", "2", "3", "4"]);
        return plot;
    }

    private static Plot Speeds(SpeedRatio[] speeds)
    {
        Plot plot = Create("times as fast (below 1: slower)");
        plot.Add.Bars(speeds.Select((speed, i) => new Bar
        {
            Position = speeds.Length - 1 - i,
            Value = Math.Log10(speed.Ratio),
            FillColor = speed.Ratio >= 1 ? s_ours : s_slower,
            LineWidth = 0,
            Size = 2 * BarSize,
            Orientation = Orientation.Horizontal,
        }).ToArray());
        plot.Add.VerticalLine(0, 1, Colors.Black);
        SetNames(plot, [.. speeds.Select(speed => FormattableString.Invariant($"{speed.Work}, {speed.Peer}: {speed.Ratio:0.0#}"))]);
        double[] ticks = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
        double least = ticks.Last(tick => tick <= Math.Min(0.5, speeds.Min(speed => speed.Ratio)));
        double most = ticks.First(tick => tick >= speeds.Max(speed => speed.Ratio));
        plot.Axes.SetLimits(Math.Log10(least), Math.Log10(most), -0.7, speeds.Length - 0.3);
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. ticks.Select(Math.Log10)], [.. ticks.Select(LogAxes.Text)]);
        return plot;
    }

    private static Plot Create(string x)
    {
        Plot plot = LogAxes.Create(x, "");
        plot.Axes.Bottom.Label.FontSize = 12;
        return plot;
    }

    private static void SetNames(Plot plot, string[] names) => plot.Axes.Left.TickGenerator =
        new NumericManual([.. names.Select((_, i) => (double)(names.Length - 1 - i))], names);
}
