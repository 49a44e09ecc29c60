using System.Xml.Linq;
using BpTrainer.Examples.Compare;

namespace BpTrainer.Examples.Tests.Compare;

/// <summary>The report of a comparison as a page.</summary>
[Trait("Needs", "LightGbm")]
public sealed class HtmlReportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder.PathOf("report.html");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("iris", "petal_length", "Micro accuracy")]
    [InlineData("glaucoma", "ag", "Accuracy")]
    [InlineData("diabetes", "bmi", "RMSE")]
    public void ThePageShowsEveryTrainerOfTheComparison(string table, string feature, string metric)
    {
        string[] trainers = ["BackPropagation:hidden=8:epochs=5", "BackPropagation:hidden=8:adaptive=true:epochs=5", "LightGbm"];
        ProgramRun run = Run(
            "--suite", "--tables", table, "--splits", "2", "--hidden", "8", "--epochs", "5",
            "--trainers", "BackPropagation,BackPropagation:adaptive=true,LightGbm");
        Assert.Equal(0, run.ExitCode);

        string page = System.IO.File.ReadAllText(File);
        string text = XDocument.Parse(page).Root!.Value;
        Assert.All(trainers, trainer => Assert.Contains(trainer, text));
        Assert.Contains(metric, text);
        Assert.Contains("over 2 splits of the rows", text);
        Assert.Contains("HiddenLayers", text);
        Assert.Contains($">{feature}<", page);
    }

    [Fact]
    public void ATrainerThatIsLeftOutIsNamedWithItsReason()
    {
        string data = _folder.Write("data.csv", "x,y\n" + string.Concat(Enumerable.Range(-50, 100).Select(x => $"{x},{3 * x}\n")));
        ProgramRun run = Run(
            "--data", data, "--label", "y", "--task", "regression", "--splits", "1", "--trainers", "Lbfgs,BackPropagation",
            "--epochs", "3");
        Assert.Equal(0, run.ExitCode);
        string text = XDocument.Load(File).Root!.Value;
        Assert.Contains("left out: Poisson regression does not accept negative labels", text);
        Assert.Contains("BackPropagation:epochs=3 is the only one with results", text);
    }

    [Fact]
    public void WithoutAnyResultsThePageSaysSo()
    {
        TrainerResult failed = new("Broken");
        failed.Fail("failed: no luck");
        string page = HtmlReport.Of(TestProblems.Separable(), [failed]);
        Assert.Contains("failed: no luck", XDocument.Parse(page).Root!.Value);
    }

    [Theory]
    [InlineData]
    [InlineData("--suite")]
    [InlineData("--suite", "--tables", "iris,credit")]
    public void OneSetOnly(params string[] arguments) => Run(arguments).AssertUserError("--report is about one set: add --data FILE, or");

    [Fact]
    public void AFileThatCannotBeWrittenIsKnownBeforeAnyTraining() => ProgramRun.Of(
        CommandLine.Run, "--suite", "--tables", "iris", "--report", _folder.PathOf(Path.Combine("absent", "report.html")))
        .AssertUserError("--report: '");

    private ProgramRun Run(params string[] arguments) => ProgramRun.Of(CommandLine.Run, [.. arguments, "--report", File]);
}
