using System.Diagnostics;

namespace BpTrainer.ML.Tests;

/// <summary>Nothing reads memory that the garbage collector has taken back. In a process of its own, which a fault would end.</summary>
public class GcStressTests
{
    private const string Seconds = "10";

    [Fact]
    public async Task No_bit_is_wrong_while_the_collector_takes_back_what_was_just_used()
    {
        string dotnet = Environment.ProcessPath is string path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        string host = Path.Combine(AppContext.BaseDirectory, "BpTrainer.ML.Tests.Stress.dll");
        using var process = Process.Start(new ProcessStartInfo(dotnet, ["exec", host, Seconds]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        Assert.Contains("ML.NET, rows", output);
    }
}
