using System.Globalization;
using System.Xml.Linq;
using BpTrainer.Examples.Playground;

namespace BpTrainer.Examples.Tests.Playground;

/// <summary>The page of decision surfaces, and what it shows.</summary>
[Collection(nameof(ConsoleTests))]
public sealed class PlaygroundTests : IDisposable
{
    private static readonly string[] s_sets = ["Moons", "Circles", "Spirals", "XOR"];

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Sets => [.. s_sets];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ThePageHasASurfaceForEverySetEpochAndOptimizer()
    {
        string file = _folder.PathOf("page.html");
        ProgramRun run = ProgramRun.OfAssembly("Playground", file);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));

        XElement page = XDocument.Load(file).Root!;
        Assert.Equal(s_sets, page.Descendants("h2").Select(heading => heading.Value));
        XElement[] surfaces = [.. page.Descendants("svg")];
        Assert.Equal(
            from set in s_sets
            from epoch in SurfaceRun.Epochs
            from optimizer in new[] { "Momentum", "Momentum, adaptive rate" }
            select $"{set}, {optimizer}, epoch {epoch}",
            surfaces.Select(surface => surface.Attribute("aria-label")!.Value.Split(": ")[0]));
        Assert.All(surfaces, surface =>
        {
            Assert.Equal(200, surface.Elements("circle").Count());
            Assert.Equal(Surface.Cells * Surface.Cells, surface.Elements("rect").Sum(cells => (int)cells.Attribute("width")!));
            Assert.All(surface.Elements("circle").Attributes("cx"), x =>
                Assert.InRange(double.Parse(x.Value, CultureInfo.InvariantCulture), 0, Surface.Cells));
        });

        // Nothing is loaded from anywhere.
        string text = File.ReadAllText(file);
        Assert.DoesNotContain("http://", text, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", text, StringComparison.Ordinal);
    }

    /// <summary>The picture of the README.</summary>
    [Fact]
    public void ASvgFileHasTheSpiralsAtEveryEpoch()
    {
        string file = _folder.PathOf("spirals.svg");
        ProgramRun run = ProgramRun.OfAssembly("Playground", file);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        XElement picture = XDocument.Load(file).Root!;
        XNamespace svg = picture.Name.Namespace;
        XElement[] surfaces = [.. picture.Elements(svg + "g")];
        Assert.Equal(SurfaceRun.Epochs.Count, surfaces.Length);
        Assert.All(surfaces, surface => Assert.Equal(200, surface.Elements(svg + "circle").Count()));
        Assert.StartsWith("epoch 3,000: ", picture.Elements(svg + "text").Last().Value, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void BothOptimizersLearnEverySetFromTheSameWeights(string name)
    {
        PointSet set = PointSet.All.Single(set => set.Name == name);
        IReadOnlyList<SurfaceRun> runs = SurfaceRun.Both(set);
        Assert.All(runs, run =>
        {
            Assert.Equal(SurfaceRun.Epochs, run.Surfaces.Select(surface => surface.Epoch.Epoch));
            Assert.True(run.Surfaces[0].Accuracy < 0.9, $"{run.Surfaces[0].Accuracy} after an epoch");
            Assert.True(run.Surfaces[^1].Accuracy > 0.98, $"{run.Surfaces[^1].Accuracy} at the end");
            Assert.All(run.Surfaces[^1].Probabilities, probability => Assert.InRange(probability, 0, 1));
        });
        Assert.All(runs[0].History, epoch => Assert.True(epoch.IsAccepted));
        Assert.Contains(runs[1].History, epoch => !epoch.IsAccepted);
    }

    [Fact]
    public void ACellIsColoredByWhatTheNetworkSaysAtItsCenter()
    {
        // The cells of the XOR that lie in the middle of the four quadrants, from the upper left one on.
        Surface last = SurfaceRun.Both(PointSet.All.Single(set => set.Name == "XOR"))[0].Surfaces[^1];
        int near = Surface.Cells / 4, far = 3 * Surface.Cells / 4;
        Assert.Equal(-Surface.Grid[2 * near], Surface.Grid[2 * (far - 1)], 1e-6f);
        Assert.Equal(
            [true, false, false, true],
            new[] { (near, near), (near, far), (far, near), (far, far) }.Select(cell =>
                last.Probabilities[(cell.Item1 * Surface.Cells) + cell.Item2] > 0.5f));
    }

    [Fact]
    public void AFileThatCannotBeWrittenIsAUserError()
    {
        string file = _folder.PathOf(Path.Combine("absent", "page.html"));
        ProgramRun.OfAssembly("Playground", file).AssertUserError($"'{file}' cannot be written");
    }
}
