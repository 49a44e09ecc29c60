using System.Globalization;
using System.Text;

namespace BpTrainer.Examples.Playground;

/// <summary>Writes the sets and the surfaces as one HTML page, which is well-formed XML too and loads nothing.</summary>
internal static class Page
{
    /// <summary>Writes the page.</summary>
    /// <param name="sets">The sets, each with its trainings.</param>
    public static string Of(IEnumerable<(PointSet Set, IReadOnlyList<SurfaceRun> Runs)> sets)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
            .Append("<meta name=\"color-scheme\" content=\"light dark\"/>\n<meta http-equiv=\"Content-Security-Policy\" ")
            .Append("content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n<title>Decision surfaces</title>\n<style>\n")
            .Append(Style.Of("chart.css")).Append(Style.Of("report.css")).Append(Style.Of("playground.css"))
            .Append("</style>\n</head>\n<body>\n<main>\n<h1>Decision surfaces</h1>\n<p>The predictions of a 2-16-16-1 network for the ")
            .Append("plane after some epochs, trained from the same weights by momentum (rate 0.1, momentum 0.9), with a constant ")
            .Append("rate and with one that adapts itself to the loss. Every epoch is one update with all points. ")
            .Append("A stronger color means a more certain prediction; x₁ runs to the right and x₂ upwards, from −1.2 to 1.2.</p>\n");
        foreach ((PointSet set, IReadOnlyList<SurfaceRun> runs) in sets)
        {
            Append(page, set, runs);
        }

        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder page, PointSet set, IReadOnlyList<SurfaceRun> runs)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section>\n<h2>{set.Name}</h2>\n<p>{set.Description}</p>\n<div class=\"surfaces\">\n");
        for (int i = 0; i < SurfaceRun.Epochs.Count; i++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<div class=\"pair\"><h3>Epoch {SurfaceRun.Epochs[i]}</h3>\n");
            foreach (SurfaceRun run in runs)
            {
                Append(page, set, run, run.Surfaces[i]);
            }

            page.Append("</div>\n");
        }

        page.Append("</div>\n</section>\n");
    }

    private static void Append(StringBuilder page, PointSet set, SurfaceRun run, Surface surface)
    {
        // After an epoch that was undone, the network is that of the last epoch that was not undone.
        EpochRecord last = run.History.Take(surface.Epoch.Epoch).LastOrDefault(epoch => epoch.IsAccepted) ?? surface.Epoch;
        int rejected = run.History.Take(surface.Epoch.Epoch).Count(epoch => !epoch.IsAccepted);
        string steps = rejected > 0 ? $", {rejected} steps undone" : "";
        string facts = string.Create(
            CultureInfo.InvariantCulture,
            $"loss {last.TrainingLoss:G3}, {surface.Accuracy * 100:F0} % right, rate {surface.Epoch.LearningRate:G3}{steps}");
        page.Append("<figure>")
            .Append(CultureInfo.InvariantCulture, $"<svg class=\"surface\" viewBox=\"0 0 {Surface.Cells} {Surface.Cells}\" role=\"img\" ")
            .Append(CultureInfo.InvariantCulture, $"aria-label=\"{set.Name}, {run.Optimizer}, epoch {surface.Epoch.Epoch}: {facts}\" ")
            .Append("shape-rendering=\"crispEdges\">\n");
        SurfaceDrawing.Append(page, set, surface);
        page.Append("</svg>\n")
            .Append(CultureInfo.InvariantCulture, $"<figcaption>{run.Optimizer}: {facts}</figcaption></figure>\n");
    }
}
