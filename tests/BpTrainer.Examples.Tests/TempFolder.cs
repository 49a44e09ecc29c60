namespace BpTrainer.Examples.Tests;

/// <summary>A folder for the files of one test, removed at its end.</summary>
internal sealed class TempFolder : IDisposable
{
    /// <summary>The path of the folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("bptrainer-").FullName;

    /// <summary>The path of a file that need not exist.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
