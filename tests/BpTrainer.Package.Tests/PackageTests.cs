using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace BpTrainer.Package.Tests;

/// <summary>
/// The packages have what a package should have, and a project that knows nothing but their names builds and runs with them.
/// </summary>
[Collection(nameof(Packages))]
public class PackageTests(Packages packages)
{
    private const string PipelineProgram = """
        using Microsoft.ML;
        using Microsoft.ML.Data;

        var mlContext = new MLContext(seed: 1);
        var rows = Enumerable.Range(0, 200).Select(i => new Row { Features = [i % 10, i / 10], Label = (i % 10) + (i / 10) });
        IDataView data = mlContext.Data.LoadFromEnumerable(rows);
        ITransformer model = mlContext.Regression.Trainers.BackPropagation(numberOfEpochs: 50).Fit(data);
        using var file = new MemoryStream();
        mlContext.Model.Save(model, data.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        Console.WriteLine(mlContext.Regression.Evaluate(loaded.Transform(data)).RSquared > 0.9 ? "consumed" : "wrong");

        public class Row
        {
            [VectorType(2)] public float[] Features { get; set; } = [];
            public float Label { get; set; }
        }
        """;

    private const string ReportProgram = """
        using BpTrainer.Report;
        using Microsoft.ML;
        using Microsoft.ML.Data;

        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Row { Features = [i], Label = i }));
        var model = mlContext.Regression.Trainers.BackPropagation(hiddenLayers: [4], numberOfEpochs: 5).Fit(data);
        model.WriteReport("report.html", data);
        Console.WriteLine(model.Model.History.PlotLoss().Title);

        public class Row
        {
            [VectorType(1)] public float[] Features { get; set; } = [];
            public float Label { get; set; }
        }
        """;

    private const string ClusterProgram = """
        using System.Net;
        using System.Net.Sockets;
        using BpTrainer.ML;
        using BpTrainer.Orleans;
        using Microsoft.ML;
        using Microsoft.ML.Data;

        File.WriteAllLines("rows.csv", Enumerable.Range(0, 200).Select(i => $"{i % 10},{i / 10},{(i % 10) + (i / 10)}"));
        int port = FreePort();
        using var stop = new CancellationTokenSource();
        using BpCluster cluster = BpCluster.Start(new() { Port = port });
        Task worker = BpWorker.RunAsync(new() { Port = FreePort(), Primary = new(IPAddress.Loopback, port) }, stop.Token);
        Console.WriteLine(Train(cluster).SequenceEqual(Train(cluster: null)) ? "the same bits" : "other bits");
        stop.Cancel();
        await worker;

        static byte[] Train(BpCluster? cluster)
        {
            var mlContext = new MLContext(seed: 1);
            TextLoader loader = mlContext.Data.CreateTextLoader(
                [new TextLoader.Column("Features", DataKind.Single, 0, 1), new TextLoader.Column("Label", DataKind.Single, 2)],
                separatorChar: ',');
            var options = new BackPropagationRegressionTrainer.Options(Preset.Classic) { NumberOfEpochs = 5, Seed = 1, Cluster = cluster };
            var model = mlContext.Regression.Trainers.BackPropagation(options).Fit(loader, steps: null, ["rows.csv"]);
            using var network = new MemoryStream();
            model.Model.Network.Save(network);
            return network.ToArray();
        }

        static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        """;

    public static TheoryData<string> Names => [.. Repository.Packages];

    [Theory]
    [MemberData(nameof(Names))]
    public void HasReadmeLicenceIconDocumentationAndSymbols(string name)
    {
        using ZipArchive package = ZipFile.OpenRead(packages.Find(name, "nupkg"));
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Contains("README.md", files);
        Assert.Contains("LICENSE", files);
        Assert.Contains("icon.png", files);
        Assert.Contains($"lib/net10.0/{name}.dll", files);
        Assert.Contains($"lib/net10.0/{name}.xml", files);

        XElement metadata = Metadata(package);
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.Equal("icon.png", Value(metadata, "icon"));
        Assert.NotEqual("", Value(metadata, "description"));
        Assert.Contains("neural-network", Value(metadata, "tags")!.Split(' '));

        using ZipArchive symbols = ZipFile.OpenRead(packages.Find(name, "snupkg"));
        Assert.Contains($"lib/net10.0/{name}.pdb", symbols.Entries.Select(entry => entry.FullName));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void IsDeterministicAndNamesNoFolderOfThisMachine(string name)
    {
        byte[] assembly = Read(packages.Find(name, "nupkg"), $"lib/net10.0/{name}.dll");
        using var image = new PEReader(new MemoryStream(assembly));
        Assert.Contains(image.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        byte[] symbols = Read(packages.Find(name, "snupkg"), $"lib/net10.0/{name}.pdb");
        byte[] folder = Encoding.UTF8.GetBytes(Repository.Folder);
        Assert.Equal(-1, assembly.AsSpan().IndexOf(folder));
        Assert.Equal(-1, symbols.AsSpan().IndexOf(folder));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SaysWhereItsSourceIs(string name)
    {
        using ZipArchive package = ZipFile.OpenRead(packages.Find(name, "nupkg"));
        XElement metadata = Metadata(package);
        string address = Repository.Property("RepositoryUrl");
        Assert.Equal(address, Value(metadata, "projectUrl"));
        XElement repository = metadata.Descendants().Single(e => e.Name.LocalName == "repository");
        Assert.Equal(("git", address), (repository.Attribute("type")!.Value, repository.Attribute("url")!.Value));
        Assert.Equal($"{address}/blob/v{Repository.Property("VersionPrefix")}/CHANGELOG.md", Value(metadata, "releaseNotes"));
    }

    [GitHubCloneTheory]
    [MemberData(nameof(Names))]
    public void DebuggersFindItsSource(string name)
    {
        byte[] symbols = Read(packages.Find(name, "snupkg"), $"lib/net10.0/{name}.pdb");
        const string Link = "{\"documents\":{\"/_/*\":\"https://raw.githubusercontent.com/";
        Assert.NotEqual(-1, symbols.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Link)));
    }

    [Fact]
    public void TheEngineDependsOnNothing()
    {
        using ZipArchive package = ZipFile.OpenRead(packages.Find("BpTrainer", "nupkg"));
        Assert.DoesNotContain(Metadata(package).Descendants(), e => e.Name.LocalName == "dependency");
    }

    [Fact]
    public void TheLayerStatesTheVersionsOfMicrosoftML()
    {
        using ZipArchive package = ZipFile.OpenRead(packages.Find("BpTrainer.ML", "nupkg"));
        Dictionary<string, string> dependencies = Metadata(package).Descendants().Where(e => e.Name.LocalName == "dependency")
            .ToDictionary(e => e.Attribute("id")!.Value, e => e.Attribute("version")!.Value.Replace(" ", "", StringComparison.Ordinal));
        XElement stated = XDocument.Load(Path.Combine(Repository.Folder, "Directory.Packages.props")).Root!;
        Assert.Equal($"[{Value(stated, "MicrosoftMLVersion")},{Value(stated, "MicrosoftMLLimit")})", dependencies["Microsoft.ML"]);
        Assert.Equal(dependencies["Microsoft.ML"], dependencies["Microsoft.ML.DataView"]);
        Assert.Contains("BpTrainer", dependencies.Keys);
    }

    [Fact]
    public void TheReportNeedsNothingBesideTheLayerAndMicrosoftML()
    {
        using ZipArchive package = ZipFile.OpenRead(packages.Find("BpTrainer.Report", "nupkg"));
        var dependencies = Metadata(package).Descendants().Where(e => e.Name.LocalName == "dependency");
        Assert.Equal(
            ["BpTrainer.ML", "Microsoft.ML", "Microsoft.ML.DataView"],
            dependencies.Select(e => e.Attribute("id")!.Value).Order(StringComparer.Ordinal));
    }

    /// <summary>What generates code for Orleans is needed where the package is made, not where it is used.</summary>
    [Fact]
    public void TheClusterNeedsOrleansBesideTheLayer()
    {
        using ZipArchive package = ZipFile.OpenRead(packages.Find("BpTrainer.Orleans", "nupkg"));
        var dependencies = Metadata(package).Descendants().Where(e => e.Name.LocalName == "dependency");
        Assert.Equal(
            ["BpTrainer.ML", "Microsoft.ML", "Microsoft.ML.DataView", "Microsoft.Orleans.Runtime"],
            dependencies.Select(e => e.Attribute("id")!.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AFreshProjectSavesAPipelineAndLoadsIt()
    {
        using var project = new FreshProject(packages, "BpTrainer.ML", PipelineProgram);
        Assert.Equal("consumed", project.Run());
    }

    [Fact]
    public void AFreshProjectWritesAReport()
    {
        using var project = new FreshProject(packages, "BpTrainer.Report", ReportProgram);
        Assert.Equal("Loss by epoch", project.Run());
        Assert.Contains("</html>", File.ReadAllText(Path.Combine(project.Folder, "report.html")), StringComparison.Ordinal);
    }

    /// <summary>A program and its only worker, in one process.</summary>
    [Fact]
    public void AFreshProjectTrainsOnACluster()
    {
        using var project = new FreshProject(packages, "BpTrainer.Orleans", ClusterProgram);
        Assert.Equal("the same bits", project.Run());
    }

    private static XElement Metadata(ZipArchive package)
    {
        using Stream nuspec = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Root!;
    }

    private static string? Value(XElement metadata, string name) =>
        metadata.Descendants().SingleOrDefault(e => e.Name.LocalName == name)?.Value;

    private static byte[] Read(string archive, string file)
    {
        using ZipArchive zip = ZipFile.OpenRead(archive);
        using Stream entry = zip.GetEntry(file)!.Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }
}

/// <summary>A test of links to the source, which is skipped, with a word, where the source was not cloned from GitHub.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GitHubCloneTheoryAttribute : TheoryAttribute
{
    public GitHubCloneTheoryAttribute()
    {
        string config = Path.Combine(Repository.Folder, ".git", "config");
        if (!File.Exists(config) || !File.ReadAllText(config).Contains("github.com", StringComparison.Ordinal))
        {
            Skip = "This is no clone of a repository on GitHub: SourceLink has nothing to link to.";
        }
    }
}
