using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BpTrainer.Examples.Textbook;

namespace BpTrainer.Examples.Tests.Textbook;

/// <summary>Every page of the textbook prints what its readme says, and the figures that are published.</summary>
public partial class TextbookTests
{
    /// <summary>Pages of figures that are exact: the others train for long, and other processors add in another order.</summary>
    private static readonly string[] s_exact = [nameof(OneSample), nameof(Matrices), nameof(StoppedRuns)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "textbook");

    public static TheoryData<string> Names => [.. Pages.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void PrintsWhatItsReadmeSays(string name)
    {
        string[] expected = Expected(name), printed = Run(name);
        Assert.Equal(expected.Select(WithoutNumbers), printed.Select(WithoutNumbers));
        bool isExact = s_exact.Contains(name);
        foreach ((string line, string printedLine) in expected.Zip(printed))
        {
            foreach ((double number, double printedNumber) in Numbers(line).Zip(Numbers(printedLine)))
            {
                double tolerance = isExact ? 2e-12 + (1e-9 * Math.Abs(number)) : 0.1 + (0.1 * Math.Abs(number));
                Assert.True(Math.Abs(number - printedNumber) <= tolerance, $"{printedNumber} instead of {number} in: {printedLine}");
            }
        }
    }

    [Theory]
    [InlineData(nameof(OneSample), "0.593269992107", "0.772928465321", "0.298371108760", "0.138498561629", "0.008771354689")]
    [InlineData(nameof(OneSample), "0.082167040564", "0.000438567734", "0.358916479718", "0.299502287265", "0.291027773694")]
    [InlineData(nameof(OneSample), "0.015913620444", "0.984064273515", "3.510187783E-005", "2.447562236E-006", "0.988458935026")]
    [InlineData(nameof(Matrices), "0.533076622366", "0.663895385634", "0.272962157584", "-0.071062026987", "0.008703814074")]
    [InlineData(nameof(Matrices), "-0.038014130005", "0.000870381407", "0.569007065003", "0.299564809296", "0.391829176669")]
    [InlineData(nameof(Matrices), "0.995274287398", "0.085508761906", "0.458136464058", "0.137732183597", "0.380736352433")]
    [InlineData(nameof(StoppedRuns), "0.263180253957", "0.193677891124", "StopRequested after 12", "EpochsReached after 10")]
    public void PrintsThePublishedFigures(string name, params string[] figures)
    {
        string printed = string.Join('\n', Run(name));
        Assert.All(figures, figure => Assert.Contains(figure, printed, StringComparison.Ordinal));
    }

    [Fact]
    public void XorIsLearnedFromEverySeed() => Assert.Equal(
        Enumerable.Repeat("0110", 6),
        Run(nameof(Xor)).Skip(1).Select(line => string.Concat(Numbers(line).TakeLast(4).Select(output => output > 0.5 ? 1 : 0))));

    [Fact]
    public void ThePictureShowsThePointsAndBothCurves()
    {
        Run(nameof(FittedCurve));
        XElement[] expected = Marks(Path.Combine(Folder, FittedCurve.Picture)), drawn = Marks(FittedCurve.Picture);
        Assert.Equal(61, drawn.Count(mark => mark.Name.LocalName == "circle"));
        Assert.Equal(2, drawn.Count(mark => mark.Name.LocalName == "polyline"));
        Assert.Equal(expected.Select(mark => mark.Name), drawn.Select(mark => mark.Name));
        foreach ((XElement mark, XElement drawnMark) in expected.Zip(drawn))
        {
            Assert.All(Places(mark).Zip(Places(drawnMark)), pair => Assert.Equal(pair.First, pair.Second, 5.0));
        }

        static XElement[] Marks(string path) => [.. XDocument.Load(path).Descendants()];

        static IEnumerable<double> Places(XElement mark) =>
            mark.Attributes().Where(a => a.Name.LocalName is "cx" or "cy" or "points").SelectMany(a => Numbers(a.Value));
    }

    private static string[] Run(string name)
    {
        using var output = new StringWriter();
        Pages.All[name](output);
        return Lines(output.ToString());
    }

    private static string[] Expected(string name)
    {
        string readme = File.ReadAllText(Path.Combine(Folder, "README.md"));
        Match section = Regex.Match(readme, $"^## {name}$.*?^```text$(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.True(section.Success, $"The readme has no section {name}.");
        return Lines(section.Groups[1].Value);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string WithoutNumbers(string line) =>
        string.Join(' ', Number().Replace(line, "#").Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<double> Numbers(string line) =>
        Number().Matches(line).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(?<![\w.])-?\d+(\.\d+)?(E[+-]\d+)?")]
    private static partial Regex Number();
}
