namespace BpTrainer.Examples.Compare;

/// <summary>The program once its options are known: for each set a comparison, a table, and JSON lines if wanted.</summary>
internal static class CompareCommand
{
    /// <summary>Compares and reports.</summary>
    /// <returns>0, or 1 when a trainer failed.</returns>
    public static int Run(CompareOptions options, TextWriter output, TextWriter error)
    {
        // Whatever is wrong with the data or a path shows before the first minute of training.
        Comparison[] comparisons = options.Problems().Select(problem => new Comparison(problem, options)).ToArray();
        JsonLines? json = options.Json is null ? null : JsonLines.Create(options.Json);

        var report = new Report(output);
        bool anyFailed = false;
        foreach (Comparison comparison in comparisons)
        {
            report.WriteHeading(comparison.Problem, options);
            IReadOnlyList<TrainerResult> results = Progress.Show(error, comparison.Problem.Name, comparison.Steps, comparison.Run);
            report.WriteTable(comparison.Problem.Task, results);
            json?.Write(comparison.Problem, results);
            anyFailed |= results.Any(result => result.Failed);
        }
        return anyFailed ? 1 : 0;
    }
}
