using System.Text.RegularExpressions;

namespace BpTrainer.Examples.Tests.Docs;

/// <summary>
/// A page of the documentation. Its blocks marked csharp, one after the other, are one program; its blocks of plain text are what that
/// prints. Blocks marked cs are pieces of programs.
/// </summary>
internal sealed partial class DocsPage
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "docs");

    private readonly string _text;

    private DocsPage(string name) => _text = File.ReadAllText(Path.Combine(s_folder, name)).ReplaceLineEndings("\n");

    /// <summary>The names of the pages with a program, such as guides/onnx.md.</summary>
    public static IReadOnlyList<string> WithPrograms { get; } =
    [
        .. Directory.GetFiles(s_folder, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(s_folder, path).Replace('\\', '/'))
            .Where(name => Of(name).Program.Length > 0).Order(StringComparer.Ordinal),
    ];

    /// <summary>The program; empty if there is none.</summary>
    public string Program => Joined("csharp");

    /// <summary>What it prints, as far as the page says it.</summary>
    public string Output => Joined("text");

    /// <summary>Pieces of programs that need more than one machine.</summary>
    public IEnumerable<string> Pieces => Blocks("cs");

    /// <summary>The page of a name.</summary>
    public static DocsPage Of(string name) => new(name);

    private string Joined(string language) => string.Join('\n', Blocks(language));

    private IEnumerable<string> Blocks(string language) =>
        Block().Matches(_text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    [GeneratedRegex("^```(\\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
