using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// Writes one JSON object per line for each set and trainer. Its properties are: set, task, trainer; settings (the user's settings by name,
/// only for our trainers); metric, mean, std (the main metric of the task); fitSeconds, rowsPerSecond; metrics (all metrics by name, each
/// with mean and std); ranks (by metric); for classes reliability (ten bins over all splits, each with count, predicted, which is the mean
/// probability, and observed, which is the share that came true). A trainer without results has set, task, trainer, settings and error.
/// After the suite, one object follows for each summary and trainer: sets (which ones), criterion, trainer, count, rank, rankBesidePeers,
/// fitSeconds, calibrationError, against (opponents by name, each with won, lost and lostFar). A value that is not a finite number, such as
/// the std of a single split, is null.
/// </summary>
internal sealed class JsonLines
{
    private static readonly JsonSerializerOptions s_plain =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _lines = new();
    private readonly OutputFile _file;

    private JsonLines(OutputFile file) => _file = file;

    /// <summary>
    /// Checks that the file can be written. This happens before any training, so that a bad path is reported at once. An existing file is
    /// not changed.
    /// </summary>
    /// <returns>The lines; null if there is no file.</returns>
    /// <exception cref="UserError">The file cannot be written.</exception>
    public static JsonLines? Create(string? file) => OutputFile.Create("--json", file) is { } output ? new JsonLines(output) : null;

    /// <summary>Adds the lines of one set after those of the earlier sets and replaces the old file.</summary>
    /// <exception cref="UserError">The file cannot be written any more.</exception>
    public void Write(Problem problem, IReadOnlyList<TrainerResult> results) =>
        Append(results.Select(result => Line(problem, result, results)));

    /// <summary>Adds the lines of the summaries after those of the sets.</summary>
    /// <exception cref="UserError">The file cannot be written any more.</exception>
    public void Write(IEnumerable<Standings> standings) =>
        Append(standings.SelectMany(one => one.Trainers.Select(trainer => Line(one, trainer))));

    private void Append(IEnumerable<JsonObject> lines)
    {
        foreach (JsonObject line in lines)
            _lines.Append(line.ToJsonString(s_plain)).Append('\n');
        _file.Write(_lines.ToString());
    }

    private static JsonObject Line(Problem problem, TrainerResult result, IReadOnlyList<TrainerResult> results)
    {
        var line = new JsonObject
        {
            ["set"] = problem.Name,
            ["task"] = problem.Task.ToString().ToLowerInvariant(),
            ["trainer"] = result.Trainer,
        };
        if (result.Settings.Given.Any())
        {
            var texts = result.Settings.Given.Select(
                setting => KeyValuePair.Create(setting.Name, (JsonNode?)result.Settings.Text(setting)));
            line["settings"] = new JsonObject(texts);
        }
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
        var ranks = new JsonObject();
        for (int m = 0; m < metrics.Count; m++)
        {
            all[metrics[m].Name] = new JsonObject { ["mean"] = Number(result.Mean(m)), ["std"] = Number(result.Spread(m)) };
            var ranking = new Ranking(problem.Task, metrics[m], results);
            ranks[metrics[m].Name] = ranking.RankOf(result.Trainer, ranking.Trainers);
        }
        line["metrics"] = all;
        line["ranks"] = ranks;
        if (result.Reliability is { } reliability)
            line["reliability"] = new JsonArray([.. reliability.Bins.Select(Bin)]);
        return line;
    }

    private static JsonObject Bin(ReliabilityBin bin) => new()
    {
        ["count"] = bin.Count,
        ["predicted"] = Number(bin.Predicted),
        ["observed"] = Number(bin.Observed),
    };

    private static JsonObject Line(Standings standings, Standing standing)
    {
        var against = new JsonObject();
        foreach ((string opponent, Duel duel) in Standings.Opponents.Zip(standing.Duels))
            against[opponent] = new JsonObject { ["won"] = duel.Won, ["lost"] = duel.Lost, ["lostFar"] = duel.LostFar };
        return new JsonObject
        {
            ["sets"] = standings.Group,
            ["criterion"] = standings.Criterion,
            ["trainer"] = standing.Trainer,
            ["count"] = standing.Sets,
            ["rank"] = standing.Rank,
            ["rankBesidePeers"] = Number(standing.RankBesidePeers),
            ["fitSeconds"] = Number(standing.FitSeconds),
            ["calibrationError"] = Number(standing.CalibrationError),
            ["against"] = against,
        };
    }

    private static JsonValue? Number(double? value) => value is { } v && double.IsFinite(v) ? JsonValue.Create(v) : null;
}
