using System.Globalization;

namespace BpTrainer.Examples.Optimizers;

/// <summary>Writes the results as Markdown: a table for each set and a line for each optimizer.</summary>
internal sealed class Report(TextWriter output, Settings settings, Peers? peers)
{
    /// <summary>Writes the description and the header of a table.</summary>
    public void WriteHeading(Problem problem)
    {
        Parts parts = Parts.Of(problem, settings, 0);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{problem.Name}: network {problem.NumberColumns.Count}-{settings.HiddenUnits}-{EngineData.OutputsOf(problem)}, " +
            $"{settings.Splits} splits into {parts.Training.Length} rows to learn, {parts.Validation.Length} to judge and " +
            $"{parts.Test.Length} to test on"));
        output.WriteLine();

        string measured = $"epochs | seconds | {(problem.Task == LearningTask.Regression ? "RMSE" : "accuracy")} |";
        string head = $"| optimizer | batch | {measured}";
        string ruler = "|---|---:|---:|---:|---:|";
        if (peers is not null)
        {
            head += $" peer | {measured}";
            ruler += "---|---:|---:|---:|";
        }

        output.WriteLine(head);
        output.WriteLine(ruler);
    }

    /// <summary>Writes the line of an optimizer, with the results of its peer if there is one.</summary>
    public void WriteRow(Problem problem, Contender contender, Summary summary)
    {
        string row = $"| {contender.Name} | {contender.Batch} | {Cells(problem, contender, summary)} |";
        if (peers is not null)
        {
            row += peers.Find(problem.Name, contender) is { } peer
                ? $" {peer.Name} | {Cells(problem, contender: null, peer.Summary)} |"
                : " | | | |";
        }

        output.WriteLine(row);
    }

    private static string Cells(Problem problem, Contender? contender, Summary summary)
    {
        if (summary.Reason is { } reason)
        {
            return $"– | – | {reason}";
        }

        string format = problem.Task == LearningTask.Regression ? "F2" : "F4";
        string note = contender is { IsForSquaredErrors: true } && problem.Task != LearningTask.Regression ? " (squared error)" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{summary.Epochs:F0} | {summary.Seconds:F3} | ")
            + summary.Score.ToString(format, CultureInfo.InvariantCulture) + " ± " + summary.Spread
                .ToString(format, CultureInfo.InvariantCulture) + note;
    }
}
