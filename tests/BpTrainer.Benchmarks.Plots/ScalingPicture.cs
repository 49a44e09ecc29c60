using ScottPlot;

namespace BpTrainer.Benchmarks.Plots;

/// <summary>Time and memory along an axis, one beside the other, with the laws that they follow where the points show one.</summary>
internal sealed class ScalingPicture
{
    private const int Width = 460;
    private const int Height = 400;
    private const double Megabyte = 1e6;

    /// <summary>How far points may be off a law, as a share of y and of how far they are off their mean, for it to be drawn.</summary>
    private const double MostResidual = 0.1;
    private const double MostOfSpread = 0.25;

    private static readonly Color[] s_colors = [Color.FromHex("#1f5fa8"), Color.FromHex("#c8501e"), Color.FromHex("#3a7d34")];
    private readonly Func<ScalingPoint, double> _secondsOf;
    private readonly Plot _time;
    private readonly Plot _memory;
    private readonly List<string> _laws = [];

    /// <summary>Draws the points of an axis; those with other threads are another series, unless the axis is that of threads.</summary>
    /// <param name="points">The points.</param>
    /// <param name="isProcessorTime">Draws the time of all processors instead of that of the clock.</param>
    public ScalingPicture(ScalingPoint[] points, bool isProcessorTime)
    {
        _secondsOf = isProcessorTime ? point => point.CpuSecondsPerEpoch : point => point.SecondsPerEpoch;
        _time = LogAxes.Create(points[0].Title, $"{(isProcessorTime ? "processor time" : "time")} of an epoch (s)");
        _memory = LogAxes.Create(points[0].Title, "peak memory of the process (MB)");
        bool isThreads = points[0].Axis == "threads";
        ScalingPoint[][] series =
        [
            .. points.GroupBy(point => isThreads ? 0 : point.MostThreads).OrderBy(group => group.Key)
                .Select(group => group.OrderBy(point => point.Value).ToArray()),
        ];
        for (int k = 0; k < series.Length; k++)
        {
            int threads = series[k][0].MostThreads;
            Add(series[k], isThreads ? "measured" : threads == 1 ? "1 thread" : $"{threads} threads", s_colors[k % s_colors.Length]);
        }

        double[] x = [.. points.Select(point => point.Value)];
        LogAxes.SetTicks(_time, x, [.. points.Select(_secondsOf)]);
        LogAxes.SetTicks(_memory, x, [.. points.Select(point => point.PeakBytes / Megabyte)]);
    }

    /// <summary>The laws in words.</summary>
    public IReadOnlyList<string> Laws => _laws;

    /// <summary>Both pictures in one file.</summary>
    public string ToSvg()
    {
        _time.ShowLegend(Edge.Top);
        _memory.ShowLegend(Edge.Top);
        return TwoPlots.ToSvg(_time, _memory, Width, Height);
    }

    private static void AddPoints(Plot plot, double[] x, double[] y, string name, Color color) =>
        plot.Add.Markers(LogAxes.Places(x, y), MarkerShape.FilledCircle, 7, color).LegendText = name;

    private void Add(ScalingPoint[] points, string name, Color color)
    {
        double[] x = [.. points.Select(point => point.Value)];
        double[] seconds = [.. points.Select(_secondsOf)];
        double[] megabytes = [.. points.Select(point => point.PeakBytes / Megabyte)];
        AddPoints(_time, x, seconds, name, color);
        AddPoints(_memory, x, megabytes, name, color);
        if (x.Length < PowerLaw.LeastPoints)
        {
            return;
        }

        PowerLaw time = PowerLaw.Fit(x, seconds);
        AddLaw(_time, x, seconds, time.At, time.Residual, $"{time}", $"time, {name}", color);
        OffsetLaw memory = OffsetLaw.Fit(x, megabytes);
        AddLaw(_memory, x, megabytes, memory.At, memory.Residual, $"{memory}", $"memory, {name}", color);
    }

    private void AddLaw(
        Plot plot, double[] x, double[] y, Func<double, double> law, double residual, string text, string what, Color color)
    {
        double mean = y.Average();
        double spread = Math.Sqrt(y.Average(value => Math.Pow((value / mean) - 1, 2)));
        bool isLaw = residual <= Math.Min(MostResidual, MostOfSpread * spread);
        _laws.Add(FormattableString.Invariant($"{what}: {(isLaw ? "" : "no law, not even ")}{text} ({100 * residual:0.0} % off)"));
        if (isLaw)
        {
            const int Steps = 60;
            double[] sizes = [.. Enumerable.Range(0, Steps + 1).Select(i => x[0] * Math.Pow(x[^1] / x[0], (double)i / Steps))];
            plot.Add.ScatterLine(LogAxes.Places(sizes, [.. sizes.Select(law)]), color).LegendText = text;
        }
    }
}
