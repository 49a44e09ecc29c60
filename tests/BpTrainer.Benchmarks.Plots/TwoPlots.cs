using System.Text;
using ScottPlot;
using SkiaSharp;

namespace BpTrainer.Benchmarks.Plots;

/// <summary>Writes two plots beside each other into one file.</summary>
internal static class TwoPlots
{
    /// <summary>The text of an SVG file.</summary>
    /// <param name="left">The plot on the left.</param>
    /// <param name="right">The plot on the right.</param>
    /// <param name="width">The width of each.</param>
    /// <param name="height">The height of each.</param>
    public static string ToSvg(Plot left, Plot right, int width, int height)
    {
        // The first time a plot is drawn twice, when its legend has got its place, and a file of shapes keeps both.
        left.RenderInMemory(width, height);
        right.RenderInMemory(width, height);
        using var stream = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create(2 * width, height), stream))
        {
            // Clearing for the second would paint over the first.
            right.RenderManager.ClearCanvasBeforeEachRender = false;
            left.Render(canvas, new PixelRect(0, width, height, 0));
            right.Render(canvas, new PixelRect(width, 2 * width, height, 0));
        }

        return Encoding.UTF8.GetString(stream.ToArray()).Replace($"\"{LogAxes.Font}\"", $"\"{LogAxes.Font}, Arial, sans-serif\"");
    }
}
