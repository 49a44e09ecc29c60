using System.Globalization;
using System.Text.Json;
using BpTrainer.Examples;
using Microsoft.ML;

namespace BpTrainer.Benchmarks.Tests;

/// <summary>The ablation study, on a folder of three small tables: a line, two halves of the line, and three parts of it.</summary>
[Trait("Needs", "LightGbm")]
public sealed class AblationTests : CommandTests, IDisposable
{
    private const int Rows = 60;

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public AblationTests()
    {
        Write("line", row => row);
        Write("halves", row => row / (Rows / 2));
        Write("parts", row => row / (Rows / 3));
        File.WriteAllText(
            PathOf("tables.csv"),
            """
            table,label,task,used_for_choosing
            line,y,regression,yes
            halves,y,binary,yes
            parts,y,multiclass,yes
            """);
    }

    public static TheoryData<string> Variants => [.. Variant.All.Select(variant => variant.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ALineForEachVariantSaysHowItDidBesideLightGbm()
    {
        string json = PathOf("out.jsonl");
        string[][] rows = Study("--splits", "2", "--variants", "128,fast", "--json", json);

        Assert.Equal(["LightGbm", "128", "fast"], rows.Select(row => row[0]));
        Assert.All([1, 4], column => Assert.Equal("0.000 ± 0.000", rows[0][column]));
        Assert.All([2, 5], column => Assert.Equal("0.000 ± 0.000", rows[1][column]));

        JsonElement[][] tables =
        [
            .. File.ReadAllLines(json).Select(line => JsonDocument.Parse(line).RootElement)
                .GroupBy(line => line.GetProperty("set").GetString()).Select(table => table.ToArray())
        ];
        Assert.Equal([3, 3, 3], tables.Select(table => table.Length));
        for (int row = 1; row < rows.Length; row++)
        {
            double[] errors = [.. tables.Select(table => Math.Log(Error(table[row]) / Error(table[0])))];
            double[] logLosses = [.. tables[1..].Select(table => Math.Log(LogLoss(table[row]) / LogLoss(table[0])))];
            AssertSummary(errors, rows[row][1], rows[row][3]);
            AssertSummary(logLosses, rows[row][4], rows[row][6]);
            Assert.Equal(Figure(rows[row][1]) - Figure(rows[1][1]), Figure(rows[row][2]), tolerance: 0.0011);
            Assert.Equal(Figure(rows[row][4]) - Figure(rows[1][4]), Figure(rows[row][5]), tolerance: 0.0011);
            Assert.InRange(Figure(rows[row][7]), 0, 0.5);
        }

        static double Error(JsonElement line) => line.GetProperty("task").GetString() == "regression"
            ? Number(line, "mean")
            : 1 - Number(line, "mean") + 0.01 + (0.5 / 12);
        static double LogLoss(JsonElement line) => Number(line.GetProperty("metrics").GetProperty("Log-loss"), "mean") + 0.02;
    }

    // A mean with its standard error, and how many are below and above 0.
    private static void AssertSummary(double[] ratios, string mean, string wonLost)
    {
        double average = ratios.Average();
        double error = Math.Sqrt(ratios.Sum(ratio => Math.Pow(ratio - average, 2)) / (ratios.Length - 1) / ratios.Length);
        Assert.Equal(average, Figure(mean), tolerance: 0.0006);
        Assert.Equal(error, Figure(mean.Split("± ")[1]), tolerance: 0.0006);
        Assert.Equal($"{ratios.Count(ratio => ratio < 0)}–{ratios.Count(ratio => ratio > 0)}", wonLost);
    }

    [Fact]
    public void ARegressionAloneHasNoLogLoss()
    {
        string[] row = Study("--tables", "line", "--splits", "1", "--variants", "128")[1];

        // Trees learn steps: on a line they are far behind.
        Assert.InRange(Figure(row[1]), -10, -0.3);
        Assert.Equal(["0.000", "1–0", "–", "–", "0–0", "–"], row[2..8]);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void AVariantIsATrainerOfEveryTask(string name)
    {
        Variant variant = Variant.All.Single(variant => variant.Name == name);

        Assert.All(
            Enum.GetValues<LearningTask>(),
            task => Assert.NotNull(Assert.IsType<Examples.Compare.MLNetContender>(variant.For(task)).Create(new MLContext(1))));
    }

    [Theory]
    [InlineData("--variants is 'ten-layers', but must be one of fast, no-codes,", "--variants", "fast,ten-layers")]
    [InlineData("--tables is 'iris', but must be one of line, halves, parts.", "--tables", "iris")]
    [InlineData("--splits is 0, but must be 1 or more.", "--splits", "0")]
    public void AMistakeIsOneLine(string message, params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(["ablation", _folder, .. arguments]);

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.StartsWith($"Error: {message}", error);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public void AFolderWithoutAListIsAnError()
    {
        (int exitCode, _, string error) = Run("ablation", PathOf("absent"));

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"Error: There is no file '{Path.Combine(PathOf("absent"), "tables.csv")}'.", error);
    }

    private protected override int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error) =>
        MLCommands.Run(arguments, output, error);

    // The cells of the rows that the study prints.
    private string[][] Study(params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(["ablation", _folder, .. arguments]);
        Assert.True(exitCode == 0, error);
        string[] lines = output.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.StartsWith("| variant |", lines[0]);
        return [.. lines[2..].Select(line => line.Trim('|', ' ').Split(" | "))];
    }

    private static double Figure(string cell) =>
        double.Parse(cell.Split(' ')[0].Replace('−', '-'), CultureInfo.InvariantCulture);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void Write(string name, Func<int, int> label) =>
        File.WriteAllLines(PathOf(name + ".csv"), ["x,y", .. Enumerable.Range(0, Rows).Select(row => $"{row},{label(row)}")]);
}
