using System.Diagnostics;

namespace BpTrainer.Benchmarks.Tests;

/// <summary>The program BpTrainer.Benchmarks.Plots, which is not copied beside these tests: its native libraries are large.</summary>
internal static class PlotsRun
{
    /// <summary>Runs the program to a good end.</summary>
    /// <returns>The lines that it printed.</returns>
    public static string[] Of(params string[] arguments)
    {
        const string Program = "BpTrainer.Benchmarks.Plots";
        string path = Path.Combine(AppContext.BaseDirectory.Replace("BpTrainer.Benchmarks.Tests", Program), $"{Program}.dll");
        string dotnet = Environment.ProcessPath is string own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
        using Process process = Process.Start(new ProcessStartInfo(dotnet, ["exec", path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
