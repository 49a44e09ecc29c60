using System.Text.Json;
using System.Text.Json.Nodes;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// Writes one JSON object a line for each set and trainer: set, task, trainer; metric, mean, std (the metric to judge the
/// task by); fitSeconds, rowsPerSecond; metrics (all metrics by name, each with mean and std). A trainer without numbers
/// has set, task, trainer and error. What is not a finite number, such as the std of a single split, is null.
/// </summary>
internal sealed class JsonLines : IDisposable
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StreamWriter _writer;

    private JsonLines(StreamWriter writer) => _writer = writer;

    /// <summary>Opens the file; before any training, so that a bad path is known at once.</summary>
    /// <exception cref="UserError">The file cannot be written.</exception>
    public static JsonLines Create(string file)
    {
        try
        {
            return new JsonLines(new StreamWriter(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserError($"--json: '{file}' cannot be written: {e.Message}");
        }
    }

    /// <summary>Writes the lines of one set and makes sure that they reach the file.</summary>
    public void Write(Problem problem, IEnumerable<TrainerResult> results)
    {
        foreach (TrainerResult result in results)
            _writer.Write(Line(problem, result).ToJsonString(s_plain) + "\n");
        _writer.Flush();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _writer.Dispose();

    private static JsonObject Line(Problem problem, TrainerResult result)
    {
        var line = new JsonObject
        {
            ["set"] = problem.Name,
            ["task"] = problem.Task.ToString().ToLowerInvariant(),
            ["trainer"] = result.Trainer,
        };
        if (result.Reason is not null)
        {
            line["error"] = result.Reason;
            return line;
        }

        IReadOnlyList<Metric> metrics = Metric.For(problem.Task);
        line["metric"] = metrics[0].Name;
        line["mean"] = Number(result.Mean(0));
        line["std"] = Number(result.Spread(0));
        line["fitSeconds"] = Number(result.FitSeconds);
        line["rowsPerSecond"] = Number(result.RowsPerSecond);

        var all = new JsonObject();
        for (int m = 0; m < metrics.Count; m++)
            all[metrics[m].Name] = new JsonObject { ["mean"] = Number(result.Mean(m)), ["std"] = Number(result.Spread(m)) };
        line["metrics"] = all;
        return line;
    }

    private static JsonValue? Number(double? value) => value is { } v && double.IsFinite(v) ? JsonValue.Create(v) : null;
}
