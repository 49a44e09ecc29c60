namespace BpTrainer.Report.Drawing;

/// <summary>Marks between two axes, with ticks, titles and a legend.</summary>
internal sealed record Plot(string Title, string Description, Axis X, Axis Y, IReadOnlyList<IMarks> Marks) : IDrawing
{
    private const double LineHeight = 17;
    private const double Gap = 8;

    /// <summary>The maximum room for rotated names below the chart.</summary>
    private const double MostTurned = 90;

    /// <summary>The text to show if there are no values; null if there are values.</summary>
    public string? Empty { get; init; }

    public void Draw(MarkupWriter svg, double width, double top, double height)
    {
        top = DrawLegend(svg, width, top) + Gap;

        // The title of the vertical axis is above it, because rotated text is hard to read.
        svg.Add($"<text class=\"axis\" x=\"{Gap}\" y=\"{top + 8}\">{TextSize.Shorten(Y.Title, width - (2 * Gap))}</text>");
        top += LineHeight + 3;

        bool areNames = Y is CategoryAxis;
        int rows = Math.Max(2, (int)((height - top - (X is CategoryAxis ? MostTurned : 0)) / (areNames ? LineHeight : 40)));
        IReadOnlyList<Tick> yTicks = Y.Ticks(rows);
        double room = areNames ? width * 0.36 : width * 0.3;
        double left = Gap + 6 + Math.Min(room, yTicks.Select(tick => TextSize.Width(tick.Text)).DefaultIfEmpty(0).Max());
        double right = Gap + (X is CategoryAxis ? 4 : 12);
        IReadOnlyList<Tick> xTicks = XTicks(width - left - right);
        bool isTurned = X is CategoryAxis names
            && names.Names.Any(name => TextSize.Width(name) > ((width - left - right) / names.Names.Count) - 4);
        double turnedRoom = Math.Min(MostTurned, xTicks.Select(tick => TextSize.Width(tick.Text)).DefaultIfEmpty(0).Max());
        double bottom = (isTurned ? turnedRoom + Gap : LineHeight) + LineHeight + Gap;
        var frame = new Frame(left, top, Math.Max(1, width - left - right), Math.Max(1, height - top - bottom), X, Y);

        DrawAxes(svg, frame, xTicks, yTicks, room, isTurned ? turnedRoom : null);
        double middle = frame.Left + (frame.Width / 2);
        svg.Add($"<text class=\"axis\" text-anchor=\"middle\" x=\"{middle}\" y=\"{height - Gap}\">")
            .Add($"{TextSize.Shorten(X.Title, (2 * Math.Min(middle, width - middle)) - Gap)}</text>");
        foreach (IMarks marks in Marks)
        {
            marks.Draw(svg, frame);
        }

        if (Empty is not null)
        {
            svg.Add($"<text class=\"empty\" x=\"{middle}\" y=\"{frame.Top + (frame.Height / 2)}\">{Empty}</text>");
        }
    }

    private static void DrawAxes(
        MarkupWriter svg, Frame frame, IReadOnlyList<Tick> xTicks, IReadOnlyList<Tick> yTicks, double room, double? turnedRoom)
    {
        foreach (Tick tick in yTicks)
        {
            double y = frame.Bottom - (tick.Place * frame.Height);
            if (frame.YAxis.HasGrid)
            {
                svg.Add($"<line class=\"grid\" x1=\"{frame.Left}\" y1=\"{y}\" x2=\"{frame.Right}\" y2=\"{y}\"/>");
            }

            svg.Add($"<text class=\"tick y\" text-anchor=\"end\" x=\"{frame.Left - 6}\" y=\"{y + 4}\">")
                .Add($"{TextSize.Shorten(tick.Text, room)}</text>");
        }

        foreach (Tick tick in xTicks)
        {
            double x = frame.Left + (tick.Place * frame.Width);
            if (frame.XAxis.HasGrid)
            {
                svg.Add($"<line class=\"grid\" x1=\"{x}\" y1=\"{frame.Top}\" x2=\"{x}\" y2=\"{frame.Bottom}\"/>");
            }

            if (turnedRoom is { } most)
            {
                svg.Add($"<text class=\"tick x\" text-anchor=\"end\" transform=\"translate({x + 4} {frame.Bottom + 8}) rotate(-90)\">")
                    .Add($"{TextSize.Shorten(tick.Text, most)}</text>");
            }
            else
            {
                svg.Add($"<text class=\"tick x\" text-anchor=\"middle\" x=\"{x}\" y=\"{frame.Bottom + 17}\">{tick.Text}</text>");
            }
        }

        svg.Add($"<path class=\"frame\" d=\"M{frame.Left},{frame.Top}V{frame.Bottom}H{frame.Right}\"/>");
    }

    /// <summary>As many ticks as there is room for their texts.</summary>
    private IReadOnlyList<Tick> XTicks(double width)
    {
        if (X is CategoryAxis)
        {
            return X.Ticks((int)(width / LineHeight));
        }

        for (int most = 8; most > 1; most--)
        {
            IReadOnlyList<Tick> ticks = X.Ticks(most);
            if (ticks.Zip(ticks.Skip(1)).All(Fit))
            {
                return ticks;
            }
        }

        return [];

        bool Fit((Tick One, Tick Next) pair) => (pair.Next.Place - pair.One.Place) * width
            > ((TextSize.Width(pair.One.Text) + TextSize.Width(pair.Next.Text)) / 2) + Gap;
    }

    /// <summary>Draws the legend in as many lines as it needs.</summary>
    /// <returns>The place where the legend ends, in pixels.</returns>
    private double DrawLegend(MarkupWriter svg, double width, double top)
    {
        const double Sign = 24;
        LegendEntry[] entries = [.. Marks.Select(marks => marks.Legend).OfType<LegendEntry>()];
        double x = Gap, y = top;
        for (int i = 0; i < entries.Length; i++)
        {
            string text = TextSize.Shorten(entries[i].Text, width - (2 * Gap) - Sign);
            double room = Sign + TextSize.Width(text) + 12;
            if (i > 0 && x + room > width)
            {
                x = Gap;
                y += LineHeight;
            }

            svg.Add($"<g class=\"legend\" transform=\"translate({x} {y + 6})\">");
            DrawSign(svg, entries[i]);
            svg.Add($"<text x=\"{Sign}\" y=\"4\">{text}</text></g>");
            x += room;
        }

        return entries.Length == 0 ? top : y + LineHeight;
    }

    private static void DrawSign(MarkupWriter svg, LegendEntry entry)
    {
        switch (entry.Sign)
        {
            case LegendSign.Line:
                svg.Add($"<path class=\"line {entry.Color}\" d=\"M0,0H18\"/>");
                break;
            case LegendSign.DashedLine:
                svg.Add($"<path class=\"line dashed {entry.Color}\" d=\"M0,0H18\"/>");
                break;
            case LegendSign.Ring:
                svg.Add($"<circle class=\"ring {entry.Color}\" cx=\"9\" cy=\"0\" r=\"5\"/>");
                break;
            case LegendSign.Cross:
                svg.Add($"<path class=\"cross {entry.Color}\" d=\"M5,-4L13,4M5,4L13,-4\"/>");
                break;
            default:
                svg.Add($"<circle class=\"dot {entry.Color}\" cx=\"9\" cy=\"0\" r=\"4.5\"/>");
                break;
        }
    }
}
