namespace BpTrainer.Examples.Compare.Tests;

/// <summary>A folder for the files of one test, removed at its end.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("compare-tests-").FullName;

    /// <summary>The path of a file that need not exist.</summary>
    public string PathOf(string name) => Path.Combine(_path, name);

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
