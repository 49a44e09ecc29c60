using System.Globalization;
using System.Text.RegularExpressions;

namespace BpTrainer.Package.Tests;

/// <summary>The programs of the README run as they stand there, in a project that has nothing but the package.</summary>
[Collection(nameof(Packages))]
public partial class ReadmeTests(Packages packages)
{
    [Fact]
    public void TheProgramOfTheEngineRuns()
    {
        using var project = new FreshProject(packages, "BpTrainer", ProgramOf(isPipeline: false));
        Assert.Matches(@"^TargetLossReached after \d+ epochs$", project.Run());
    }

    [Fact]
    public void TheProgramOfThePipelineRuns()
    {
        using var project = new FreshProject(packages, "BpTrainer.ML", ProgramOf(isPipeline: true));
        File.Copy(Path.Combine(Repository.Folder, "examples", "data", "iris.csv"), Path.Combine(project.Folder, "iris.csv"));
        Assert.InRange(double.Parse(project.Run(), CultureInfo.InvariantCulture), 0.8, 1);
        Assert.True(File.Exists(Path.Combine(project.Folder, "iris.zip")));
    }

    /// <summary>The one program of its kind: another one in the README needs a test of its own.</summary>
    private static string ProgramOf(bool isPipeline) => Assert.Single(
        Program().Matches(File.ReadAllText(Path.Combine(Repository.Folder, "README.md"))).Select(match => match.Groups[1].Value),
        program => program.Contains("using Microsoft.ML;", StringComparison.Ordinal) == isPipeline);

    [GeneratedRegex("^```csharp\\r?\\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Program();
}
