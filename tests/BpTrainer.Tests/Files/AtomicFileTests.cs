using System.IO.Pipes;
using System.Text;
using BpTrainer.Files;

namespace BpTrainer.Tests.Files;

/// <summary>
/// A file is written whole or not at all. That a killed process leaves the old one is tested where processes are started.
/// </summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bp-atomic-").FullName;
    private readonly string _file;

    public AtomicFileTests() => _file = Path.Combine(_folder, "a[b]*.model");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NothingElseIsLeft()
    {
        Write("first, and longer");
        Write("second");
        Assert.Equal("second", File.ReadAllText(_file));
        Assert.Equal([_file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void AWritingThatFailsLeavesTheOldFileAndNoDraft()
    {
        Write("old");
        Assert.Throws<InvalidTimeZoneException>(() => AtomicFile.Write(_file, stream =>
        {
            stream.Write("half"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(_file));
            throw new InvalidTimeZoneException();
        }));
        Assert.Equal("old", File.ReadAllText(_file));
        Assert.Equal([_file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void ADeviceIsWrittenToAndNotReplaced()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // It has no such paths.
        }

        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        AtomicFile.Write($"/dev/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}", stream => stream.Write("content"u8));
        var read = new byte["content".Length];
        pipe.ReadExactly(read);
        Assert.Equal("content"u8, read);
    }

    [Fact]
    public void ANetworkThatCannotBeSavedLeavesTheOldFile()
    {
        Network<float> network = Examples.Network<float>();
        network.Save(_file);
        byte[] old = network.ToBytes();
        network.Layers[0].SetWeight(0, 0, float.NaN);
        var error = Assert.Throws<InvalidOperationException>(() => network.Save(_file));
        Assert.Contains("not a finite number", error.Message, StringComparison.Ordinal);
        Assert.Equal(old, Network<float>.Load(_file).ToBytes());
        Assert.Equal([_file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void DraftsLeftBehindAreRemovedButNothingElse()
    {
        string draft = $"{_file}.{Guid.NewGuid():N}.draft";
        string young = $"{_file}.{Guid.NewGuid():N}.draft";
        string[] others =
        [
            young, _file + ".draft", _file + ".old.draft", $"{_folder}/other.{Guid.NewGuid():N}.draft", $"{_file}.{Guid.NewGuid():N}"
        ];
        foreach (string name in (string[])[draft, .. others])
        {
            File.WriteAllText(name, "left");
            File.SetLastWriteTimeUtc(name, DateTime.UtcNow.AddMinutes(name == young ? 0 : -2));
        }

        Write("new");
        Assert.Equal([.. others.Append(_file).Order()], Directory.GetFiles(_folder).Order());
    }

    [Fact]
    public void TheDraftOfAnotherWriterIsLeftToIt()
    {
        AtomicFile.Write(_file, stream =>
        {
            Write("inner");
            stream.Write("outer"u8);
        });
        Assert.Equal("outer", File.ReadAllText(_file));
        Assert.Equal([_file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void WritersAndReadersAtOnceSeeWholeFilesOnly()
    {
        string[] texts = [.. Enumerable.Range(1, 4).Select(i => new string((char)('a' + i), 100_000 * i))];
        Write(texts[0]);
        Parallel.For(0, 80, i =>
        {
            if (i % 2 == 0)
            {
                Write(texts[i / 2 % texts.Length]);
            }

            using var reader = new StreamReader(AtomicFile.OpenRead(_file));
            Assert.Contains(reader.ReadToEnd(), texts);
        });
        Assert.Equal([_file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void ALinkStaysOneAndItsFileKeepsItsMode()
    {
        if (OperatingSystem.IsWindows())
        {
            // There, links need a privilege, and files have no mode.
            return;
        }

        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite;
        string link = Path.Combine(_folder, "link");
        Write("old");
        File.SetUnixFileMode(_file, Mode);
        File.CreateSymbolicLink(link, _file);
        AtomicFile.Write(link, stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(_file));
        Assert.Equal(_file, new FileInfo(link).LinkTarget);
        Assert.Equal(Mode, File.GetUnixFileMode(_file));
    }

    [Fact]
    public void AFolderThatIsMissingIsSaidWithTheFile()
    {
        string path = Path.Combine(_folder, "missing", "file");
        var error = Assert.Throws<DirectoryNotFoundException>(() => Examples.Network<float>().Save(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("path", () => AtomicFile.Write("", _ => { }));
        Assert.Throws<ArgumentNullException>("write", () => AtomicFile.Write(_file, null!));
    }

    [Fact]
    public void NetworksEnsemblesAndJsonGoToFilesAndBack()
    {
        Network<float> network = Examples.Network<float>();
        network.Save(_file);
        Assert.Equal(network.ToBytes(), Network<float>.Load(_file).ToBytes());
        new NetworkEnsemble<float>(network, network).Save(_file);
        Assert.Equal(network.ToBytes(), NetworkEnsemble<float>.Load(_file).Networks[1].ToBytes());
        network.SaveJson(_file);
        Assert.Equal(network.ToJson(), File.ReadAllText(_file));
        Assert.Throws<InvalidDataException>(() => Network<float>.Load(_file));
    }

    private void Write(string text) => AtomicFile.Write(_file, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
