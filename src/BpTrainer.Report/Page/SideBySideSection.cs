using BpTrainer.Report.Drawing;
using BpTrainer.Report.Histories;
using BpTrainer.Report.Predictions;

namespace BpTrainer.Report.Page;

/// <summary>The trainers of a report in the same charts, if there are several.</summary>
internal static class SideBySideSection
{
    public static void Write(MarkupWriter page, IReadOnlyList<ReportedTrainer> trainers)
    {
        ReportedTrainer[] trained = [.. trainers.Where(trainer => trainer.Training is { History.Count: > 0 })];
        (string Name, ScoredRows Rows)[] scored =
            [.. trainers.Where(trainer => trainer.Outputs.Count == 1).Select(trainer => (trainer.Name, trainer.Outputs[0].Rows))];
        (string Name, ClassRows Rows)[] binary =
            [.. scored.Where(one => one.Rows is ClassRows { IsBinary: true }).Select(one => (one.Name, (ClassRows)one.Rows))];
        if (trained.Length < 2 && scored.Length < 2)
        {
            return;
        }

        page.AddMarkup("<section>\n<h2>Side by side</h2>\n");
        if (scored.Length > 1)
        {
            WriteMetrics(page, scored);
        }

        page.AddMarkup("<div class=\"charts\">\n");
        if (trained.Length > 1)
        {
            page.WideFigure(Losses(trained, isLogScale: false), Losses(trained, isLogScale: true), page.NewId("log"));
        }

        if (binary.Length > 1)
        {
            (string? Name, RankingCurve Curve)[] curves = [.. binary.Select(one => ((string?)one.Name, one.Rows.Curve(1)))];
            page.Figure(ClassPlots.Roc(curves), ClassPlots.Height(curves.Length));
            page.Figure(ClassPlots.PrecisionRecall(curves), ClassPlots.Height(curves.Length));
        }

        (string Name, ClassRows Rows)[] calibrated =
        [
            .. scored.Where(one => one.Rows is ClassRows { AreProbabilities: true }).Select(one => (one.Name, (ClassRows)one.Rows)),
        ];
        if (calibrated.Length > 1)
        {
            page.Figure(
                ClassPlots.Reliability(
                    calibrated.Select(one => ((string?)one.Name, one.Rows.Reliability())), ClassPlots.ProbabilityTitle(calibrated[0].Rows)),
                ClassPlots.Height(calibrated.Length));
        }

        page.AddMarkup("</div>\n</section>\n");
    }

    /// <summary>The loss by which each training chose its best epoch.</summary>
    private static Plot Losses(ReportedTrainer[] trained, bool isLogScale)
    {
        var lines = trained.Select((trainer, i) =>
        {
            TrainedModel training = trainer.Training!;
            var plot = new EpochPlot(training.History, training.BestEpoch);
            double[] values = plot.Values(epoch => epoch.ValidationLoss ?? epoch.TrainingLoss);
            return plot.Line(trainer.Name, Palette.Of(i), values, Palette.IsDashed(i), trainer.Name);
        }).ToArray();
        const string Title = "Mean loss per row";
        double[] losses = [.. lines.SelectMany(line => line.Marks.Select(mark => mark.Y))];
        return new Plot(
            "Validation loss by epoch",
            "The validation loss of each training; the training loss where no rows were held out. Compare only losses of the same kind.",
            LinearAxis.Epochs(trained.Max(trainer => trainer.Training!.History.Count)),
            (isLogScale ? LogAxis.For($"{Title}, logarithmic", losses) : null) as Axis ?? LinearAxis.For(Title, losses),
            lines);
    }

    private static void WriteMetrics(MarkupWriter page, (string Name, ScoredRows Rows)[] scored)
    {
        string[] names = [.. scored.SelectMany(one => TestMetrics.Of(one.Rows).Select(metric => metric.Name)).Distinct()];
        page.AddMarkup("<div class=\"scroll\"><table class=\"numbers\"><caption>On the test rows</caption>")
            .AddMarkup("<thead><tr><th scope=\"col\">Trainer</th>");
        foreach (string name in names)
        {
            page.Add($"<th scope=\"col\">{name}</th>");
        }

        page.AddMarkup("</tr></thead><tbody>");
        foreach ((string trainer, ScoredRows rows) in scored)
        {
            var metrics = TestMetrics.Of(rows).ToDictionary(metric => metric.Name, metric => metric.Value);
            page.Add($"<tr><th scope=\"row\">{trainer}</th>");
            foreach (string name in names)
            {
                page.Add($"<td>{(metrics.TryGetValue(name, out double value) ? NumberText.Of(value) : "")}</td>");
            }

            page.AddMarkup("</tr>");
        }

        page.AddMarkup("</tbody></table></div>\n");
    }
}
