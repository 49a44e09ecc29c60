using System.IO.Compression;

namespace BpTrainer.ML.Tests.Programs;

/// <summary>An entry in the file that ML.NET saves: that of the model itself, unless another is named.</summary>
internal static class ModelZip
{
    private const string Model = "Model/Model.key";

    public static byte[] Read(byte[] file, string entry = Model)
    {
        using var zip = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        using Stream stream = Find(zip, entry).Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>The file with other content in the entry.</summary>
    public static byte[] Replace(byte[] file, byte[] content, CompressionLevel level = CompressionLevel.Optimal, string entry = Model)
    {
        using var stream = new MemoryStream();
        stream.Write(file);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry old = Find(zip, entry);
            string name = old.FullName;
            old.Delete();
            using Stream written = zip.CreateEntry(name, level).Open();
            written.Write(content);
        }

        return stream.ToArray();
    }

    private static ZipArchiveEntry Find(ZipArchive zip, string end) =>
        zip.Entries.Single(entry => entry.FullName.Replace('\\', '/').EndsWith(end, StringComparison.Ordinal));
}
