using System.Diagnostics;
using System.Xml.Linq;

namespace BpTrainer.Package.Tests;

/// <summary>The folder of the source, and what builds it.</summary>
internal static class Repository
{
    public static string Folder { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The names of the projects that are packed.</summary>
    public static string[] Packages { get; } =
    [
        .. Directory.GetFiles(Path.Combine(Folder, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal),
    ];

    /// <summary>A property that Directory.Build.props states.</summary>
    public static string Property(string name) =>
        XDocument.Load(Path.Combine(Folder, "Directory.Build.props")).Descendants(name).Single().Value;

    /// <summary>Runs dotnet and gives its output.</summary>
    public static string Dotnet(string folder, params string[] arguments) => Run("dotnet", folder, arguments);

    /// <summary>Runs a program and gives its output.</summary>
    public static string Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output}\n{errors.Result}");
        return output;
    }

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "BpTrainer.sln"))
            ? folder
            : Find(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("BpTrainer.sln"));
}
