using System.Globalization;
using System.Text;

namespace BpTrainer.Examples.Playground;

/// <summary>Draws a surface and the points on it, as the content of an SVG whose units are the cells.</summary>
internal static class SurfaceDrawing
{
    private const int Shades = 4;

    /// <summary>Appends the cells and the points.</summary>
    /// <param name="svg">What is written.</param>
    /// <param name="set">The points.</param>
    /// <param name="surface">What the network thinks of the cells.</param>
    public static void Append(StringBuilder svg, PointSet set, Surface surface)
    {
        AppendCells(svg, surface.Probabilities);
        for (int point = 0; point < set.Count; point++)
        {
            double x = Place(set.Inputs[2 * point]), y = Place(-set.Inputs[(2 * point) + 1]);
            string @class = set.Targets[point] > 0.5f ? "two" : "one";
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"{@class}\" cx=\"{x:F2}\" cy=\"{y:F2}\" r=\"0.6\"/>");
        }
    }

    // Neighboring cells of a row that have the same shade are one rectangle.
    private static void AppendCells(StringBuilder svg, float[] probabilities)
    {
        for (int row = 0; row < Surface.Cells; row++)
        {
            for (int start = 0, end; start < Surface.Cells; start = end)
            {
                string shade = Shade(probabilities[(row * Surface.Cells) + start]);
                end = start + 1;
                while (end < Surface.Cells && Shade(probabilities[(row * Surface.Cells) + end]) == shade)
                {
                    end++;
                }

                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<rect class=\"{shade}\" x=\"{start}\" y=\"{row}\" width=\"{end - start}\" height=\"1\"/>");
            }
        }
    }

    private static string Shade(float probability)
    {
        int strength = 1 + Math.Min((int)(Math.Abs(probability - 0.5f) * 2 * Shades), Shades - 1);
        return $"{(probability > 0.5f ? "two" : "one")} p{strength}";
    }

    private static double Place(float coordinate) => (coordinate + Surface.Reach) / (2 * Surface.Reach) * Surface.Cells;
}
