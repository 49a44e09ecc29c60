namespace BpTrainer.Package.Tests;

/// <summary>The packages, made once for all tests, in a folder that serves as a feed.</summary>
[CollectionDefinition(nameof(Packages))]
public sealed class Packages : ICollectionFixture<Packages>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bptrainer-packages-").FullName;

    public Packages()
    {
        Pack("BpTrainer");
        Pack("BpTrainer.ML");
        Pack("BpTrainer.Report");
    }

    public string Feed => Path.Combine(_folder, "feed");

    /// <summary>Where fresh projects restore to. It is empty at first, so nothing comes from what this machine already has.</summary>
    public string Restored => Path.Combine(_folder, "restored");

    public string Find(string name, string extension) =>
        Assert.Single(
            Directory.GetFiles(Feed, $"*.{extension}"), path => Path.GetFileName(path).StartsWith($"{name}.0.", StringComparison.Ordinal));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Pack(string project) => Repository.Dotnet(
        Repository.Folder, "pack", Path.Combine("src", project), "--configuration", "Release", "--no-restore", "--output", Feed,
        "--verbosity", "quiet");
}
