using System.Text;
using System.Text.RegularExpressions;

namespace BpTrainer.Package.Tests;

/// <summary>A page in Markdown: its links, the anchors of its headings, and its programs.</summary>
internal sealed partial class MarkdownPage
{
    private readonly string _prose;

    /// <summary>Reads a page.</summary>
    /// <param name="path">Its path.</param>
    public MarkdownPage(string path)
    {
        Path = path;
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        Programs = [.. Block().Matches(text).Where(match => match.Groups[1].Value == "csharp").Select(match => match.Groups[2].Value)];
        _prose = Block().Replace(text, "");
    }

    /// <summary>The path of its file.</summary>
    public string Path { get; }

    /// <summary>Its blocks of C#.</summary>
    public IReadOnlyList<string> Programs { get; }

    /// <summary>Where its links and pictures lead, in the order of the page.</summary>
    public IEnumerable<string> Links => Link().Matches(CodeSpan().Replace(_prose, "")).Select(match => match.Groups[1].Value);

    /// <summary>The anchors of its headings, as GitHub and docfx make them: a heading that comes again has a number behind it.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            HashSet<string> anchors = [];
            foreach (string anchor in Heading().Matches(_prose).Select(match => Anchor(match.Groups[1].Value)))
            {
                for (int again = 0; !anchors.Add(again == 0 ? anchor : $"{anchor}-{again}"); again++)
                {
                }
            }

            return anchors;
        }
    }

    /// <summary>The pages of the repository.</summary>
    public static IEnumerable<MarkdownPage> All() =>
        Directory.GetFiles(Repository.Folder, "*.md", SearchOption.AllDirectories)
            .Where(path => !Generated().IsMatch(path.Replace('\\', '/')))
            .Select(path => new MarkdownPage(path));

    private static string Anchor(string heading)
    {
        var anchor = new StringBuilder();
        foreach (char letter in LinkText().Replace(heading, "$1").ToLowerInvariant().Trim())
        {
            if (char.IsLetterOrDigit(letter) || letter is '-' or '_')
            {
                anchor.Append(letter);
            }
            else if (letter == ' ')
            {
                anchor.Append('-');
            }
        }

        return anchor.ToString();
    }

    [GeneratedRegex("^```(\\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("/(bin|obj|_site|node_modules|TestResults)/")]
    private static partial Regex Generated();
}
