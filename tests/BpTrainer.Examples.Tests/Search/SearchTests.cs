using System.Globalization;
using System.Text.RegularExpressions;
using BpTrainer.Examples.Search;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Tests.Search;

/// <summary>The random search runs as a whole; what it finds does not depend on the order in which threads come to their ends.</summary>
[Collection(nameof(ConsoleTests))]
public partial class SearchTests
{
    [Fact]
    public void TheBestTrialsAreListedAndTested()
    {
        (int exitCode, string output, string display) = ProgramRun.OfAssembly("Search", "6");
        Assert.Equal(0, exitCode);
        double[] errors = [.. TrialLine().Matches(output).Select(Number)];
        Assert.Equal(5, errors.Length);
        Assert.Equal(errors.Order(), errors);

        // Half of the variance of the labels, whose standard deviation is 77, is within reach; the mean alone gives 77.
        Assert.InRange(errors[0], 50, 62);
        Assert.InRange(Number(BestLine().Match(output)), 45, 70);
        Assert.InRange(Number(DefaultLine().Match(output)), 45, 70);
        Assert.Equal(
            Enumerable.Range(1, 6).Select(done => $"{done} of 6 trials"),
            display.Trim().ReplaceLineEndings("\n").Split('\n').Select(line => line.Split(',')[0]));
        Assert.EndsWith(FormattableString.Invariant($"best RMSE {errors[0]:F2}"), display.Trim(), StringComparison.Ordinal);
        Assert.Equal(output, ProgramRun.OfAssembly("Search", "6").Output);
    }

    [Fact]
    public void AnotherSeedSplitsTheRowsInAnotherWay()
    {
        double[] defaults =
        [
            .. new[] { "1", "2" }.Select(seed => Number(DefaultLine().Match(ProgramRun.OfAssembly("Search", "1", seed).Output)))
        ];
        Assert.NotEqual(defaults[0], defaults[1]);
        Assert.Equal(defaults[0], Number(DefaultLine().Match(ProgramRun.OfAssembly("Search", "1").Output)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    [InlineData("2", "second")]
    [InlineData("2", "1", "3")]
    public void AMistakeIsSaid(params string[] arguments)
    {
        (int exitCode, string output, string error) = ProgramRun.OfAssembly("Search", arguments);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains($"'{string.Join(' ', arguments)}'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenItIsStoppedTheTrialsThatAreOverCount()
    {
        const int Many = 1000000;
        using var stop = new CancellationTokenSource();
        using var display = new StoppingWriter(stop);
        IDataView data = Diabetes();
        Trial[] ranking = new RandomSearch(data).Run(Many, new TrialDisplay(display, Many, isTerminal: false), stop.Token);
        Assert.Equal(display.Lines, ranking.Length);
        Assert.InRange(ranking.Length, 1, 100);
        Assert.Equal(ranking.OrderBy(trial => trial.Error), ranking);

        // What was stopped does not stop the test of the best.
        Assert.InRange(RandomSearch.Test(ranking[0].Options, new MLContext(1).Data.TrainTestSplit(data)), 40, 75);
        Assert.Empty(new RandomSearch(data).Run(Many, new TrialDisplay(display, Many, isTerminal: false), stop.Token));
    }

    [Fact]
    public void ATerminalSeesABar()
    {
        using var writer = new StringWriter();
        var display = new TrialDisplay(writer, trials: 3, isTerminal: true);
        foreach (double error in new[] { 60.0, 55, 58 })
        {
            display.Report(new Trial(0, RandomSearch.Defaults(), error));
        }

        display.Close();
        Assert.Equal(
            [
                "",
                $"{new string('█', 10)}{new string('░', 20)} 1 of 3 trials, best RMSE 60.00",
                $"{new string('█', 20)}{new string('░', 10)} 2 of 3 trials, best RMSE 55.00",
                $"{new string('█', 30)} 3 of 3 trials, best RMSE 55.00{Environment.NewLine}",
            ],
            writer.ToString().Split('\r', count: 4));
    }

    private static IDataView Diabetes()
    {
        var mlContext = new MLContext(seed: 1);
        return mlContext.Data.Cache(mlContext.Data.LoadFromTextFile(
            Path.Combine(AppContext.BaseDirectory, "data", "diabetes.csv"),
            [new TextLoader.Column("Features", DataKind.Single, 0, 9), new TextLoader.Column("Label", DataKind.Single, 10)],
            separatorChar: ',',
            hasHeader: true));
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"RMSE ([\d.]+)  hidden")]
    private static partial Regex TrialLine();

    [GeneratedRegex(@"best of the search: RMSE ([\d.]+)")]
    private static partial Regex BestLine();

    [GeneratedRegex(@"default options: +RMSE ([\d.]+)")]
    private static partial Regex DefaultLine();

    /// <summary>Counts the lines, and stops the search at the first.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop) : StringWriter
    {
        public int Lines { get; private set; }

        public override void WriteLine(string? value)
        {
            Lines++;
            stop.Cancel();
        }
    }
}
