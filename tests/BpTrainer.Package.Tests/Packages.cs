using System.IO.Compression;

namespace BpTrainer.Package.Tests;

/// <summary>The packages, made once for all tests, in a folder that serves as a feed.</summary>
[CollectionDefinition(nameof(Packages))]
public sealed class Packages : ICollectionFixture<Packages>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bptrainer-packages-").FullName;

    public Packages()
    {
        foreach (string name in Repository.Packages)
        {
            Repository.Dotnet(
                Repository.Folder, "pack", Path.Combine("src", name), "--configuration", "Release", "--no-restore", "--output", Feed,
                "--verbosity", "quiet");
        }
    }

    public string Feed => Path.Combine(_folder, "feed");

    /// <summary>Where fresh projects restore to. It is empty at first, so nothing comes from what this machine already has.</summary>
    public string Restored => Path.Combine(_folder, "restored");

    public string Find(string name, string extension) =>
        Path.Combine(Feed, $"{name}.{Repository.Property("VersionPrefix")}.{extension}");

    /// <summary>A text that is in a package.</summary>
    public string ReadText(string name, string file)
    {
        using ZipArchive package = ZipFile.OpenRead(Find(name, "nupkg"));
        using var reader = new StreamReader(package.GetEntry(file)!.Open());
        return reader.ReadToEnd();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
