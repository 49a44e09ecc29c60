using System.Text;

namespace BpTrainer.Examples;

/// <summary>Finds the encoding of a text file that does not say it.</summary>
internal static class TextEncoding
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What programs on Windows in western countries write, Excel among them; Latin-1 is a part of it.</summary>
    public static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding("windows-1252")!;

    /// <summary>
    /// UTF-8, or <see cref="Western"/> for a file with bytes that UTF-8 does not have. A byte-order mark comes before either.
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

    /// <summary>The encoding of a name, such as utf-16, latin1 or shift_jis.</summary>
    /// <exception cref="UserError">There is no encoding of that name.</exception>
    public static Encoding Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new UserError(
                $"--encoding: there is no encoding '{name}'. There are utf-8, utf-16, latin1, windows-1252 and shift_jis, among others.");
        }
    }
}
