using System.Diagnostics;

namespace BpTrainer.ML.Tests;

/// <summary>Programs of the tests that run in a process of their own.</summary>
internal static class Processes
{
    /// <summary>Starts a program that lies beside the tests, and whose output can be read.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        string dotnet = Environment.ProcessPath is string path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return Process.Start(new ProcessStartInfo(dotnet, ["exec", Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Runs a program that lies beside the tests, and gives the lines that it prints.</summary>
    public static string[] Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
