using System.Globalization;
using System.Xml.Linq;

namespace BpTrainer.Report.Tests.Drawing;

/// <summary>What a test reads from the SVG of a chart, without knowing how it was drawn.</summary>
internal sealed class SvgChart
{
    private readonly XElement _root;

    public SvgChart(Chart chart, int width = 640, int height = 400)
        : this(XDocument.Parse(chart.ToSvg(width, height)).Root!)
    {
    }

    private SvgChart(XElement root) => _root = root;

    /// <summary>The marks of a class with their middles and tooltips.</summary>
    public IReadOnlyList<(double X, double Y, string Tip)> Marks(params string[] classes) =>
    [
        .. _root.Descendants().Where(e => Classes(e).Contains("mark") && classes.All(Classes(e).Contains)).Select(e =>
        {
            (double x, double y) = Middle(e);
            return (x, y, Child(e, "title").Value);
        }),
    ];

    /// <summary>The texts of a class.</summary>
    public IReadOnlyList<string> Texts(string cssClass) =>
        [.. _root.Descendants().Where(e => e.Name.LocalName == "text" && Classes(e).Contains(cssClass)).Select(e => e.Value)];

    /// <summary>The texts of the legend.</summary>
    public IReadOnlyList<string> Legend =>
    [
        .. _root.Descendants().Where(e => Classes(e).Contains("legend")).Elements().Where(e => e.Name.LocalName == "text")
            .Select(e => e.Value),
    ];

    /// <summary>The path of a line.</summary>
    public string Path(string color) => _root.Elements()
        .Single(e => e.Name.LocalName == "path" && Classes(e).Contains("line") && Classes(e).Contains(color)).Attribute("d")!.Value;

    /// <summary>Where a value should be on an axis, from the places of the first and the last tick.</summary>
    public double PlaceOn(char axis, double value, bool isLog = false)
    {
        (double Place, double Value)[] ticks =
        [
            .. _root.Descendants().Where(e => Classes(e).Contains("tick") && Classes(e).Contains(axis.ToString())).Select(e =>
                (axis == 'x' ? Number(e, "x") : Number(e, "y") - 4, Parse(e.Value))),
        ];
        Assert.True(ticks.Length >= 2, $"{ticks.Length} ticks");
        (double Place, double Value) first = ticks[0], last = ticks[^1];
        Func<double, double> scale = isLog ? Math.Log10 : v => v;
        return first.Place + ((scale(value) - scale(first.Value)) / (scale(last.Value) - scale(first.Value)) * (last.Place - first.Place));
    }

    /// <summary>The number that a text in the chart says.</summary>
    public static double Parse(string text) =>
        double.Parse(text.Replace('−', '-').Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static (double X, double Y) Middle(XElement e)
    {
        switch (e.Name.LocalName)
        {
            case "circle":
                return (Number(e, "cx"), Number(e, "cy"));
            case "rect":
                return (Number(e, "x") + (Number(e, "width") / 2), Number(e, "y") + (Number(e, "height") / 2));
            case "line":
                return ((Number(e, "x1") + Number(e, "x2")) / 2, (Number(e, "y1") + Number(e, "y2")) / 2);
            default:
                // A cross: M left,top L right,bottom …
                double[] numbers = [.. e.Attribute("d")!.Value.Split(['M', 'L', ','], StringSplitOptions.RemoveEmptyEntries)
                    .Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
                return ((numbers[0] + numbers[2]) / 2, (numbers[1] + numbers[3]) / 2);
        }
    }

    private static double Number(XElement e, string name) => double.Parse(e.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static string[] Classes(XElement e) => e.Attribute("class")?.Value.Split(' ') ?? [];

    private static XElement Child(XElement e, string name) => e.Elements().Single(child => child.Name.LocalName == name);
}
