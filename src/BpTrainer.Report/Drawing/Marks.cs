namespace BpTrainer.Report.Drawing;

/// <summary>The marks of a chart between its axes.</summary>
internal interface IMarks
{
    /// <summary>The entry in the legend; null for none.</summary>
    LegendEntry? Legend { get; }

    /// <summary>Draws the marks.</summary>
    void Draw(MarkupWriter svg, Frame frame);
}

/// <summary>A line of the legend.</summary>
internal sealed record LegendEntry(string Text, string Color, LegendSign Sign);

/// <summary>The sign in front of a line of the legend.</summary>
internal enum LegendSign
{
    Line,
    DashedLine,
    Point,
    Ring,
    Cross,
}

/// <summary>A value in a chart.</summary>
/// <param name="X">Its place on the horizontal axis.</param>
/// <param name="Y">Its place on the vertical axis.</param>
/// <param name="Tip">The lines of the tooltip.</param>
internal readonly record struct Mark(double X, double Y, string Tip);

/// <summary>
/// A line through values, with a mark at each value. It has a gap where a value has no place on the axes. If there are many marks, each is
/// visible only under the pointer.
/// </summary>
internal sealed record LineMarks(string? Name, string Color, IReadOnlyList<Mark> Marks, bool IsDashed = false) : IMarks
{
    private const int MostVisible = 50;

    public LegendEntry? Legend =>
        Name is null ? null : new LegendEntry(Name, Color, IsDashed ? LegendSign.DashedLine : LegendSign.Line);

    public void Draw(MarkupWriter svg, Frame frame)
    {
        svg.Add($"<path class=\"line {Color}{(IsDashed ? " dashed" : "")}\" d=\"");
        bool isOpen = false;
        foreach (Mark mark in Marks)
        {
            bool has = frame.Has(mark.X, mark.Y);
            if (has)
            {
                svg.Add($"{(isOpen ? "L" : "M")}{frame.X(mark.X)},{frame.Y(mark.Y)}");
            }

            isOpen = has;
        }

        svg.AddMarkup("\"/>");
        string isQuiet = Marks.Count > MostVisible ? " quiet" : "";
        foreach (Mark mark in Marks.Where(mark => frame.Has(mark.X, mark.Y)))
        {
            svg.Add($"<circle class=\"mark {Color}{isQuiet}\" cx=\"{frame.X(mark.X)}\" cy=\"{frame.Y(mark.Y)}\" r=\"2.5\">")
                .Add($"<title>{mark.Tip}</title></circle>");
        }
    }
}

/// <summary>How a point looks.</summary>
internal enum PointShape
{
    Dot,
    Faint,
    Ring,
    Cross,
}

/// <summary>Points.</summary>
internal sealed record PointMarks(string? Name, string Color, IReadOnlyList<Mark> Marks, PointShape Shape = PointShape.Dot) : IMarks
{
    public LegendEntry? Legend => Name is null ? null : new LegendEntry(Name, Color, Shape switch
    {
        PointShape.Ring => LegendSign.Ring,
        PointShape.Cross => LegendSign.Cross,
        _ => LegendSign.Point,
    });

    public void Draw(MarkupWriter svg, Frame frame)
    {
        foreach (Mark mark in Marks.Where(mark => frame.Has(mark.X, mark.Y)))
        {
            double x = frame.X(mark.X), y = frame.Y(mark.Y);
            switch (Shape)
            {
                case PointShape.Cross:
                    svg.Add($"<path class=\"mark cross {Color}\" d=\"M{x - 4},{y - 4}L{x + 4},{y + 4}M{x - 4},{y + 4}L{x + 4},{y - 4}\">")
                        .Add($"<title>{mark.Tip}</title></path>");
                    break;
                case PointShape.Ring:
                    svg.Add($"<circle class=\"mark ring {Color}\" cx=\"{x}\" cy=\"{y}\" r=\"6\"><title>{mark.Tip}</title></circle>");
                    break;
                case PointShape.Faint:
                    svg.Add($"<circle class=\"mark faint {Color}\" cx=\"{x}\" cy=\"{y}\" r=\"2.5\"><title>{mark.Tip}</title></circle>");
                    break;
                default:
                    svg.Add($"<circle class=\"mark {Color}\" cx=\"{x}\" cy=\"{y}\" r=\"4\"><title>{mark.Tip}</title></circle>");
                    break;
            }
        }
    }
}

/// <summary>A straight line between two points that serves as a guide only.</summary>
internal sealed record GuideLine(string? Name, double X1, double Y1, double X2, double Y2) : IMarks
{
    public LegendEntry? Legend => Name is null ? null : new LegendEntry(Name, "muted", LegendSign.DashedLine);

    public void Draw(MarkupWriter svg, Frame frame)
    {
        if (frame.Has(X1, Y1) && frame.Has(X2, Y2))
        {
            svg.Add($"<line class=\"guide\" x1=\"{frame.X(X1)}\" y1=\"{frame.Y(Y1)}\" x2=\"{frame.X(X2)}\" y2=\"{frame.Y(Y2)}\"/>");
        }
    }
}

/// <summary>A bar that starts at the horizontal axis.</summary>
internal readonly record struct Bar(double From, double To, double Height, string Tip);

/// <summary>Vertical bars that touch, as in a histogram.</summary>
internal sealed record BarMarks(string? Name, string Color, IReadOnlyList<Bar> Bars) : IMarks
{
    public LegendEntry? Legend => Name is null ? null : new LegendEntry(Name, Color, LegendSign.Point);

    public void Draw(MarkupWriter svg, Frame frame)
    {
        foreach (Bar bar in Bars)
        {
            double x = frame.X(bar.From), y = frame.Y(bar.Height);
            svg.Add($"<rect class=\"mark bar {Color}\" x=\"{x}\" y=\"{y}\" width=\"{Math.Max(frame.X(bar.To) - x - 1, 0.5)}\" ")
                .Add($"height=\"{frame.Bottom - y}\"><title>{bar.Tip}</title></rect>");
        }
    }
}

/// <summary>A value of a category, with its spread.</summary>
internal readonly record struct Interval(double Value, double Spread, int Row, string Tip);

/// <summary>Values with whiskers that show their spread, each in the row of its category.</summary>
internal sealed record IntervalMarks(string? Name, string Color, IReadOnlyList<Interval> Intervals, double? BarsFrom = null) : IMarks
{
    public LegendEntry? Legend => Name is null ? null : new LegendEntry(Name, Color, LegendSign.Point);

    public void Draw(MarkupWriter svg, Frame frame)
    {
        foreach (Interval interval in Intervals.Where(interval => frame.Has(interval.Value, interval.Row)))
        {
            double x = frame.X(interval.Value), y = frame.Y(interval.Row);
            if (BarsFrom is { } from)
            {
                double start = frame.X(from), thickness = Math.Min(16, frame.Height / ((CategoryAxis)frame.YAxis).Names.Count * 0.7);
                svg.Add($"<rect class=\"mark bar {Color}\" x=\"{Math.Min(start, x)}\" y=\"{y - (thickness / 2)}\" ")
                    .Add($"width=\"{Math.Abs(x - start)}\" height=\"{thickness}\"><title>{interval.Tip}</title></rect>");
            }

            if (frame.Has(interval.Value - interval.Spread, interval.Row) && interval.Spread > 0)
            {
                double left = frame.X(interval.Value - interval.Spread), right = frame.X(interval.Value + interval.Spread);
                svg.Add($"<path class=\"whisker\" d=\"M{left},{y}H{right}M{left},{y - 4}V{y + 4}M{right},{y - 4}V{y + 4}\"/>");
            }

            if (BarsFrom is null)
            {
                svg.Add($"<circle class=\"mark {Color}\" cx=\"{x}\" cy=\"{y}\" r=\"5\"><title>{interval.Tip}</title></circle>");
            }
        }
    }
}

/// <summary>A cell of a matrix.</summary>
/// <param name="Column">Its place on the horizontal axis of categories.</param>
/// <param name="Row">Its place on the vertical axis of categories.</param>
/// <param name="Share">How strongly it is colored, from 0 to 1.</param>
/// <param name="Text">The text in the cell.</param>
/// <param name="Tip">The text of the tooltip.</param>
internal readonly record struct Cell(int Column, int Row, double Share, string Text, string Tip);

/// <summary>A matrix of cells between two axes of categories.</summary>
internal sealed record CellMarks(IReadOnlyList<Cell> Cells) : IMarks
{
    public LegendEntry? Legend => null;

    public void Draw(MarkupWriter svg, Frame frame)
    {
        double width = frame.Width / ((CategoryAxis)frame.XAxis).Names.Count;
        double height = frame.Height / ((CategoryAxis)frame.YAxis).Names.Count;
        foreach (Cell cell in Cells)
        {
            double x = frame.X(cell.Column), y = frame.Y(cell.Row);
            svg.Add($"<rect class=\"mark cell\" x=\"{x - (width / 2)}\" y=\"{y - (height / 2)}\" width=\"{width}\" height=\"{height}\" ")
                .Add($"fill-opacity=\"{cell.Share}\"><title>{cell.Tip}</title></rect>");
            if (height >= TextSize.Normal && TextSize.Width(cell.Text) <= width)
            {
                svg.Add($"<text class=\"{(cell.Share > 0.5 ? "on" : "off")}\" x=\"{x}\" y=\"{y + 4}\">{cell.Text}</text>");
            }
        }
    }
}
