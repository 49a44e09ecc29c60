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
    private static readonly Option<int> s_splits =
        new("--splits") { Description = "How often the rows are divided anew.", DefaultValueFactory = _ => 10 };
    private static readonly Option<double> s_testFraction =
        new("--test-fraction") { Description = "The part of the rows kept for testing.", DefaultValueFactory = _ => 0.2 };
    private static readonly Option<int> s_seed =
        new("--seed") { Description = "Chooses the splits and seeds the trainers.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string?> s_trainers =
        new("--trainers") { Description = $"Some of {string.Join(",", Contender.Names)}. Without it: all.", HelpName = "A,B" };
    private static readonly Option<string?> s_json =
        new("--json") { Description = "Also write the results to this file, one JSON line a trainer.", HelpName = "FILE" };

    /// <summary>Runs the program.</summary>
    /// <returns>0, or 1 when a trainer failed, or 2 when the user made a mistake.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var command = new RootCommand("Compares back-propagation with the trainers of ML.NET on the same splits of the same data.")
        {
            s_data, s_label, s_task, s_splits, s_testFraction, s_seed, s_trainers, s_json,
        };
        foreach (Option option in ReadingArguments.All)
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
        if (data is not null && (label is null || task is null))
            throw new UserError($"--data also needs {(label is null ? "--label COLUMN" : "--task regression|binary|multiclass")}.");

        ReadingOptions reading = ReadingArguments.From(parsed);
        if (reading.PositiveClass is not null && Task(task) != LearningTask.Binary)
            throw new UserError("--positive belongs to --task binary.");

        int splits = parsed.GetValue(s_splits);
        if (splits < 1)
            throw new UserError($"--splits is {splits}; it must be at least 1.");
        double testFraction = parsed.GetValue(s_testFraction);
        if (!(testFraction > 0 && testFraction < 1))
            throw new UserError($"--test-fraction is {testFraction}; it must lie between 0 and 1.");

        return new CompareOptions(
            data,
            label,
            Task(task),
            reading,
            splits,
            testFraction,
            parsed.GetValue(s_seed),
            Trainers(parsed.GetValue(s_trainers)),
            parsed.GetValue(s_json));
    }

    private static LearningTask Task(string? name) => name?.ToLowerInvariant() switch
    {
        null or "regression" => LearningTask.Regression,
        "binary" => LearningTask.Binary,
        "multiclass" => LearningTask.Multiclass,
        _ => throw new UserError($"There is no task '{name}'; it is regression, binary or multiclass."),
    };

    private static IReadOnlyList<string> Trainers(string? list)
    {
        if (list is null)
            return Contender.Names;
        string[] wanted = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length == 0)
            throw new UserError($"--trainers names none. There are: {string.Join(", ", Contender.Names)}.");
        foreach (string name in wanted)
        {
            if (!Contender.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new UserError($"There is no trainer '{name}'. There are: {string.Join(", ", Contender.Names)}.");
        }
        return Contender.Names.Where(name => wanted.Contains(name, StringComparer.OrdinalIgnoreCase)).ToArray();
    }
}
