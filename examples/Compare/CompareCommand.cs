namespace BpTrainer.Examples.Compare;

/// <summary>
/// Runs the program with parsed options. Writes a table for each set, and JSON lines or a report if requested; after the suite, also the
/// standings.
/// </summary>
internal static class CompareCommand
{
    /// <summary>Compares and reports.</summary>
    /// <returns>0, or 1 when a trainer failed.</returns>
    public static int Run(CompareOptions options, TextWriter output, TextWriter error)
    {
        using var scikitLearn = new ScikitLearn();

        // Errors in the data or a path are found before any training starts.
        Comparison[] comparisons =
        [
            .. options.Problems().Select(
                problem => new Comparison(problem, options, Contender.For(problem.Task, options.Trainers, scikitLearn)))
        ];
        JsonLines? json = JsonLines.Create(options.Json);
        OutputFile? report = OutputFile.Create("--report", options.Report);

        var tables = new Tables(output);
        List<IReadOnlyList<TrainerResult>> all = [];
        foreach (Comparison comparison in comparisons)
        {
            tables.WriteHeading(comparison.Problem, options);
            IReadOnlyList<TrainerResult> results = Progress.Show(error, comparison);
            tables.WriteTable(comparison.Problem.Task, results);
            json?.Write(comparison.Problem, results);
            report?.Write(HtmlReport.Of(comparison.Problem, results));
            all.Add(results);
        }

        if (options.Suite is { } sets)
        {
            Standings[] standings =
                [.. Standings.Of([.. sets.Zip(all, (set, results) => new SetResults(set.Task, set.UsedForChoosing, results))])];
            foreach (Standings one in standings)
                tables.WriteStandings(one);
            json?.Write(standings);
        }
        return all.Any(results => results.Any(result => result.Failed)) ? 1 : 0;
    }
}
