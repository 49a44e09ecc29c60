using System.Globalization;

namespace BpTrainer.Package.Tests;

/// <summary>The README of each package: its program runs as it stands there, in a project that has nothing but the package.</summary>
[Collection(nameof(Packages))]
public class ReadmeTests(Packages packages)
{
    private const int MostLines = 150;

    private static readonly MarkdownPage s_main = PageOf("BpTrainer.ML");

    [Fact]
    public void TheProgramOfTheEngineRuns() => Assert.Matches(
        @"^TargetLossReached after \d+ epochs$", Run("BpTrainer", Assert.Single(PageOf("BpTrainer").Programs), "", _ => { }));

    [Fact]
    public void TheProgramOfThePipelineRuns()
    {
        string accuracy = Run(
            "BpTrainer.ML", s_main.Programs[0], "iris.csv", folder => Assert.True(File.Exists(Path.Combine(folder, "iris.zip"))));
        Assert.InRange(double.Parse(accuracy, CultureInfo.InvariantCulture), 0.8, 1);
    }

    [Fact]
    public void TheProgramOfTheReportRuns() => Run(
        "BpTrainer.Report", Assert.Single(PageOf("BpTrainer.Report").Programs), "diabetes.csv", folder =>
        {
            Assert.Contains("</html>", File.ReadAllText(Path.Combine(folder, "report.html")), StringComparison.Ordinal);
            Assert.Contains("</svg>", File.ReadAllText(Path.Combine(folder, "loss.svg")), StringComparison.Ordinal);
        });

    /// <summary>The server of the README is that of the guide, which the tests of the examples start.</summary>
    [Fact]
    public void TheServerIsThatOfTheGuide()
    {
        Assert.Equal(2, s_main.Programs.Count);
        var guide = new MarkdownPage(Path.Combine(Repository.Folder, "docs", "guides", "serving.md"));
        Assert.Equal(Assert.Single(guide.Programs), s_main.Programs[1]);
    }

    [Fact]
    public void TheReadmeIsShort() => Assert.InRange(File.ReadAllLines(s_main.Path).Length, 1, MostLines);

    /// <summary>The gallery shows the page without the repository around it.</summary>
    [Theory]
    [MemberData(nameof(PackageTests.Names), MemberType = typeof(PackageTests))]
    public void LinksOfAPackedReadmeAreAbsolute(string package)
    {
        MarkdownPage page = PageOf(package);
        Assert.All(page.Links, link => Assert.True(
            link.StartsWith("https://", StringComparison.Ordinal) || (link.StartsWith('#') && page.Anchors.Contains(link[1..])), link));
        Assert.Equal(File.ReadAllText(page.Path), packages.ReadText(package, "README.md"));
    }

    /// <summary>The page of its project, or else that of the repository.</summary>
    private static MarkdownPage PageOf(string package)
    {
        string own = Path.Combine(Repository.Folder, "src", package, "README.md");
        return new MarkdownPage(File.Exists(own) ? own : Path.Combine(Repository.Folder, "README.md"));
    }

    private string Run(string package, string program, string table, Action<string> look)
    {
        using var project = new FreshProject(packages, package, program);
        if (table.Length > 0)
        {
            File.Copy(Path.Combine(Repository.Folder, "examples", "data", table), Path.Combine(project.Folder, table));
        }

        string printed = project.Run();
        look(project.Folder);
        return printed;
    }
}
