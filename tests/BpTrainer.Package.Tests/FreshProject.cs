using System.Text.Json;

namespace BpTrainer.Package.Tests;

/// <summary>A project in a folder of its own that knows one of our packages by its name, and a program.</summary>
internal sealed class FreshProject : IDisposable
{
    private readonly Packages _packages;
    private readonly string _package;

    /// <param name="packages">Where the package comes from.</param>
    /// <param name="package">The name of the package.</param>
    /// <param name="program">The source of the program.</param>
    /// <param name="properties">More properties of the project.</param>
    public FreshProject(Packages packages, string package, string program, string properties = "")
    {
        _packages = packages;
        _package = package;

        // Our packages are in the feed; those of other authors come from the sources that this machine has configured.
        File.WriteAllText(Path.Combine(Folder, "Fresh.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
                <RestoreAdditionalProjectSources>{packages.Feed}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{packages.Restored}</RestorePackagesPath>
                <RestoreFallbackFolders>clear</RestoreFallbackFolders>
                <RestoreNoHttpCache>true</RestoreNoHttpCache>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{Repository.Property("VersionPrefix")}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(Folder, "Program.cs"), program);
    }

    /// <summary>Where the program runs.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("bptrainer-fresh-").FullName;

    /// <summary>Builds and runs the program, and checks where its packages came from.</summary>
    /// <returns>What it printed.</returns>
    public string Run()
    {
        string printed = Repository.Dotnet(Folder, "run", "--configuration", "Release").Trim();
        JsonElement folders = Read(Path.Combine(Folder, "obj", "project.assets.json")).GetProperty("packageFolders");
        Assert.Equal([_packages.Restored], folders.EnumerateObject().Select(folder => Path.TrimEndingDirectorySeparator(folder.Name)));
        Assert.Contains(Path.Combine(_packages.Restored, _package.ToLowerInvariant()), Directory.GetDirectories(_packages.Restored));
        foreach (string restored in Directory.GetDirectories(_packages.Restored))
        {
            // NuGet notes the source beside each version of a package.
            string[] notes = Directory.GetFiles(restored, ".nupkg.metadata", SearchOption.AllDirectories);
            bool isOurs = Path.GetFileName(restored).StartsWith("bptrainer", StringComparison.Ordinal);
            Assert.NotEmpty(notes);
            Assert.All(notes, note => Assert.Equal(isOurs, Read(note).GetProperty("source").GetString() == _packages.Feed));
        }

        return printed;
    }

    /// <summary>Publishes the program and runs what was published, without the SDK.</summary>
    /// <returns>What it printed.</returns>
    public string Publish()
    {
        string published = Path.Combine(Folder, "published");
        Repository.Dotnet(Folder, "publish", "--use-current-runtime", "--output", published);
        return Repository.Run(Path.Combine(published, OperatingSystem.IsWindows() ? "Fresh.exe" : "Fresh"), Folder).Trim();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(file)).RootElement;
}
