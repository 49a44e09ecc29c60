using System.Text.Json;

namespace BpTrainer.Benchmarks.Plots;

/// <summary>How a trainer did on the tables of the suite that nothing was chosen on, as far as it is drawn.</summary>
/// <param name="Name">What readers call it.</param>
/// <param name="Tables">The number of tables.</param>
/// <param name="RankByError">The mean of its ranks by RMSE or error.</param>
/// <param name="RankByLogLoss">The mean of its ranks by log-loss, on the tables with classes.</param>
/// <param name="CalibrationError">The mean expected calibration error on the tables with classes.</param>
internal sealed record SuiteStanding(
    string Name, int Tables, double RankByError, double RankByLogLoss, double CalibrationError)
{
    private static readonly (string Trainer, string Name)[] s_trainers =
    [
        ("BackPropagation", "BpTrainer"), ("LightGbm", "LightGBM"), ("FastTree", "FastTree"), ("ScikitLearn", "scikit-learn"),
    ];

    /// <summary>Reads what <c>Compare --suite --json FILE</c> wrote.</summary>
    public static IReadOnlyList<SuiteStanding> Read(string file)
    {
        JsonElement[] lines =
        [
            .. File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<JsonElement>(line))
                .Where(line => line.TryGetProperty("sets", out JsonElement sets) && sets.GetString() == "not used for choosing"),
        ];
        return [.. s_trainers.Select(trainer => Of(trainer.Name, Line(trainer.Trainer, "RMSE or error"), Line(trainer.Trainer, "log-loss")))];

        JsonElement Line(string trainer, string criterion) => lines.Single(
            line => line.GetProperty("trainer").GetString() == trainer && line.GetProperty("criterion").GetString() == criterion);
    }

    private static SuiteStanding Of(string name, JsonElement byError, JsonElement byLogLoss) => new(
        name, byError.GetProperty("count").GetInt32(), Number(byError, "rank"), Number(byLogLoss, "rank"),
        Number(byLogLoss, "calibrationError"));

    private static double Number(JsonElement line, string name) => line.GetProperty(name).GetDouble();
}
