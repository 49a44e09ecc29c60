namespace BpTrainer.Examples.Tests.Shared;

/// <summary>A file that an example writes is the old one or the new one, never half of it.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnOldFileStaysUntilItIsReplaced()
    {
        string file = _folder.Write("out.jsonl", "old");
        WholeFile.Check(file);
        Assert.Equal("old", File.ReadAllText(file));

        // Whoever reads the old file still has all of it.
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        WholeFile.Write(file, "new");
        Assert.Equal("old", reader.ReadToEnd());
        Assert.Equal("new", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void ADraftLeftBehindIsReplaced()
    {
        string file = _folder.PathOf("out.jsonl");
        _folder.Write("out.jsonl.draft", "half of a longer text");
        WholeFile.Write(file, "new");
        Assert.Equal("new", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void WhatCannotBeWrittenIsKnownAtOnce()
    {
        Assert.ThrowsAny<IOException>(() => WholeFile.Check(_folder.PathOf(Path.Combine("absent", "out.jsonl"))));
        Assert.ThrowsAny<UnauthorizedAccessException>(() => WholeFile.Check(_folder.Path));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
