using System.Globalization;
using BpTrainer.Examples.Samples;

namespace BpTrainer.Examples.Tests.Samples;

/// <summary>Every sample prints what its comments say, and the same every time.</summary>
[Collection(nameof(ConsoleTests))]
public class SampleTests
{
    // Other processors add in another order, which training carries on.
    private const double Tolerance = 0.1;

    private const string Heading = "// Expected output:";

    public static TheoryData<string, Action> Samples => new()
    {
        { nameof(Regression), Regression.Example },
        { nameof(RegressionWithOptions), RegressionWithOptions.Example },
        { nameof(QuantileRegression), QuantileRegression.Example },
        { nameof(MultiOutputRegression), MultiOutputRegression.Example },
        { nameof(BinaryClassification), BinaryClassification.Example },
        { nameof(BinaryClassificationWithOptions), BinaryClassificationWithOptions.Example },
        { nameof(MulticlassClassification), MulticlassClassification.Example },
        { nameof(MulticlassClassificationWithOptions), MulticlassClassificationWithOptions.Example },
        { nameof(EarlyStopping), EarlyStopping.Example },
        { nameof(ContinuedTraining), ContinuedTraining.Example },
        { nameof(MissingValues), MissingValues.Example },
        { nameof(TimeSeries), TimeSeries.Example },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void PrintsWhatItSays(string name, Action example)
    {
        string[] page = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "pages", $"{name}.cs"));
        string[] expected = [.. page.SkipWhile(line => line.Trim() != Heading).Skip(1).TakeWhile(
            line => line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .Select(line => line.TrimStart().TrimStart('/').Trim())];
        Assert.NotEmpty(expected);

        string[] printed = Run(example);
        Assert.Equal(printed, Run(example));
        Assert.Equal(expected.Select(Caption), printed.Select(Caption));
        Assert.All(expected.Zip(printed), pair => Assert.Equal(1, Number(pair.Second) / Number(pair.First), Tolerance));
    }

    [Fact]
    public void EverySampleIsTested()
    {
        IEnumerable<string> pages =
            typeof(Regression).Assembly.GetTypes().Where(type => type.GetMethod("Example") is not null).Select(type => type.Name);
        Assert.Equal(pages.Order(), Samples.Select(row => (string)row[0]).Order());
    }

    private static string[] Run(Action example)
    {
        ProgramRun run = ProgramRun.OnConsole(() =>
        {
            example();
            return 0;
        });
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static string Caption(string line) => line[..line.IndexOf(':')];

    private static double Number(string line) => double.Parse(line[(line.IndexOf(':') + 1)..], CultureInfo.InvariantCulture);
}
