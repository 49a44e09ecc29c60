using BpTrainer.Report;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// The report of one set as a page: the results of the trainers over all splits, and the training and the predictions on the first split.
/// </summary>
internal static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    /// <returns>The text of an HTML file.</returns>
    public static string Of(Problem problem, IReadOnlyList<TrainerResult> results)
    {
        var report = new TrainingReport(problem.Name) { Comparison = Comparison(problem.Task, results) };
        foreach (TrainerResult result in results.Where(result => result.FirstTrial is not null))
            Add(report, result.Trainer, result.FirstTrial!);
        return report.ToHtml();
    }

    private static TrainerComparison Comparison(LearningTask task, IReadOnlyList<TrainerResult> results) => new(
        [.. Metric.For(task).Select(metric => new ComparedMetric(metric.Name, metric.HigherIsBetter))],
        [.. results.Select(result => new ComparedTrainer(result.Trainer, [.. result.Measurements.Select(one => one.Metrics)])
        {
            FitSeconds = result.Reason is null ? result.FitSeconds : null,
            Remark = result.Reason,
        })]);

    private static void Add(TrainingReport report, string name, Trial trial)
    {
        if (trial.Model is { } model)
        {
            report.Add(name, model.Transformer, model.Split.Test, new ReportOptions
            {
                TrainerOptions = model.Options,
                TrainingData = model.Split.Training,
            });
        }
        else
        {
            report.Add(name, trial.Scored);
        }
    }
}
