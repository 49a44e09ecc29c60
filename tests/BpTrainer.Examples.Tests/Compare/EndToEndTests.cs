using System.Text.Json;
using BpTrainer.Examples.Compare;

namespace BpTrainer.Examples.Tests.Compare;

/// <summary>Real runs of the program.</summary>
[Trait("Needs", "LightGbm")]
public sealed class EndToEndTests : IDisposable
{
    private static readonly string s_iris = Path.Combine(AppContext.BaseDirectory, "data", "iris.csv");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void IrisWithAllTrainers()
    {
        string json = _folder.PathOf("out.jsonl");
        var run = ProgramRun.Of(
            CommandLine.Run, "--data", s_iris, "--label", "species", "--task", "multiclass", "--splits", "2", "--json", json);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("iris: multiclass, 150 rows, 2 splits, 20 % of the rows to test on", run.Output);
        Assert.Equal("iris: split 1\niris: split 2\n", run.Error.ReplaceLineEndings("\n"));

        JsonElement[] lines = ReadJson(json);
        Assert.Equal(Contender.Standard, lines.Select(line => line.GetProperty("trainer").GetString()!));
        Assert.All(lines, line =>
        {
            Assert.Equal("iris", line.GetProperty("set").GetString());
            Assert.Equal("multiclass", line.GetProperty("task").GetString());
            Assert.Equal("Micro accuracy", line.GetProperty("metric").GetString());
            Assert.InRange(line.GetProperty("mean").GetDouble(), 0.8, 1.0);
            Assert.InRange(line.GetProperty("std").GetDouble(), 0.0, 0.2);
            Assert.True(line.GetProperty("fitSeconds").GetDouble() > 0);
            Assert.True(line.GetProperty("rowsPerSecond").GetDouble() > 0);
            Assert.Equal(
                ["Micro accuracy", "Macro accuracy", "Log-loss", "Calibration"],
                line.GetProperty("metrics").EnumerateObject().Select(metric => metric.Name));
            Assert.Equal(
                line.GetProperty("mean").GetDouble(),
                line.GetProperty("metrics").GetProperty("Micro accuracy").GetProperty("mean").GetDouble());
        });
        Assert.All(Contender.Standard, name => Assert.Contains($"| {name} ", run.Output));
    }

    [Theory]
    [InlineData("binary", "bought", "Positive class: yes")]
    [InlineData("regression", "price", "Text columns, one-hot: city (3 values), bought (2 values)")]
    [InlineData("multiclass", "city", "Text columns, one-hot: bought (2 values)")]
    public void AFileWithTextMissingCellsAndNegativeLabels(string task, string label, string heading)
    {
        string json = _folder.PathOf("out.jsonl");
        var run = ProgramRun.Of(CommandLine.Run, "--data", MixedFile(), "--label", label, "--task", task, "--splits", "1", "--json", json);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(heading, run.Output);
        foreach (JsonElement line in ReadJson(json))
        {
            bool poisson = task == "regression" && line.GetProperty("trainer").GetString() == "Lbfgs";
            Assert.Equal(poisson, line.TryGetProperty("error", out _));
            if (poisson)
                continue;
            Assert.Equal(JsonValueKind.Number, line.GetProperty("mean").ValueKind);
            Assert.Equal(JsonValueKind.Null, line.GetProperty("std").ValueKind);
        }
    }

    // A column that is constant but for one row, one that is never known, a category of 150 levels, and five rows of the second class.
    [Fact]
    public void AllTrainersGetThroughColumnsThatSayLittle()
    {
        var rows = Enumerable.Range(0, 300).Select(
            r => $"{(r == 7 ? 1000 : 0)},?,level{r * 7 % 150},{r % 11},{(r % 60 == 0 ? "yes" : "no")}\n");
        string file = _folder.Write("odd.csv", "constant,unknown,code,x,y\n" + string.Concat(rows));
        string json = _folder.PathOf("odd.jsonl");

        var run = ProgramRun.Of(CommandLine.Run, "--data", file, "--label", "y", "--task", "binary", "--splits", "2", "--json", json);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Text columns, one-hot: code (150 values)", run.Output);
        Assert.All(ReadJson(json), line => Assert.InRange(line.GetProperty("mean").GetDouble(), 0.5, 1));
    }

    [Fact]
    public void OnlyTheNamedTrainersRunAndTheirNumbersDoNotDependOnTheOthers()
    {
        string[] arguments = ["--data", s_iris, "--label", "species", "--task", "multiclass", "--splits", "2", "--json"];
        string both = _folder.PathOf("both.jsonl");
        string one = _folder.PathOf("one.jsonl");
        ProgramRun.Of(CommandLine.Run, [.. arguments, both, "--trainers", "lbfgs,BACKPROPAGATION"]);
        ProgramRun.Of(CommandLine.Run, [.. arguments, one, "--trainers", "Lbfgs"]);

        JsonElement[] lines = ReadJson(both);
        Assert.Equal(["BackPropagation", "Lbfgs"], lines.Select(line => line.GetProperty("trainer").GetString()!));
        Assert.Equal(lines[1].GetProperty("metrics").GetRawText(), ReadJson(one)[0].GetProperty("metrics").GetRawText());
    }

    [Fact]
    public void HelpNamesEveryOption()
    {
        var run = ProgramRun.Of(CommandLine.Run, "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.All(
            [
                "--data", "--label", "--task", "--suite", "--tables", "--splits", "--test-fraction", "--seed", "--trainers", "--json",
                "--hidden", "--momentum", "--adaptive", "--optimizer", "--networks",
                "--encoding", "--decimal", "--missing", "--text", "--ignore", "--positive",
            ],
            option => Assert.Contains(option, run.Output));
    }

    private string MixedFile()
    {
        string[] cities = ["Rome", "Paris", "Oslo"];
        var rows = Enumerable.Range(0, 120).Select(r =>
        {
            string size = r % 10 == 7 ? "NA" : $"{r % 17}";
            return $"{size},{cities[r % 3]},{(r % 17 > 8 ? "yes" : "no")},{(r % 17) - 5 + (r % 3)}\n";
        });
        return _folder.Write("mixed.csv", "size,city,bought,price\n" + string.Concat(rows));
    }

    private static JsonElement[] ReadJson(string file) =>
        File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
}
