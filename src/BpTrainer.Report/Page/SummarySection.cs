using BpTrainer.Report.Comparisons;
using BpTrainer.Report.Drawing;
using BpTrainer.Report.Histories;
using BpTrainer.Report.Predictions;

namespace BpTrainer.Report.Page;

/// <summary>The answers that a new reader looks for first.</summary>
internal static class SummarySection
{
    private const int MostTrainings = 3;

    public static void Write(MarkupWriter page, TrainerComparison? comparison, IReadOnlyList<ReportedTrainer> trainers)
    {
        page.AddMarkup("<section>\n<h2>In short</h2>\n<dl>\n");
        if (comparison is not null)
        {
            (string answer, string reasons) = ComparisonVerdict.Of(comparison);
            page.Answer("Which trainer should I take?", $"{answer}.", reasons);
        }

        bool isOne = trainers.Count == 1;
        foreach (ReportedTrainer trainer in trainers.Where(trainer => trainer.Training is not null).Take(MostTrainings))
        {
            TrainedModel training = trainer.Training!;
            string whose = isOne ? "the training" : $"the training of {trainer.Name}";
            page.Answer(
                $"Why did {whose} stop?",
                StopText.Of(training.StopReason, training.History, training.BestEpoch),
                Course(training));
            (string answer, string reasons) = TrainingVerdict.Of(training.History, training.BestEpoch);
            page.Answer(isOne ? "Did it overfit?" : $"Did {trainer.Name} overfit?", $"{answer}.", reasons);
        }

        foreach (ReportedTrainer trainer in trainers.Where(trainer => trainer.Outputs.Count == 1).Take(1))
        {
            (string answer, string reasons) = Quality(trainer.Outputs[0].Rows);
            page.Answer(isOne ? "How good is it on new rows?" : $"How good is {trainer.Name} on new rows?", answer, reasons);
        }

        page.AddMarkup("</dl>\n");
        foreach (ReportedTrainer trainer in trainers)
        {
            foreach ((_, string text) in trainer.Training?.Warnings ?? [])
            {
                page.Add($"<p class=\"warning\"><strong>Warning{(isOne ? "" : $" of {trainer.Name}")}.</strong> {text}</p>\n");
            }
        }

        page.AddMarkup("</section>\n");
    }

    private static string Course(TrainedModel training)
    {
        if (training.History.Count == 0)
        {
            return "It completed no epoch.";
        }

        int undone = training.History.Count(epoch => !epoch.IsAccepted);
        string rejected = undone == 0
            ? ""
            : $" {NumberText.Count(undone, "step")} made the loss worse and {(undone == 1 ? "was" : "were")} rejected and undone.";
        string together = training.Networks == 1
            ? ""
            : $" The model is {training.Networks} networks that predict together; this is the training of the best of them.";
        string epochs = NumberText.Count(training.History.Count, "pass", "passes");
        return $"It made {epochs} over the rows (epochs) in {NumberText.Seconds(training.History[^1].Seconds)}, and the weights of epoch " +
            $"{training.BestEpoch} were kept.{rejected}{together}";
    }

    private static (string Answer, string Reasons) Quality(ScoredRows rows)
    {
        string on = $"on {NumberText.Count(rows.Count, "test row")}";
        switch (rows)
        {
            case { Count: 0 }:
                return ("There are no test rows with a label and a score.", "");
            case RegressionRows regression:
                var metrics = TestMetrics.Of(regression).ToDictionary(metric => metric.Name, metric => metric.Value);
                double mean = regression.Actual.Average();
                double constant = regression.Actual.Average(actual => Math.Abs(actual - mean));
                string share = double.IsNaN(metrics["R²"])
                    ? ""
                    : $" It explains {NumberText.Percent(metrics["R²"])} of the variance of the labels (R²); a constant explains nothing.";
                return (
                    $"It is off by {NumberText.Of(metrics["MAE"])} on average, {on}.",
                    $"A model that always predicts their mean would be off by {NumberText.Of(constant)}.{share}");
            default:
                var classes = (ClassRows)rows;
                string usual = NumberText.Percent(TestMetrics.MostFrequent(classes));
                return (
                    $"{NumberText.Percent(classes.Accuracy)} of its predictions are correct, {on}.",
                    $"A model that always predicts the most frequent class would be correct for {usual} of them.");
        }
    }
}
