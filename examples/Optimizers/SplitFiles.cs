using System.Text.Json;

namespace BpTrainer.Examples.Optimizers;

/// <summary>
/// Writes the files that another library needs for the same trainings: settings.json with the settings and the sets, and for each set and
/// split a <see cref="SplitFile"/> such as iris-0.csv.
/// </summary>
internal static class SplitFiles
{
    /// <summary>How settings and results are written: names start with a lowercase letter, and no property may be missing.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Writes the files to a directory, which is created if it does not exist.</summary>
    /// <exception cref="UserError">They cannot be written.</exception>
    public static void Write(string directory, Settings settings)
    {
        try
        {
            Directory.CreateDirectory(directory);
            IReadOnlyList<Problem> problems = OptimizersCommand.Problems();
            var all = new
            {
                settings,
                sets = problems.Select(problem => new { problem.Name, task = problem.Task.ToString().ToLowerInvariant() }),
            };
            WholeFile.Write(Path.Combine(directory, "settings.json"), JsonSerializer.Serialize(all, Json) + "\n");
            foreach (Problem problem in problems)
            {
                for (int index = 0; index < settings.Splits; index++)
                {
                    Rows(problem, Parts.Of(problem, settings, index)).Write(Path.Combine(directory, $"{problem.Name}-{index}.csv"));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserError($"--export-splits: '{directory}' cannot be written: {e.Message}");
        }
    }

    private static SplitFile Rows(Problem problem, Parts parts)
    {
        var file = new SplitFile();
        Add("training", parts.Training);
        Add("validation", parts.Validation);
        Add("test", parts.Test);
        return file;

        void Add(string part, int[] rows)
        {
            foreach (int row in rows)
            {
                float target = problem.Task == LearningTask.Regression ? problem.Targets[row] : problem.Classes[row];
                file.Add(part, target, problem.Numbers[row]);
            }
        }
    }
}
