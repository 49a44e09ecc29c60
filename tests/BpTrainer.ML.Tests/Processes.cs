using System.Diagnostics;

namespace BpTrainer.ML.Tests;

/// <summary>The program BpTrainer.ML.Tests.Programs, which runs commands in a process of their own.</summary>
internal static class Processes
{
    /// <summary>Starts a command, whose output can be read.</summary>
    public static Process Start(params string[] arguments)
    {
        string dotnet = Environment.ProcessPath is string path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        string program = Path.Combine(AppContext.BaseDirectory, "BpTrainer.ML.Tests.Programs.dll");
        return Process.Start(new ProcessStartInfo(dotnet, ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Runs a command that must succeed, and gives the lines that it prints.</summary>
    public static string[] Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
