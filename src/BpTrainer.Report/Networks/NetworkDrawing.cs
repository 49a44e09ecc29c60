using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Networks;

/// <summary>
/// A network as circles in columns, with the inputs on the left: at most ten units of each layer, and between them the weights. The larger
/// a weight is in comparison with the others of its layer, the wider its line.
/// </summary>
internal sealed class NetworkDrawing : IDrawing
{
    private const int MostUnits = 10;
    private const double WidestWeight = 3;

    private readonly Network<float> _network;
    private readonly IReadOnlyList<string>? _inputNames;
    private readonly Column[] _columns;

    public NetworkDrawing(Network<float> network, IReadOnlyList<string>? inputNames)
    {
        _network = network;
        _inputNames = inputNames?.Count == network.Inputs ? inputNames : null;
        _columns =
        [
            new Column(network.Inputs, $"{NumberText.Count(network.Inputs, "input")}", network.InputScaling is null ? "" : "scaled"),
            .. network.Layers.Select((layer, k) => new Column(
                layer.Outputs,
                k == network.Layers.Count - 1 ? NumberText.Count(layer.Outputs, "output") : NumberText.Count(layer.Outputs, "unit"),
                $"{layer.Activation}")),
        ];
    }

    public string Title => "Layers and weights";

    public string Description
    {
        get
        {
            string layers = string.Join(", then ", _columns.Skip(1).Select(column => $"{column.Text} ({column.Function})"));
            int codes = _network.Layers[0].Inputs - _network.Inputs;
            string encoded = codes == 0
                ? ""
                : $" The first layer also reads {NumberText.Count(codes, "code")} of the inputs, not drawn here.";
            return $"{_columns[0].Text}, then {layers}; {NumberText.Count(_network.ParameterCount, "parameter")} in total.{encoded}";
        }
    }

    public void Draw(MarkupWriter svg, double width, double top, double height)
    {
        DrawSigns(svg, top);
        top += 24;
        double bottom = height - 42;
        double left = _inputNames is null ? 40 : Math.Min(width * 0.28, Math.Max(40, 24 + _inputNames.Max(name => TextSize.Width(name))));
        double step = (width - left - 44) / (_columns.Length - 1);
        Place[][] places = [.. _columns.Select((column, c) => column.Places(left + (c * step), top, bottom))];

        for (int layer = 0; layer < _network.Layers.Count; layer++)
        {
            DrawWeights(svg, _network.Layers[layer], places[layer], places[layer + 1]);
        }

        for (int c = 0; c < _columns.Length; c++)
        {
            DrawColumn(svg, c, places[c], height, step);
        }
    }

    private static void DrawSigns(MarkupWriter svg, double top)
    {
        svg.Add($"<g class=\"legend\" transform=\"translate(8 {top + 6})\">")
            .AddMarkup("<path class=\"line c1\" d=\"M0,0H18\"/><text x=\"24\" y=\"4\">weight above 0</text>")
            .AddMarkup("<path class=\"line c2\" d=\"M122,0H140\"/><text x=\"146\" y=\"4\">below 0</text></g>");
    }

    private static void DrawWeights(MarkupWriter svg, Layer<float> layer, Place[] from, Place[] to)
    {
        (Place Input, Place Output, float Weight)[] weights =
        [
            .. from input in @from
               from output in to
               select (input, output, layer.GetWeight(input.Unit, output.Unit)),
        ];
        double largest = weights.Select(weight => Math.Abs((double)weight.Weight)).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        foreach ((Place input, Place output, float weight) in weights)
        {
            double share = largest > 0 && float.IsFinite(weight) ? Math.Abs(weight) / largest : 0;
            svg.Add($"<line class=\"mark weight {(weight < 0 ? "c2" : "c1")}\" x1=\"{input.X}\" y1=\"{input.Y}\" ")
                .Add($"x2=\"{output.X}\" y2=\"{output.Y}\" ")
                .Add($"stroke-width=\"{0.3 + (share * WidestWeight)}\" stroke-opacity=\"{0.15 + (share * 0.75)}\">")
                .Add($"<title>weight {NumberText.Of(weight)}\nfrom unit {input.Unit + 1} to unit {output.Unit + 1}</title></line>");
        }
    }

    private void DrawColumn(MarkupWriter svg, int c, Place[] places, double height, double step)
    {
        Column column = _columns[c];
        double radius = Math.Min(9, (height - 100) / MostUnits / 2.4);
        foreach (Place place in places)
        {
            string name = c == 0 && _inputNames is not null ? _inputNames[place.Unit] : "";
            string tip = c == 0
                ? $"input {place.Unit + 1}{(name.Length > 0 ? $": {name}" : "")}"
                : $"unit {place.Unit + 1}\nbias {NumberText.Of(_network.Layers[c - 1].GetBias(place.Unit))}";
            svg.Add($"<circle class=\"mark unit\" cx=\"{place.X}\" cy=\"{place.Y}\" r=\"{radius}\"><title>{tip}</title></circle>");
            if (name.Length > 0)
            {
                svg.Add($"<text text-anchor=\"end\" x=\"{place.X - radius - 5}\" y=\"{place.Y + 4}\">")
                    .Add($"{TextSize.Shorten(name, place.X - radius - 8)}</text>");
            }
        }

        double x = places[0].X;
        if (column.Units > MostUnits)
        {
            svg.Add($"<text class=\"name\" x=\"{x}\" y=\"{((places[4].Y + places[5].Y) / 2) + 4}\">⋮</text>");
        }

        double room = Math.Min(step, 2 * x) - 4;
        svg.Add($"<text class=\"name\" x=\"{x}\" y=\"{height - 22}\">{TextSize.Shorten(column.Text, room)}</text>")
            .Add($"<text class=\"name tick\" x=\"{x}\" y=\"{height - 7}\">{TextSize.Shorten(column.Function, room)}</text>");
    }

    private readonly record struct Place(int Unit, double X, double Y);

    private sealed record Column(int Units, string Text, string Function)
    {
        /// <summary>The units that are drawn: all, or the first and the last five around a gap.</summary>
        public Place[] Places(double x, double top, double bottom)
        {
            int[] units = Units <= MostUnits
                ? [.. Enumerable.Range(0, Units)]
                : [.. Enumerable.Range(0, MostUnits / 2), .. Enumerable.Range(Units - (MostUnits / 2), MostUnits / 2)];
            int rows = Units <= MostUnits ? Units : MostUnits + 1;
            double distance = (bottom - top) / (MostUnits + 1);
            double first = ((top + bottom) / 2) - ((rows - 1) * distance / 2);
            return
            [
                .. units.Select((unit, i) =>
                    new Place(unit, x, first + ((i >= MostUnits / 2 && Units > MostUnits ? i + 1 : i) * distance))),
            ];
        }
    }
}
