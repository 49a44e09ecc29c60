using BpTrainer.Report.Comparisons;
using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Page;

/// <summary>The trainers of a comparison, in a table and in one chart for each metric.</summary>
internal static class ComparisonSection
{
    public static void Write(MarkupWriter page, TrainerComparison comparison)
    {
        page.AddMarkup("<section>\n<h2>Comparison of trainers</h2>\n");
        page.Add($"<p>Mean ± standard deviation over {NumberText.Count(comparison.Splits, "split")}. The best mean is in bold.</p>\n");
        WriteTable(page, comparison);
        page.AddMarkup("<div class=\"charts\">\n");
        for (int metric = 0; metric < comparison.Metrics.Count; metric++)
        {
            page.Figure(ComparisonPlot.Of(comparison, metric), ComparisonPlot.Height(comparison));
        }

        page.AddMarkup("</div>\n</section>\n");
    }

    private static void WriteTable(MarkupWriter page, TrainerComparison comparison)
    {
        bool hasTimes = comparison.Trainers.Any(trainer => trainer.FitSeconds is not null);
        page.AddMarkup("<div class=\"scroll\"><table class=\"numbers\"><thead><tr><th scope=\"col\">Trainer</th>");
        foreach (ComparedMetric metric in comparison.Metrics)
        {
            page.Add($"<th scope=\"col\">{metric.Name} {(metric.HigherIsBetter ? "↑" : "↓")}</th>");
        }

        page.AddMarkup(hasTimes ? "<th scope=\"col\">Fit</th></tr></thead><tbody>" : "</tr></thead><tbody>");
        IReadOnlyList<ComparedTrainer> ranked = comparison.Ranked(0);
        foreach (ComparedTrainer trainer in ranked.Concat(comparison.Trainers.Except(ranked)))
        {
            page.Add($"<tr><th scope=\"row\">{trainer.Name}</th>");
            if (trainer.Remark is not null)
            {
                page.Add($"<td colspan=\"{comparison.Metrics.Count}\">{trainer.Remark}</td>");
            }

            for (int metric = 0; trainer.Remark is null && metric < comparison.Metrics.Count; metric++)
            {
                bool isBest = comparison.Ranked(metric).FirstOrDefault() == trainer;
                page.Add($"<td class=\"{(isBest ? "best" : "")}\">{ComparisonVerdict.MeanAndSpread(trainer, metric)}</td>");
            }

            if (hasTimes)
            {
                page.Add($"<td>{(trainer.FitSeconds is { } seconds ? NumberText.Seconds(seconds) : "")}</td>");
            }

            page.AddMarkup("</tr>");
        }

        page.AddMarkup("</tbody></table></div>\n");
    }
}
