namespace BpTrainer.Examples.Compare;

/// <summary>A file that an option of the command line names, such as <c>--json FILE</c>.</summary>
internal sealed class OutputFile
{
    private readonly string _option;
    private readonly string _file;

    private OutputFile(string option, string file) => (_option, _file) = (option, file);

    /// <summary>
    /// Checks that the file can be written. This happens before any training, so that a bad path is reported at once. An existing file is
    /// not changed.
    /// </summary>
    /// <returns>The file; null if the option is not given.</returns>
    /// <exception cref="UserError">The file cannot be written.</exception>
    public static OutputFile? Create(string option, string? file)
    {
        if (file is null)
            return null;
        var output = new OutputFile(option, file);
        output.Try(() => WholeFile.Check(file));
        return output;
    }

    /// <summary>Replaces the old file with the text.</summary>
    /// <exception cref="UserError">The file cannot be written any more.</exception>
    public void Write(string text) => Try(() => WholeFile.Write(_file, text));

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserError($"{_option}: '{_file}' cannot be written: {e.Message}");
        }
    }
}
