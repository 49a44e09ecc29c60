namespace BpTrainer.Package.Tests;

/// <summary>A project in a folder of its own that knows one of our packages by its name, and a program.</summary>
internal sealed class FreshProject : IDisposable
{
    private readonly string _package;

    public FreshProject(Packages packages, string package, string program)
    {
        _package = package;

        // The packages of other authors come from where this machine already has them; ours only from the feed.
        string cache = Repository.Dotnet(Repository.Folder, "nuget", "locals", "global-packages", "--list").Split("global-packages:")[1].Trim();
        File.WriteAllText(Path.Combine(Folder, "Fresh.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
                <RestorePackagesPath>{Path.Combine(Folder, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{cache}</RestoreFallbackFolders>
                <RestoreAdditionalProjectSources>{packages.Feed}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="0.1.0" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(Folder, "Program.cs"), program);
    }

    /// <summary>Where the program runs.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("bptrainer-fresh-").FullName;

    /// <summary>Builds and runs the program.</summary>
    /// <returns>What it printed.</returns>
    public string Run()
    {
        string printed = Repository.Dotnet(Folder, "run", "--configuration", "Release").Trim();
        Assert.True(Directory.Exists(Path.Combine(Folder, "packages", _package.ToLowerInvariant(), "0.1.0")), $"{_package} did not come from the feed");
        return printed;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
