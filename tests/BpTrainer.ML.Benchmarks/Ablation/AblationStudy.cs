using BpTrainer.Examples.Compare;

namespace BpTrainer.Benchmarks;

/// <summary>
/// Trains LightGBM and variants of our options on the same splits of many tables, and prints what each change of an option changes.
/// </summary>
internal static class AblationStudy
{
    private const string Reference = "LightGbm";
    private const double TestFraction = 0.2;
    private const int Seed = 1;

    /// <summary>Trains, and prints a row for each variant; the differences are those to the first one.</summary>
    /// <exception cref="UserError">A trainer failed.</exception>
    public static void Print(
        IReadOnlyList<ExampleSet> tables, int splits, IReadOnlyList<Variant> variants, JsonLines? json, TextWriter output, TextWriter error)
    {
        var options = new CompareOptions(
            Data: null, Label: null, LearningTask.Regression, new ReadingOptions(), splits, TestFraction, Seed,
            [new TrainerChoice(Reference)], Json: null);
        AblationRow[] rows = [new(Reference), .. variants.Select(variant => new AblationRow(variant.Name))];
        foreach (ExampleSet table in tables)
        {
            Problem problem = table.Load();
            Contender[] contenders = [MLNetContender.For(table.Task, Reference), .. variants.Select(variant => variant.For(table.Task))];
            var comparison = new Comparison(problem, options, contenders);
            IReadOnlyList<TrainerResult> results = Progress.Show(error, comparison);
            if (results.FirstOrDefault(result => result.Reason is not null) is { } broken)
            {
                throw new UserError($"{table.Name}: {broken.Trainer} {broken.Reason}.");
            }

            json?.Write(problem, results);
            int testRows = Split.Of(problem, TestFraction, Seed, index: 0).Test.Length;
            foreach ((AblationRow row, TrainerResult result) in rows.Zip(results))
            {
                row.Add(problem, testRows, result, reference: results[0]);
            }
        }

        output.WriteLine(AblationRow.Header);
        foreach (AblationRow row in rows)
        {
            output.WriteLine(row.ToMarkdown(@base: rows[1]));
        }
    }
}
