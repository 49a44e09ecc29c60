using System.CommandLine;

namespace BpTrainer.Examples.Compare;

/// <summary>The options of the program.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> s_data = new("--data")
    {
        Description = "A CSV file with a header. Without it: the iris, breast cancer and diabetes sets.",
        HelpName = "FILE",
    };
    private static readonly Option<string?> s_label = new("--label") { Description = "The column to predict.", HelpName = "COLUMN" };
    private static readonly Option<string?> s_task =
        new("--task") { Description = "How the column is predicted.", HelpName = "regression|binary|multiclass" };
    private static readonly Option<bool> s_suite = new("--suite")
    {
        Description = "Compare on every table of the repository, with all presets and scikit-learn's networks, and summarize.",
    };
    private static readonly Option<string?> s_tables =
        new("--tables") { Description = "Some tables of the suite, such as iris,credit. Without it: all.", HelpName = "A,B" };
    private static readonly Option<int?> s_splits =
        new("--splits") { Description = "The number of splits of the rows. Without it: 10, in the suite 5." };
    private static readonly Option<double> s_testFraction =
        new("--test-fraction") { Description = "The fraction of the rows that is kept for testing.", DefaultValueFactory = _ => 0.2 };
    private static readonly Option<int> s_seed =
        new("--seed") { Description = "Chooses the splits and seeds the trainers.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string?> s_trainers =
        new("--trainers")
        {
            Description =
                $"Some of {string.Join(",", Contender.Names)}. Without it: {string.Join(",", Contender.Standard)}, in the suite all. " +
                "BackPropagation also with its own options: BackPropagation:momentum=0.9:adaptive=true.",
            HelpName = "A,B",
        };
    private static readonly Option<string?> s_json =
        new("--json") { Description = "Also write the results to this file, one JSON line per trainer.", HelpName = "FILE" };
    private static readonly Option<string?> s_report = new("--report")
    {
        Description = "Also write charts of the training and the predictions, and a recommended trainer, to this HTML file.",
        HelpName = "FILE",
    };

    /// <summary>Runs the program.</summary>
    /// <returns>0, or 1 when a trainer failed, or 2 when the user made a mistake.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var command = new RootCommand("Compares back-propagation with the trainers of ML.NET on the same splits of the same data.")
        {
            s_data, s_label, s_task, s_suite, s_tables, s_splits, s_testFraction, s_seed, s_trainers, s_json, s_report,
        };
        foreach (Option option in SettingArguments.All.Concat(ReadingArguments.All))
            command.Add(option);
        command.SetAction(parsed => CompareCommand.Run(Options(parsed), output, error));
        return UserCommand.Run(command, arguments, output, error);
    }

    private static CompareOptions Options(ParseResult parsed)
    {
        string? data = parsed.GetValue(s_data);
        string? label = parsed.GetValue(s_label);
        string? task = parsed.GetValue(s_task);
        foreach (Option option in ReadingArguments.All.Concat([s_label, s_task]))
        {
            if (data is null && parsed.GetResult(option) is not null)
                throw new UserError($"{option.Name} belongs to --data FILE, which is missing.");
        }
        bool suite = parsed.GetValue(s_suite);
        if (suite && data is not null)
            throw new UserError("--suite has its own tables; it cannot be combined with --data.");
        if (!suite && parsed.GetResult(s_tables) is not null)
            throw new UserError("--tables belongs to --suite, which is missing.");
        if (data is not null && (label is null || task is null))
            throw new UserError($"--data also needs {(label is null ? "--label COLUMN" : "--task regression|binary|multiclass")}.");

        ReadingOptions reading = ReadingArguments.From(parsed);
        if (reading.PositiveClass is not null && Task(task) != LearningTask.Binary)
            throw new UserError("--positive belongs to --task binary.");

        int splits = parsed.GetValue(s_splits) ?? (suite ? 5 : 10);
        if (splits < 1)
            throw new UserError($"--splits is {splits}; it must be at least 1.");
        double testFraction = parsed.GetValue(s_testFraction);
        if (!(testFraction > 0 && testFraction < 1))
            throw new UserError($"--test-fraction is {testFraction}; it must lie between 0 and 1.");

        IReadOnlyList<ExampleSet>? sets = suite ? Sets(parsed) : null;
        string? report = parsed.GetValue(s_report);
        if (report is not null && data is null && sets is not [_])
            throw new UserError("--report is about one set: add --data FILE, or --suite --tables and one table.");

        return new CompareOptions(
            data,
            label,
            Task(task),
            reading,
            splits,
            testFraction,
            parsed.GetValue(s_seed),
            Trainers(parsed, suite),
            parsed.GetValue(s_json),
            report,
            sets);
    }

    private static IReadOnlyList<TrainerChoice> Trainers(ParseResult parsed, bool suite)
    {
        TrainerSettings common = SettingArguments.From(parsed);
        return parsed.GetValue(s_trainers) is { } list
            ? TrainerChoice.ParseAll(list, common)
            : TrainerChoice.Of(suite ? Contender.Names : Contender.Standard, common);
    }

    private static LearningTask Task(string? name) => name?.ToLowerInvariant() switch
    {
        null or "regression" => LearningTask.Regression,
        "binary" => LearningTask.Binary,
        "multiclass" => LearningTask.Multiclass,
        _ => throw new UserError($"There is no task '{name}'; it must be regression, binary or multiclass."),
    };

    private static IReadOnlyList<ExampleSet> Sets(ParseResult parsed)
    {
        if (parsed.GetValue(s_tables) is not { } list)
            return ExampleSets.All;
        string all = string.Join(", ", ExampleSets.All.Select(set => set.Name));
        string[] wanted = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length == 0)
            throw new UserError($"--tables names none. There are: {all}.");
        foreach (string name in wanted)
        {
            if (!ExampleSets.All.Any(set => set.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                throw new UserError($"There is no table '{name}'. There are: {all}.");
        }
        return [.. ExampleSets.All.Where(set => wanted.Contains(set.Name, StringComparer.OrdinalIgnoreCase))];
    }
}
