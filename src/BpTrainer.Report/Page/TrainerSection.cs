using BpTrainer.Report.Drawing;
using BpTrainer.Report.Histories;
using BpTrainer.Report.Networks;
using BpTrainer.Report.Predictions;

namespace BpTrainer.Report.Page;

/// <summary>The section of one trainer: its training, its predictions, its network and the facts.</summary>
internal static class TrainerSection
{
    /// <summary>The maximum number of outputs of a vector that get charts.</summary>
    private const int MostOutputs = 6;

    /// <summary>The maximum number of classes for which the confusion matrix fits beside other charts.</summary>
    private const int MostNarrowClasses = 8;

    public static void Write(MarkupWriter page, ReportedTrainer trainer)
    {
        page.Add($"<section>\n<h2>{trainer.Name}</h2>\n");
        if (trainer.Training is { } training)
        {
            WriteTraining(page, training, trainer.Options.TestLosses);
        }

        WritePredictions(page, trainer);
        if (trainer.Training is not null)
        {
            page.AddMarkup("<h3>The network</h3>\n<div class=\"charts\">\n");
            page.WideFigure(new NetworkDrawing(trainer.Training.Network, trainer.FeatureNames));
            page.AddMarkup("</div>\n");
        }

        WriteFacts(page, trainer);
        page.AddMarkup("</section>\n");
    }

    private static void WriteTraining(MarkupWriter page, TrainedModel training, IReadOnlyList<double>? testLosses)
    {
        TrainingHistory history = training.History;
        page.AddMarkup("<h3>The training</h3>\n<div class=\"charts\">\n");
        Plot losses = LossPlot.Of(history, training.BestEpoch, testLosses, isLogScale: false);
        if (LossPlot.HasLogScale(history))
        {
            page.WideFigure(losses, LossPlot.Of(history, training.BestEpoch, testLosses, isLogScale: true), page.NewId("log"));
        }
        else
        {
            page.WideFigure(losses);
        }

        var plot = new EpochPlot(history, training.BestEpoch, testLosses);
        page.Figure(plot.OneLine(
            "Learning rate", "How far each step goes; it may follow a schedule or be adapted.", "Learning rate",
            epoch => epoch.LearningRate));
        if (history.Any(epoch => epoch.GradientNorm is not null))
        {
            page.Figure(plot.OneLine(
                "Gradient norm", "How steep the loss still is: near 0, there is little left to learn.", "Norm of the gradient",
                epoch => epoch.GradientNorm, isLogScale: true));
        }

        if (history.Any(epoch => epoch.ValidationChecks is not null))
        {
            page.Figure(plot.OneLine(
                "Epochs without a new low", "Early stopping counts the epochs without a new low of the validation loss.",
                "Validation checks", epoch => epoch.ValidationChecks));
        }

        page.Figure(plot.OneLine(
            "Time", "Seconds from the start of the training to the end of each epoch.", "Seconds since the start", epoch => epoch.Seconds));
        page.AddMarkup("</div>\n");
    }

    private static void WritePredictions(MarkupWriter page, ReportedTrainer trainer)
    {
        if (trainer.Outputs.Count == 0)
        {
            return;
        }

        page.AddMarkup("<h3>Predictions of test rows</h3>\n");
        foreach ((string output, ScoredRows rows) in trainer.Outputs)
        {
            var metrics = TestMetrics.Of(rows).Select(metric => (metric.Name, NumberText.Of(metric.Value)));
            page.Table(output.Length == 0 ? "Metrics" : $"Metrics of {output}", metrics);
        }

        page.AddMarkup("<div class=\"charts\">\n");
        foreach ((string output, ScoredRows rows) in trainer.Outputs.Take(MostOutputs))
        {
            WriteCharts(page, trainer, output, rows);
        }

        if (trainer.Importances is var (importances, metric))
        {
            page.Figure(ImportancePlot.Of(importances, metric), ImportancePlot.Height(importances.Count));
        }

        page.AddMarkup("</div>\n");
        if (trainer.NoImportances is { } reason)
        {
            page.Add($"<p class=\"note\">The importances of the features were not measured: {reason}</p>\n");
        }

        if (trainer.Outputs.Count > MostOutputs)
        {
            page.Add($"<p class=\"note\">Charts are shown for the first {MostOutputs} of {trainer.Outputs.Count} outputs.</p>\n");
        }
    }

    private static void WriteCharts(MarkupWriter page, ReportedTrainer trainer, string output, ScoredRows rows)
    {
        if (rows is RegressionRows regression)
        {
            string? unit = trainer.Options.LabelUnit;
            if (regression.Feature is { } feature)
            {
                page.Figure(RegressionPlots.Fit(regression, feature, trainer.FeatureNames[0], unit));
            }

            page.Figure(RegressionPlots.PredictedAgainstActual(regression, unit, output));
            page.Figure(RegressionPlots.Residuals(regression, unit, output));
            page.Figure(RegressionPlots.ErrorHistogram(regression, unit, output));
            return;
        }

        var classes = (ClassRows)rows;
        IReadOnlyList<(string? Name, RankingCurve Curve)> curves = ClassPlots.Curves(classes);
        if (classes.Classes.Count > MostNarrowClasses)
        {
            page.WideFigure(ClassPlots.Confusion(classes, output), height: 560);
        }
        else
        {
            page.Figure(ClassPlots.Confusion(classes, output));
        }

        page.Figure(ClassPlots.Roc(curves, output), ClassPlots.Height(curves.Count));
        page.Figure(ClassPlots.PrecisionRecall(curves, output), ClassPlots.Height(curves.Count));
        if (classes.AreProbabilities)
        {
            page.Figure(ClassPlots.Reliability([(null, classes.Reliability())], ClassPlots.ProbabilityTitle(classes), output));
        }
    }

    private static void WriteFacts(MarkupWriter page, ReportedTrainer trainer)
    {
        page.AddMarkup("<h3>Facts</h3>\n<div class=\"facts\">\n");
        if (trainer.Training is { } training)
        {
            page.Table("Training", Of(training));
            if (training.HiddenSizeTrials is { } trials)
            {
                page.Table("Trials of hidden units", trials.Trials.Select(trial => (
                    NumberText.Count(trial.Units, "unit") + (trial == trials.Choice ? ", chosen" : ""),
                    $"validation loss {NumberText.Of(trial.ValidationLoss)} in {NumberText.Count(trial.Epochs, "epoch")}")));
            }

            if (training.GrowthStages.Count > 0)
            {
                page.Table("The hidden layer grew", training.GrowthStages.Select(stage => (
                    NumberText.Count(stage.Units, "unit"),
                    $"loss {NumberText.Of(stage.ValidationLoss ?? stage.TrainingLoss)} in {NumberText.Count(stage.Epochs, "epoch")}")));
            }
        }

        if (trainer.Options.TrainingData is { } data)
        {
            page.Table("Training data", Facts.Of(data, trainer.Options.LabelColumnName));
        }

        if (trainer.Outputs is [(_, var rows), ..])
        {
            page.Table("Test data", Facts.Of(rows));
        }

        page.AddMarkup("</div>\n");
        if (trainer.Options.TrainerOptions is { } options)
        {
            page.AddMarkup("<details><summary>Options of the trainer</summary><div class=\"scroll\"><table><tbody>");
            foreach ((string name, string value, bool isChanged) in Facts.Of(options))
            {
                page.Add($"<tr><th scope=\"row\">{name}</th><td>{value}{(isChanged ? " (changed)" : "")}</td></tr>");
            }

            page.AddMarkup("</tbody></table></div></details>\n");
        }
    }

    private static IEnumerable<(string, string)> Of(TrainedModel training)
    {
        TrainingHistory history = training.History;
        yield return ("Stopped by", $"{training.StopReason}");
        yield return ("Epochs", NumberText.Count(history.Count));
        yield return ("Best epoch", NumberText.Count(training.BestEpoch));
        if (training.BestEpoch > 0 && training.BestEpoch <= history.Count)
        {
            EpochRecord best = history[training.BestEpoch - 1];
            yield return ("Training loss there", NumberText.Of(best.TrainingLoss));
            yield return ("Validation loss there", best.ValidationLoss is { } loss ? NumberText.Of(loss) : "none");
        }

        if (history.Count > 0)
        {
            yield return ("Time", NumberText.Seconds(history[^1].Seconds));
        }

        yield return ("Networks that predict", NumberText.Count(training.Networks));
        yield return ("Parameters of each", NumberText.Count(training.Network.ParameterCount));
    }
}
