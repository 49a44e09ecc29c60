using System.Text;
using System.Text.Json;

namespace BpTrainer.Examples.Optimizers;

/// <summary>
/// Writes what another library needs to do the same work: settings.json with the settings and the sets, and for each set and
/// split a file such as iris-0.csv, whose columns are row, from 0, and part: training, validation or test.
/// </summary>
internal static class SplitFiles
{
    /// <summary>How settings and results are written: names with a small first letter, nothing may be missing.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Writes the files into a directory, which is made if there is none.</summary>
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
            WriteFile("settings.json", JsonSerializer.Serialize(all, Json) + "\n");
            foreach (Problem problem in problems)
            {
                for (int index = 0; index < settings.Splits; index++)
                {
                    WriteFile($"{problem.Name}-{index}.csv", Csv(Parts.Of(problem, settings, index)));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserError($"--export-splits: '{directory}' cannot be written: {e.Message}");
        }

        void WriteFile(string name, string text) => WholeFile.Write(Path.Combine(directory, name), text);
    }

    private static string Csv(Parts parts)
    {
        var text = new StringBuilder("row,part\n");
        Append("training", parts.Training);
        Append("validation", parts.Validation);
        Append("test", parts.Test);
        return text.ToString();

        void Append(string part, int[] rows)
        {
            foreach (int row in rows)
            {
                text.Append(row).Append(',').Append(part).Append('\n');
            }
        }
    }
}
