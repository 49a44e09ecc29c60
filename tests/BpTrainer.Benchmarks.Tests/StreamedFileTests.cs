using System.Diagnostics;
using System.Text.Json;

namespace BpTrainer.Benchmarks.Tests;

/// <summary>Rows that do not fit into memory are learned from all the same, and leave nothing behind.</summary>
public sealed class StreamedFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bptrainer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RowsLargerThanTheHeapAreLearnedFrom()
    {
        // In memory the rows take 30 features, a label and 8 bytes of order each, 39.6 MB. The runtime of this process gives out 32 MiB and
        // no more:
        // with --memory 200 it ends with "Out of memory".
        const int Rows = 300000, Limit = 32 << 20;
        Assert.True(Rows * ((sizeof(float) * 31L) + 8) > 1.15 * Limit);
        var start = new ProcessStartInfo(
            Environment.ProcessPath is string path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "BpTrainer.ML.Benchmarks.dll"), "stream",
                "--rows", $"{Rows}", "--features", "30", "--epochs", "1", "--memory", "4",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DOTNET_GCHeapHardLimit"] = $"{Limit:X}",
                ["TMPDIR"] = _folder,
                ["TMP"] = _folder,
            },
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        JsonElement line = JsonDocument.Parse(output).RootElement;
        Assert.True(line.GetProperty("streamed").GetBoolean());
        Assert.Equal(Rows, line.GetProperty("rows").GetInt32());
        Assert.InRange(line.GetProperty("validation_loss").GetDouble(), 0, 0.05);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData(nameof(StreamedFile.Step.Writing))]
    [InlineData(nameof(StreamedFile.Step.Learning))]
    public void TheFileIsDeletedWhenItIsStopped(string when)
    {
        using var stop = new CancellationTokenSource();
        bool wasThere = false;
        Assert.ThrowsAny<OperationCanceledException>(() => StreamedFile.Measure(_folder, 2_000, 30, 1, 1_000_000, stop.Token, step =>
        {
            if (step.ToString() == when)
            {
                wasThere = Directory.GetFiles(_folder).Length == 1;
                stop.Cancel();
            }
        }));
        Assert.True(wasThere);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void AFolderThatIsNotThereIsNamed()
    {
        string folder = Path.Combine(_folder, "nowhere");
        var error = Assert.Throws<Examples.UserError>(() => StreamedFile.Measure(folder, 10, 2, 1, 1, CancellationToken.None));
        Assert.Contains($"'{folder}'", error.Message, StringComparison.Ordinal);
    }
}
