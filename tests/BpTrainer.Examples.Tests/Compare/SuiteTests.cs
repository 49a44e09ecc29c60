using System.Text.Json;
using BpTrainer.Examples.Compare;

namespace BpTrainer.Examples.Tests.Compare;

/// <summary>Real runs of the suite on small tables.</summary>
[Trait("Needs", "LightGbm")]
public sealed class SuiteTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TablesAndSummaries()
    {
        string json = _folder.PathOf("suite.jsonl");
        string[] trainers = ["BackPropagation", "BackPropagation-fast", "BackPropagation-classic", "LightGbm"];
        var run = ProgramRun.Of(
            CommandLine.Run,
            "--suite", "--tables", "glaucoma,IRIS,computers", "--trainers", string.Join(',', trainers), "--splits", "2", "--json", json);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            "computers: split 1\ncomputers: split 2\nglaucoma: split 1\nglaucoma: split 2\niris: split 1\niris: split 2\n",
            run.Error.ReplaceLineEndings("\n"));
        string[] summaries =
        [
            "by RMSE or error, sets all: 3", "by log-loss, sets all: 2", "by RMSE or error, sets used for choosing: 1",
            "by log-loss, sets used for choosing: 1", "by RMSE or error, sets not used for choosing: 2",
            "by log-loss, sets not used for choosing: 1",
        ];
        Assert.All(summaries, summary => Assert.Contains($"Summary {summary}\n", run.Output.ReplaceLineEndings("\n")));

        JsonElement[] lines = [.. File.ReadLines(json).Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement[] results = [.. lines.Where(line => line.TryGetProperty("set", out _))];
        Assert.Equal(3 * trainers.Length, results.Length);
        foreach (IGrouping<string?, JsonElement> set in results.GroupBy(line => line.GetProperty("set").GetString()))
        {
            Assert.Equal(trainers, set.Select(line => line.GetProperty("trainer").GetString()));
            foreach (JsonElement line in set)
            {
                Assert.Equal(set.Key != "computers", line.TryGetProperty("reliability", out JsonElement reliability));
                int rows = set.Key == "computers" ? 0 : reliability.EnumerateArray().Sum(bin => bin.GetProperty("count").GetInt32());
                Assert.Equal(set.Key switch { "iris" => 60, "glaucoma" => 80, _ => 0 }, rows);
            }
            Assert.Equal(10, set.Sum(line => line.GetProperty("ranks").EnumerateObject().First().Value.GetDouble()));
        }

        JsonElement[] standings = [.. lines.Where(line => line.TryGetProperty("criterion", out _))];
        Assert.Equal(summaries.Length * trainers.Length, standings.Length);
        Assert.All(standings.Where(line => line.GetProperty("trainer").GetString() != "LightGbm"), line =>
        {
            Assert.InRange(line.GetProperty("rank").GetDouble(), 1, 4);
            Assert.InRange(line.GetProperty("rankBesidePeers").GetDouble(), 1, 2);
        });
    }

    [Fact]
    public void UnlessToldOtherwiseEveryTrainerRunsOnFiveSplits()
    {
        string json = _folder.PathOf("suite.jsonl");
        var run = ProgramRun.Of(CommandLine.Run, "--suite", "--tables", "iris", "--json", json);

        Assert.Contains("iris: multiclass, 150 rows, 5 splits, 20 % of the rows to test on", run.Output);
        Assert.Equal(
            Contender.Names,
            File.ReadLines(json).Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.TryGetProperty("set", out _))
                .Select(line => line.GetProperty("trainer").GetString()!));
    }

    [TheoryWithScikitLearn]
    [InlineData("iris", "Micro accuracy", 0.85, 1)]
    [InlineData("glaucoma", "Accuracy", 0.65, 1)]
    [InlineData("computers", "RMSE", 20, 120)]
    public void ScikitLearnGetsTheSameRows(string table, string metric, double least, double most)
    {
        string json = _folder.PathOf("suite.jsonl");
        var run = ProgramRun.Of(
            CommandLine.Run,
            "--suite", "--tables", table, "--splits", "2", "--trainers", "ScikitLearn,ScikitLearn-momentum", "--json", json);

        Assert.Equal(0, run.ExitCode);
        JsonElement line = JsonDocument.Parse(File.ReadLines(json).First()).RootElement;
        Assert.Equal("ScikitLearn", line.GetProperty("trainer").GetString());
        Assert.Equal(metric, line.GetProperty("metric").GetString());
        Assert.InRange(line.GetProperty("mean").GetDouble(), least, most);
    }

    [Fact]
    public void WithoutScikitLearnItsNetworksAreLeftOut()
    {
        Problem iris = ExampleSets.Load("iris");
        using var absent = new ScikitLearn(["no-such-python"]);
        IReadOnlyList<Contender> contenders = Contender.For(iris.Task, [new("ScikitLearn"), new("Lbfgs")], absent);
        TrainerResult[] results = [.. new Comparison(iris, TestProblems.Options(), contenders).Run((_, _) => { })];
        Assert.Equal("left out: no python3 with scikit-learn was found", results[0].Reason);
        Assert.False(results[0].Failed);
        Assert.Null(results[1].Reason);
    }
}

/// <summary>A theory that is skipped where scikit-learn is not installed.</summary>
internal sealed class TheoryWithScikitLearnAttribute : TheoryAttribute
{
    /// <summary>Looks for scikit-learn.</summary>
    public TheoryWithScikitLearnAttribute()
    {
        using var scikitLearn = new ScikitLearn();
        if (!scikitLearn.IsInstalled)
            Skip = "There is no python3 with scikit-learn.";
    }
}
