namespace BpTrainer.Files;

/// <summary>
/// Writes files whole or not at all: the new content goes to a draft beside the file, reaches the disk, and takes the place of the old file
/// in one move. Whenever the process or the machine stops, the file is the old one or the new one.
/// </summary>
/// <remarks>
/// The draft has the name of the file, 32 hexadecimal digits and the extension ".draft". One that a killed process left behind is removed
/// when the file is written the next time, a minute later or more. Several threads and processes may write the same file; the last one to
/// end has it.
/// </remarks>
internal static class AtomicFile
{
    private const string DraftExtension = ".draft";

    /// <summary>
    /// A draft that nobody has written to for so long, and nobody has open, was left behind. A new one is not yet locked for a moment.
    /// </summary>
    private static readonly TimeSpan s_ageOfAbandonedDrafts = TimeSpan.FromMinutes(1);

    /// <summary>Writes a file. If that fails, an old file stays as it was.</summary>
    /// <remarks>
    /// Its directory must exist. If it is a link, the file that it leads to is written; a device such as /dev/stdout is written to, not
    /// replaced. The stream can be written and sought.
    /// </remarks>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string file = Path.GetFullPath(path);
        if (!IsDevice(file) && new FileInfo(file).LinkTarget is not null)
        {
            file = File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName;
        }

        if (IsDevice(file))
        {
            using FileStream device = new(file, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }

        string draft = $"{file}.{Guid.NewGuid():N}{DraftExtension}";

        // While it is open, nobody else takes it for one that was left behind.
        FileStream stream = new(draft, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
        try
        {
            using (stream)
            {
                KeepMode(file, stream);
                write(stream);
                stream.Flush(flushToDisk: true);
                File.Move(draft, file, overwrite: true);
            }
        }
        catch
        {
            File.Delete(draft);
            throw;
        }

        RemoveDraftsLeftBehind(file);
    }

    /// <summary>Opens a file to read; it may be replaced meanwhile.</summary>
    public static FileStream OpenRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    /// <summary>Whether the path names a device or a pipe of the process, such as /dev/stdout, that a file must not replace.</summary>
    private static bool IsDevice(string file) => !OperatingSystem.IsWindows()
        && (file.StartsWith("/dev/", StringComparison.Ordinal) || file.StartsWith("/proc/", StringComparison.Ordinal));

    /// <summary>Who may read the old file may read the new one, and nobody else.</summary>
    private static void KeepMode(string file, FileStream draft)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(file))
        {
            File.SetUnixFileMode(draft.SafeFileHandle, File.GetUnixFileMode(file));
        }
    }

    private static void RemoveDraftsLeftBehind(string file)
    {
        string prefix = Path.GetFileName(file) + ".";
        foreach (string draft in Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*" + DraftExtension))
        {
            ReadOnlySpan<char> name = Path.GetFileNameWithoutExtension(draft.AsSpan());
            if (name.StartsWith(prefix, StringComparison.Ordinal) && Guid.TryParseExact(name[prefix.Length..], "N", out _)
                && DateTime.UtcNow - File.GetLastWriteTimeUtc(draft) > s_ageOfAbandonedDrafts)
            {
                try
                {
                    new FileStream(draft, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // Somebody is writing it, who removes it or moves it.
                }
            }
        }
    }
}
