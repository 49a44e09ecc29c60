using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Page;

/// <summary>The page of a report: a summary in words, then the comparison, then each trainer.</summary>
internal static class ReportPage
{
    public static string Write(TrainingReport report, IReadOnlyList<ReportedTrainer> trainers)
    {
        var page = new MarkupWriter();
        WriteHead(page, report.Title);
        SummarySection.Write(page, report.Comparison, trainers);
        if (report.Comparison is { } comparison)
        {
            ComparisonSection.Write(page, comparison);
        }

        SideBySideSection.Write(page, trainers);
        foreach (ReportedTrainer trainer in trainers)
        {
            TrainerSection.Write(page, trainer);
        }

        page.AddMarkup("<div id=\"tip\" role=\"status\"></div></main>\n<script>\n//<![CDATA[\n").AddMarkup(Resource.Text("report.js"))
            .AddMarkup("//]]>\n</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    /// <summary>Writes the head. Its content security policy forbids the page to load anything.</summary>
    private static void WriteHead(MarkupWriter page, string title)
    {
        page.AddMarkup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .AddMarkup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
            .AddMarkup("<meta name=\"color-scheme\" content=\"light dark\"/>\n<meta http-equiv=\"Content-Security-Policy\" content=\"")
            .AddMarkup("default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\"/>\n");
        page.Add($"<title>{title}</title>\n").AddMarkup("<style>\n").AddMarkup(Resource.Text("chart.css"))
            .AddMarkup(Resource.Text("report.css")).AddMarkup("</style>\n</head>\n<body>\n<main>\n");
        page.Add($"<h1>{title}</h1>\n");
    }
}
