using System.Text;
using BpTrainer.Files;
using BpTrainer.Numbers;
using BpTrainer.Report.Drawing;

namespace BpTrainer.Report;

/// <summary>A picture of a training or of predictions, as SVG.</summary>
/// <remarks>
/// A chart needs no script, no font and no network. It is light or dark like the reader's system, and every mark shows its values in a
/// tooltip. Numbers are in the invariant culture. For a line of more than 500 values, only the first and the last value and the lowest and
/// highest values of equal stretches are drawn; for a cloud of more than 2,000 points, only every k-th point.
/// </remarks>
public sealed class Chart
{
    private const int DefaultWidth = 640;
    private const int DefaultHeight = 400;

    private readonly IDrawing _drawing;

    internal Chart(IDrawing drawing) => _drawing = drawing;

    /// <summary>The title of the chart.</summary>
    public string Title => _drawing.Title;

    /// <summary>A description of the chart in a sentence or two.</summary>
    public string Description => _drawing.Description;

    /// <summary>Returns the chart as an SVG document.</summary>
    /// <param name="width">The width in pixels, from 200 to 10,000. Default: 640.</param>
    /// <param name="height">The height in pixels, from 150 to 10,000. Default: 400.</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public string ToSvg(int width = DefaultWidth, int height = DefaultHeight)
    {
        Guard.InRange(width, 200, 10_001);
        Guard.InRange(height, 150, 10_001);
        return Write(width, height, isDocument: true);
    }

    /// <summary>Writes the SVG of <see cref="ToSvg"/> to a file, completely or not at all.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <inheritdoc cref="ToSvg"/>
    public void Save(string path, int width = DefaultWidth, int height = DefaultHeight)
    {
        string svg = ToSvg(width, height);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(svg)));
    }

    /// <summary>Returns the chart as an element of a page that already has the style.</summary>
    internal string ToElement(int width, int height) => Write(width, height, isDocument: false);

    private string Write(int width, int height, bool isDocument)
    {
        const double LineHeight = 18;
        var svg = new MarkupWriter();
        svg.AddMarkup(isDocument ? "<svg xmlns=\"http://www.w3.org/2000/svg\"" : "<svg");
        svg.Add($" class=\"chart\" role=\"img\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">");
        svg.Add($"<title>{Title}</title><desc>{Description}</desc>");
        if (isDocument)
        {
            svg.AddMarkup("<style>").AddMarkup(Resource.Text("chart.css")).AddMarkup("</style>")
                .AddMarkup("<rect class=\"ground\" width=\"100%\" height=\"100%\"/>");
        }

        double y = 0;
        foreach (string line in TextSize.Wrap(Title, width - 16, TextSize.Title))
        {
            y += LineHeight;
            svg.Add($"<text class=\"title\" x=\"8\" y=\"{y}\">{line}</text>");
        }

        _drawing.Draw(svg, width, y + 8, height);
        return svg.AddMarkup("</svg>").ToString();
    }
}
