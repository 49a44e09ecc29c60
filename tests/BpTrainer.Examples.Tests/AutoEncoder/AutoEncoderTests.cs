using System.Globalization;
using System.Text.RegularExpressions;

namespace BpTrainer.Examples.Tests.AutoEncoder;

/// <summary>The auto-encoder runs as a whole, and does what its text says.</summary>
[Collection(nameof(ConsoleTests))]
public partial class AutoEncoderTests
{
    [Fact]
    public void TheErrorFallsBelowThatOfAsManyPrincipalComponents()
    {
        (int exitCode, string output, _) = ProgramRun.OfAssembly("AutoEncoder");
        Assert.Equal(0, exitCode);
        Assert.Contains("Digits through 64-48-8-48-64", output, StringComparison.Ordinal);

        double[] errors = [.. EpochLine().Matches(output).Select(match => Number(match))];
        Assert.Equal(6, errors.Length);
        Assert.Equal(errors.OrderDescending(), errors);
        Assert.True(errors[^1] < errors[0] / 2, $"{errors[^1]} < {errors[0]} / 2");

        double network = Number(NetworkLine().Match(output));
        double components = Number(ComponentsLine().Match(output));
        double mean = Number(MeanLine().Match(output));
        Assert.True(network < components && components < mean, $"{network} < {components} < {mean}");

        string[] codes =
            [.. output.Split('\n').SkipWhile(line => !line.StartsWith("The codes", StringComparison.Ordinal)).Skip(1).Take(6)];
        Assert.Equal(6, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Equal(8, code.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"epoch +\d+: +([\d.]+)")]
    private static partial Regex EpochLine();

    [GeneratedRegex(@"8 numbers of the network: +([\d.]+)")]
    private static partial Regex NetworkLine();

    [GeneratedRegex(@"8 principal components: +([\d.]+)")]
    private static partial Regex ComponentsLine();

    [GeneratedRegex(@"the mean picture alone: +([\d.]+)")]
    private static partial Regex MeanLine();
}
