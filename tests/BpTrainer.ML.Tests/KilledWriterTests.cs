using System.Diagnostics;
using BpTrainer.ML.Tests.Programs;

namespace BpTrainer.ML.Tests;

/// <summary>
/// A process that is killed while it writes over a file leaves the old one whole, and the next writing tidies up behind it.
/// </summary>
public sealed class KilledWriterTests : IDisposable
{
    private const int Kills = 2;
    private const int MostTrials = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("bptrainer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Kinds => [.. SavedFile.All.Select(saved => saved.Kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void LeavesTheOldFile(string kind)
    {
        SavedFile saved = SavedFile.All.Single(s => s.Kind == kind);
        string file = Path.Combine(_folder, "file");
        int kills = 0;
        for (int trial = 0; kills < Kills; trial++)
        {
            Assert.True(trial < MostTrials, $"{kind}: killed {trial} times, but only {kills} times while a draft was there");
            KillWhileWriting(kind, file);
            kills += Drafts().Any() ? 1 : 0;
            Abandon(Drafts());
            saved.Check(file);
        }

        saved.Write(file);
        saved.Check(file);
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    /// <summary>Kills a process that writes the file over and over, when it has written it once and has begun again.</summary>
    private void KillWhileWriting(string kind, string file)
    {
        using Process process = Processes.Start("save", kind, file);
        try
        {
            Assert.Equal("written", process.StandardOutput.ReadLine());
            while (!process.HasExited && !Drafts().Any(draft => new FileInfo(draft) is { Exists: true, Length: > 0 }))
            {
                Thread.Yield();
            }
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    /// <summary>As if the process had been killed some time ago.</summary>
    private static void Abandon(IEnumerable<string> drafts)
    {
        foreach (string draft in drafts)
        {
            File.SetLastWriteTimeUtc(draft, DateTime.UtcNow.AddMinutes(-2));
        }
    }

    private IEnumerable<string> Drafts() => Directory.EnumerateFiles(_folder, "*.draft");
}
