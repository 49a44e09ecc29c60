namespace BpTrainer.Files;

/// <summary>
/// Writes files completely or not at all: the new content is written to a draft in the same directory, flushed to the disk, and then
/// replaces the old file in one move. Even if the process or the machine stops, the file is either the old one or the new one.
/// </summary>
/// <remarks>
/// The name of the draft is that of the file, followed by 32 hexadecimal digits and the extension ".draft". A draft that a killed process
/// left behind is removed the next time the file is written, if it is more than a minute old. Several threads and processes may write the
/// same file; the last one to finish determines its content.
/// </remarks>
internal static class AtomicFile
{
    private const string DraftExtension = ".draft";

    /// <summary>
    /// A draft that was not written for this long and is not open was left behind. The time is needed because a new draft is not locked for
    /// a moment.
    /// </summary>
    private static readonly TimeSpan s_ageOfAbandonedDrafts = TimeSpan.FromMinutes(1);

    /// <summary>Writes a file. If this fails, an existing file is not changed.</summary>
    /// <remarks>
    /// The directory must exist. If the file is a link, its target is written. A device such as /dev/stdout is written to, not replaced.
    /// The stream supports writing and seeking.
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

        // While the draft is open, it does not count as left behind.
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

    /// <summary>Opens a file for reading; it may be replaced meanwhile.</summary>
    public static FileStream OpenRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    /// <summary>Whether the path names a device or a pipe of the process, such as /dev/stdout, that a file must not replace.</summary>
    private static bool IsDevice(string file) => !OperatingSystem.IsWindows()
        && (file.StartsWith("/dev/", StringComparison.Ordinal) || file.StartsWith("/proc/", StringComparison.Ordinal));

    /// <summary>Gives the new file the access rights of the old one.</summary>
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
                    // Another writer has the draft open and will move or remove it.
                }
            }
        }
    }
}
