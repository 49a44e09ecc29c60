using System.Globalization;
using System.Text;

namespace BpTrainer.Examples.Playground;

/// <summary>The surfaces of one training side by side, as one SVG file.</summary>
internal static class Strip
{
    private const int Side = 210;
    private const int Gap = 10;
    private const int Caption = 24;

    /// <summary>Draws a training.</summary>
    /// <param name="set">The points that it learned.</param>
    /// <param name="run">The training.</param>
    /// <returns>The text of an SVG file.</returns>
    public static string Of(PointSet set, SurfaceRun run)
    {
        int width = Gap + (run.Surfaces.Count * (Side + Gap)), height = Gap + Side + Caption;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" ")
            .Append(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{set.Name}: what the network thinks of the plane</title>\n<style>\n")
            .Append(Style.Of("chart.css")).Append(Style.Of("playground.css"))
            .Append("</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n");
        for (int i = 0; i < run.Surfaces.Count; i++)
        {
            Surface surface = run.Surfaces[i];
            int left = Gap + (i * (Side + Gap));
            double scale = Side / (double)Surface.Cells;
            svg.Append(CultureInfo.InvariantCulture, $"<g class=\"surface\" transform=\"translate({left} {Gap}) scale({scale})\" ")
                .Append("shape-rendering=\"crispEdges\">");
            SurfaceDrawing.Append(svg, set, surface);
            svg.Append(CultureInfo.InvariantCulture, $"</g>\n<text x=\"{left}\" y=\"{Gap + Side + 16}\">epoch {surface.Epoch.Epoch:N0}: ")
                .Append(CultureInfo.InvariantCulture, $"{surface.Accuracy * 100:F0} % right</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }
}
