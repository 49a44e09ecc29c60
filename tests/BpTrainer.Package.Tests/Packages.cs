namespace BpTrainer.Package.Tests;

/// <summary>The packages, made once for all tests, in a folder that serves as a feed.</summary>
[CollectionDefinition(nameof(Packages))]
public sealed class Packages : ICollectionFixture<Packages>, IDisposable
{
    public Packages()
    {
        Feed = Directory.CreateTempSubdirectory("bptrainer-feed-").FullName;
        Pack("BpTrainer");
        if (Repository.HasMicrosoftML)
        {
            Pack("BpTrainer.ML");
        }
    }

    public string Feed { get; }

    public string Find(string name, string extension) =>
        Assert.Single(Directory.GetFiles(Feed, $"*.{extension}"), path => Path.GetFileName(path).StartsWith($"{name}.0.", StringComparison.Ordinal));

    public void Dispose() => Directory.Delete(Feed, recursive: true);

    private void Pack(string project) => Repository.Dotnet(
        Repository.Folder, "pack", Path.Combine("src", project), "--configuration", "Release", "--no-restore", "--output", Feed, "--verbosity", "quiet");
}
