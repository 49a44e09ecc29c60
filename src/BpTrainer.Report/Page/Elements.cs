using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Page;

/// <summary>The elements of pages.</summary>
internal static class Elements
{
    private const int Width = 400;
    private const int Height = 300;
    private const int WideWidth = 1176;
    private const int WideHeight = 360;

    /// <summary>A chart with the text that explains it.</summary>
    public static void Figure(this MarkupWriter page, IDrawing drawing, int height = Height)
    {
        page.AddMarkup("<figure>").AddMarkup(new Chart(drawing).ToElement(Width, height));
        page.Add($"<figcaption>{drawing.Description}</figcaption></figure>\n");
    }

    /// <summary>A chart over the whole width of the page, with one layout for wide and one for narrow pages.</summary>
    public static void WideFigure(this MarkupWriter page, IDrawing drawing, int? height = null)
    {
        page.AddMarkup("<figure class=\"wide\">");
        page.Both(drawing, "linear", height);
        page.Add($"<figcaption>{drawing.Description}</figcaption></figure>\n");
    }

    /// <summary>A wide chart with a switch between a linear and a logarithmic scale.</summary>
    public static void WideFigure(this MarkupWriter page, IDrawing linear, IDrawing logarithmic, string id)
    {
        page.AddMarkup("<figure class=\"wide\">");
        page.Add($"<input type=\"checkbox\" class=\"log-switch\" id=\"{id}\"/><label for=\"{id}\">Logarithmic scale</label>");
        page.Both(linear, "linear").Both(logarithmic, "logarithmic");
        page.Add($"<figcaption>{linear.Description}</figcaption></figure>\n");
    }

    /// <summary>A table of names and values.</summary>
    public static void Table(this MarkupWriter page, string caption, IEnumerable<(string Name, string Value)> rows)
    {
        page.Add($"<table><caption>{caption}</caption><tbody>");
        foreach ((string name, string value) in rows)
        {
            page.Add($"<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>");
        }

        page.AddMarkup("</tbody></table>\n");
    }

    /// <summary>A question and its answer.</summary>
    public static void Answer(this MarkupWriter page, string question, string answer, string reasons) =>
        page.Add($"<div class=\"answer\"><dt>{question}</dt><dd><strong>{answer}</strong> {reasons}</dd></div>\n");

    private static MarkupWriter Both(this MarkupWriter page, IDrawing drawing, string scale, int? height = null)
    {
        var chart = new Chart(drawing);
        return page.Add($"<div class=\"{scale}\"><div class=\"on-wide\">").AddMarkup(chart.ToElement(WideWidth, height ?? WideHeight))
            .AddMarkup("</div><div class=\"on-narrow\">").AddMarkup(chart.ToElement(Width, height ?? Height)).AddMarkup("</div></div>");
    }
}
