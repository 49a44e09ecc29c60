using System.Xml.Linq;

namespace BpTrainer.Benchmarks.Tests;

/// <summary>The table and the chart of the README are those that the repository's figures make.</summary>
public sealed class ComparisonTests : IDisposable
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";
    private readonly string _folder = Directory.CreateTempSubdirectory("bptrainer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheTableAndTheChartAreOfTheFiguresInTheRepository()
    {
        string images = Directory.CreateDirectory(Path.Combine(_folder, "images")).FullName;
        File.Copy(Copied("suite.jsonl"), Path.Combine(images, "suite.jsonl"));
        File.Copy(Copied("comparison.md"), Path.Combine(_folder, "comparison.md"));
        File.Copy(Copied("performance.md"), Path.Combine(_folder, "performance.md"));
        string[] printed = PlotsRun.Of("comparison", _folder);
        string[] table =
        [
            .. File.ReadLines(Copied("README.md")).SkipWhile(line => line != "<!-- table -->").Skip(1)
                .TakeWhile(line => line != "<!-- /table -->"),
        ];
        Assert.Equal(7, table.Length);
        Assert.Equal(table, printed);
        Assert.Equal(Texts(Copied("comparison.svg")), Texts(Path.Combine(images, "comparison.svg")));
    }

    private static string Copied(string name) => Path.Combine(AppContext.BaseDirectory, "comparison", name);

    private static string[] Texts(string picture) =>
        [.. XDocument.Load(picture).Descendants(s_svg + "text").Select(text => text.Value.Trim())];
}
