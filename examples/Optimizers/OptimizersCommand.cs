namespace BpTrainer.Examples.Optimizers;

/// <summary>Trains with every optimizer on every set and writes a table for each set.</summary>
internal static class OptimizersCommand
{
    /// <summary>The sets of the tables.</summary>
    public static IReadOnlyList<Problem> Problems() => [.. ExampleSets.OneATask(), ExampleSets.Load("digits")];

    /// <summary>Trains and reports.</summary>
    /// <param name="settings">What all trainings have in common.</param>
    /// <param name="peers">The results of other libraries; null to show only ours.</param>
    /// <param name="output">Where the tables are written.</param>
    /// <param name="error">Where the progress is written.</param>
    public static void Run(Settings settings, Peers? peers, TextWriter output, TextWriter error)
    {
        var report = new Report(output, settings, peers);
        foreach (Problem problem in Problems())
        {
            report.WriteHeading(problem);
            foreach (Contender contender in Contender.All(settings.BatchSize))
            {
                error.WriteLine($"{problem.Name}: {contender.Name}, batch {contender.Batch}");
                report.WriteRow(problem, contender, Train(problem, contender, settings));
            }

            output.WriteLine();
        }
    }

    private static Summary Train(Problem problem, Contender contender, Settings settings) =>
        contender.LeftOut(problem, settings) is { } reason
            ? new Summary([], reason)
            : new Summary([.. Enumerable.Range(0, settings.Splits).Select(index => Recipe.Train(problem, contender, settings, index))]);
}
