using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace BpTrainer.Search.Tests;

/// <summary>The random search runs as a whole; what it finds does not depend on the order in which threads come to their ends.</summary>
public partial class SearchTests
{
    [Fact]
    public void TheBestTrialsAreListedAndTested()
    {
        (int exitCode, string output, string display) = Run("6");
        Assert.Equal(0, exitCode);
        double[] errors = [.. TrialLine().Matches(output).Select(Number)];
        Assert.Equal(5, errors.Length);
        Assert.Equal(errors.Order(), errors);

        // Half of the variance of the labels, whose standard deviation is 77, is within reach; the mean alone gives 77.
        Assert.InRange(errors[0], 50, 62);
        Assert.InRange(Number(BestLine().Match(output)), 45, 70);
        Assert.InRange(Number(DefaultLine().Match(output)), 45, 70);
        Assert.Equal(Enumerable.Range(1, 6).Select(done => $"{done} of 6 trials"), display.Trim().Split('\n').Select(line => line.Split(',')[0]));
        Assert.EndsWith(FormattableString.Invariant($"best RMSE {errors[0]:F2}"), display.Trim(), StringComparison.Ordinal);
        Assert.Equal(output, Run("6").Output);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    public void AMistakeIsSaid(string argument)
    {
        (int exitCode, string output, string error) = Run(argument);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains($"'{argument}'", error, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output, string Error) Run(string argument)
    {
        (TextWriter console, TextWriter errors) = (Console.Out, Console.Error);
        using var output = new StringWriter();
        using var error = new StringWriter();
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            var exitCode = (int)Assembly.Load("Search").EntryPoint!.Invoke(null, [new[] { argument }])!;
            return (exitCode, output.ToString(), error.ToString().ReplaceLineEndings("\n"));
        }
        finally
        {
            Console.SetOut(console);
            Console.SetError(errors);
        }
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"RMSE ([\d.]+)  hidden")]
    private static partial Regex TrialLine();

    [GeneratedRegex(@"best of the search: RMSE ([\d.]+)")]
    private static partial Regex BestLine();

    [GeneratedRegex(@"default options: +RMSE ([\d.]+)")]
    private static partial Regex DefaultLine();
}
