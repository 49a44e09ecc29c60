using System.Text;

namespace BpTrainer.Examples;

/// <summary>Finds the encoding of a text file that does not specify it.</summary>
internal static class TextEncoding
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The encoding that programs such as Excel use on Windows in western countries; it includes Latin-1.</summary>
    public static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding("windows-1252")!;

    /// <summary>
    /// Returns UTF-8, or <see cref="Western"/> for a file with bytes that are not valid in UTF-8. A byte-order mark takes precedence.
    /// </summary>
    public static Encoding Of(string file)
    {
        try
        {
            using var reader = new StreamReader(file, s_strictUtf8, detectEncodingFromByteOrderMarks: true);
            Span<char> buffer = stackalloc char[4096];
            while (reader.Read(buffer) > 0)
            {
            }
            return s_strictUtf8;
        }
        catch (DecoderFallbackException)
        {
            return Western;
        }
    }

    /// <summary>Returns the encoding with a name such as utf-16, latin1 or shift_jis.</summary>
    /// <exception cref="UserError">There is no encoding with that name.</exception>
    public static Encoding Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new UserError(
                $"--encoding: there is no encoding '{name}'. Some that exist are utf-8, utf-16, latin1, windows-1252 and shift_jis.");
        }
    }
}
