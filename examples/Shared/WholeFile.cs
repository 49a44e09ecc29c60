namespace BpTrainer.Examples;

/// <summary>
/// Writes text files completely or not at all: the text is written to a draft next to the file, which then replaces it. If the process is
/// killed, the old file remains. A device such as /dev/stdout is written to, not replaced; for a link, the file that it points to is
/// replaced.
/// </summary>
internal static class WholeFile
{
    /// <summary>Checks that a file can be written. An existing file is not changed.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Check(string file)
    {
        File.Open(file, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        if (!IsDevice(file))
        {
            File.Create(Draft(Target(file)), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
    }

    /// <summary>Writes a file, or replaces an existing one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string file, string text)
    {
        if (IsDevice(file))
        {
            File.WriteAllText(file, text);
            return;
        }

        string target = Target(file);
        File.WriteAllText(Draft(target), text);
        File.Move(Draft(target), target, overwrite: true);
    }

    private static string Draft(string file) => file + ".draft";

    private static string Target(string file) =>
        File.Exists(file) ? File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file : file;

    private static bool IsDevice(string file) => file.StartsWith("/dev/", StringComparison.Ordinal);
}
