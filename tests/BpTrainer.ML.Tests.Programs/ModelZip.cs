using System.IO.Compression;

namespace BpTrainer.ML.Tests.Programs;

/// <summary>The model's own entry in the file that ML.NET saves.</summary>
internal static class ModelZip
{
    private const string Entry = "Model/Model.key";

    public static byte[] Read(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        using Stream entry = Find(zip).Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>The file with other content in the entry.</summary>
    public static byte[] Replace(byte[] file, byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var stream = new MemoryStream();
        stream.Write(file);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry old = Find(zip);
            string name = old.FullName;
            old.Delete();
            using Stream entry = zip.CreateEntry(name, level).Open();
            entry.Write(content);
        }

        return stream.ToArray();
    }

    private static ZipArchiveEntry Find(ZipArchive zip) =>
        zip.Entries.Single(entry => entry.FullName.Replace('\\', '/').EndsWith(Entry, StringComparison.Ordinal));
}
