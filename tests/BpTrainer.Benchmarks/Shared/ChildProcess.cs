using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace BpTrainer.Benchmarks;

/// <summary>Another process of this program, for what only a fresh process shows.</summary>
internal static class ChildProcess
{
    /// <summary>The JSON line that the program of the calling assembly prints when it is run with these arguments.</summary>
    public static JsonObject Line(params string[] arguments)
    {
        string dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        string program = Path.Combine(AppContext.BaseDirectory, $"{Assembly.GetCallingAssembly().GetName().Name}.dll");
        using Process process =
            Process.Start(new ProcessStartInfo(dotnet, ["exec", program, .. arguments]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonNode.Parse(output)!.AsObject()
            : throw new UserError($"'{string.Join(' ', arguments)}' ended with exit code {process.ExitCode}.");
    }
}
