using System.Globalization;
using System.Text.Json;
using BpTrainer.Examples.Optimizers;

namespace BpTrainer.Examples.Tests.Optimizers;

/// <summary>The table of optimizers: every optimizer has a plausible result on every set.</summary>
public sealed class OptimizersTests : IDisposable
{
    private static readonly string[] s_sets = ["iris", "breast-cancer", "diabetes", "digits"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryOptimizerTakesPart() =>
        Assert.Equal(OptimizerNames.All, Contender.All(Settings.Quick.BatchSize).Select(contender => contender.Name).ToHashSet());

    [Fact]
    public void EveryOptimizerLearnsEverySet()
    {
        string[][] rows = Rows("--quick");

        string[] contenders = [.. Contender.All(Settings.Quick.BatchSize).Select(contender => $"{contender.Name} {contender.Batch}")];
        Assert.Equal(
            s_sets.SelectMany(set => contenders.Select(contender => $"{set} {contender}")),
            rows.Select(row => $"{row[0]} {row[1]} {row[2]}"));

        foreach (string[] row in rows)
        {
            string line = string.Join(" | ", row);
            if (row is ["digits", "levenberg-marquardt" or "bayesian-regularization", ..])
            {
                Assert.Equal(["–", "–", "left out: too slow with 2410 parameters"], row[3..]);
                continue;
            }

            Assert.True(Number(row[3]) is >= 1 and <= 60, line);
            Assert.True(Number(row[4]) >= 0, line);

            // Well above the most frequent class, or below the spread of the targets, 77. Few full-batch steps of plain
            // gradient descent do not take ten digits far.
            (double low, double high) = row[0] switch
            {
                "iris" => (0.7, 1),
                "breast-cancer" => (0.85, 1),
                "diabetes" => (50, 80),
                _ => (row[2] == "all" && row[1] == "gradient-descent" ? 0.25 : 0.8, 1),
            };
            double score = Number(row[5].Split(" ± ")[0]);
            Assert.True(low <= score && score <= high, line);
        }
    }

    [Fact]
    public void TheSplitsThatAreWrittenAreThoseThatAreUsed()
    {
        Assert.Equal(new ProgramRun(0, "", ""), ProgramRun.Of(CommandLine.Run, "--export-splits", _folder.Path));

        var settings = new Settings();
        foreach (Problem problem in OptimizersCommand.Problems())
        {
            string Line(string part, int row)
            {
                float target = problem.Task == LearningTask.Regression ? problem.Targets[row] : problem.Classes[row];
                return string.Join(',', problem.Numbers[row].Prepend(target).Select(
                    number => number.ToString(CultureInfo.InvariantCulture)).Prepend(part));
            }

            for (int index = 0; index < settings.Splits; index++)
            {
                string[] lines = File.ReadAllLines(_folder.PathOf($"{problem.Name}-{index}.csv"));
                Parts parts = Parts.Of(problem, settings, index);
                Assert.Equal(
                    [
                        .. parts.Training.Select(row => Line("training", row)),
                        .. parts.Validation.Select(row => Line("validation", row)),
                        .. parts.Test.Select(row => Line("test", row)),
                    ],
                    lines);
            }
        }
    }

    [Fact]
    public void WhatAPeerMeasuredStandsBesideTheSameOptimizer()
    {
        string file = PeerFile(Settings.Quick);
        var output = new StringWriter();
        var report = new Examples.Optimizers.Report(output, Settings.Quick, Peers.Read(file, Settings.Quick));
        Problem iris = OptimizersCommand.Problems()[0];
        var ours = new Summary([new Measurement(10, 0.5, 0.9), new Measurement(20, 0.1, 1)]);

        report.WriteRow(iris, new Contender(Optimizer.Adam(), 32), ours);
        report.WriteRow(iris, new Contender(Optimizer.AdamW(), 32), ours);

        Assert.Equal(
            """
            | adam | 32 | 15 | 0.300 | 0.9500 ± 0.0707 | some adam | 7 | 0.250 | 0.8000 ± 0.1414 |
            | adamw | 32 | 15 | 0.300 | 0.9500 ± 0.0707 | | | | |

            """.ReplaceLineEndings(),
            output.ToString());
    }

    [Fact]
    public void PeersOfOtherSettingsAreRefused()
    {
        ProgramRun.Of(CommandLine.Run, "--quick", "--peers", PeerFile(new Settings()))
            .AssertUserError("was measured with settings that differ");
    }

    [Theory]
    [InlineData("Unrecognized command or argument 'nonsense'", "nonsense")]
    [InlineData("--slow", "--slow")]
    [InlineData("--peers: 'no-such-file.json' cannot be read", "--peers", "no-such-file.json")]
    [InlineData("is not an output of peers.py", "--peers", "data/iris.csv")]
    [InlineData("Required argument missing for option: '--peers'", "--peers")]
    [InlineData("it cannot be combined with --peers", "--peers", "x", "--export-splits", "y")]
    [InlineData("--export-splits: 'data/iris.csv' cannot be written", "--export-splits", "data/iris.csv")]
    public void AMistakeIsOneLineAndExitCode2(string message, params string[] arguments)
    {
        arguments =
        [
            .. arguments.Select(argument => argument == "data/iris.csv" ? Path.Combine(AppContext.BaseDirectory, argument) : argument)
        ];
        message = message.Replace("data/iris.csv", Path.Combine(AppContext.BaseDirectory, "data/iris.csv"), StringComparison.Ordinal);

        ProgramRun.Of(CommandLine.Run, arguments).AssertUserError(message);
    }

    /// <summary>The rows of all tables, each with its set in front.</summary>
    private static string[][] Rows(params string[] arguments)
    {
        (int exitCode, string output, _) = ProgramRun.Of(CommandLine.Run, arguments);
        Assert.Equal(0, exitCode);

        List<string[]> rows = [];
        string set = "";
        foreach (string line in output.ReplaceLineEndings("\n").Split('\n'))
        {
            if (s_sets.FirstOrDefault(name => line.StartsWith(name + ": ", StringComparison.Ordinal)) is { } next)
            {
                set = next;
            }
            else if (line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| optimizer |", StringComparison.Ordinal))
            {
                rows.Add([set, .. line.Trim('|', ' ').Split(" | ")]);
            }
        }

        return [.. rows];
    }

    private string PeerFile(Settings settings)
    {
        string written = JsonSerializer.Serialize(settings, SplitFiles.Json);
        return _folder.Write("peers.json", $$"""
            {
              "settings": {{written}},
              "results": [{
                "set": "iris", "optimizer": "adam", "batch": "32", "peer": "some adam",
                "measurements": [{ "epochs": 6, "seconds": 0.2, "score": 0.7 }, { "epochs": 8, "seconds": 0.3, "score": 0.9 }]
              }]
            }
            """);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
