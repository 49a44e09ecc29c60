using System.Text.RegularExpressions;

namespace BpTrainer.Package.Tests;

/// <summary>What the pages name and link to is there.</summary>
public partial class DocsTests
{
    private const string Source = "https://github.com/BpTrainer/BpTrainer/";
    private const string Raw = "https://raw.githubusercontent.com/BpTrainer/BpTrainer/main/";

    private static readonly string s_docs = Path.Combine(Repository.Folder, "docs");

    private static readonly string s_publicApi = string.Concat(
        Directory.GetFiles(Path.Combine(Repository.Folder, "src"), "PublicAPI.*.txt", SearchOption.AllDirectories)
            .Select(File.ReadAllText));

    /// <summary>Relative links, and absolute ones into the repository, as packed pages need them.</summary>
    [Fact]
    public void EveryLinkLeadsToAFileAndAHeading()
    {
        MarkdownPage[] pages = [.. MarkdownPage.All()];
        (MarkdownPage Page, string Link)[] links = [.. pages.SelectMany(page => page.Links.Select(link => (page, link)))];
        Assert.True(links.Length > 100, $"Only {links.Length} links were found.");
        string[] dead = [.. links.Where(pair => !Leads(pair.Page, pair.Link)).Select(pair => $"{pair.Page.Path}: {pair.Link}")];
        Assert.True(dead.Length == 0, string.Join('\n', dead));
    }

    /// <summary>The site has only the pages of docs.</summary>
    [Fact]
    public void RelativeLinksOfTheSiteStayInIt()
    {
        string[] outside =
        [
            .. MarkdownPage.All().Where(page => page.Path.StartsWith(s_docs, StringComparison.Ordinal))
                .SelectMany(page => page.Links.Where(link => !link.Contains("://", StringComparison.Ordinal)
                    && !TargetOf(page, link)!.StartsWith(s_docs, StringComparison.Ordinal)).Select(link => $"{page.Path}: {link}")),
        ];
        Assert.True(outside.Length == 0, string.Join('\n', outside));
    }

    /// <summary>Every page of docs can be reached by the contents of the site.</summary>
    [Fact]
    public void TheContentsHaveEveryPage()
    {
        string contents = string.Concat(
            Directory.GetFiles(s_docs, "toc.yml", SearchOption.AllDirectories)
                .Where(path => !path.Contains("_site", StringComparison.Ordinal) && Path.GetDirectoryName(path) != Path.Combine(s_docs, "api"))
                .Select(path => Href().Replace(File.ReadAllText(path), match => Path.GetRelativePath(
                    s_docs, Path.Combine(Path.GetDirectoryName(path)!, match.Groups[1].Value)).Replace('\\', '/') + ";")));
        IEnumerable<string> pages = MarkdownPage.All().Select(page => Path.GetRelativePath(s_docs, page.Path).Replace('\\', '/'))
            .Where(page => !page.StartsWith("..", StringComparison.Ordinal) && page is not ("index.md" or "api/index.md"));
        Assert.All(pages, page => Assert.Contains($"{page};", contents, StringComparison.Ordinal));
    }

    /// <summary>Types and members on the textbook's page, such as <c>Optimizer.Momentum</c>.</summary>
    [Theory]
    [InlineData("from-the-textbook.md")]
    [InlineData("zh/from-the-textbook.md")]
    public void TheTextbookNamesPublicMembersOnly(string name)
    {
        string page = File.ReadAllText(Path.Combine(s_docs, name));
        (string Type, string Member)[] names =
        [
            .. CodeSpan().Matches(page).SelectMany(span => Name().Matches(span.Value))
                .Select(match => (match.Groups[1].Value, match.Groups[2].Value)).Distinct(),
        ];
        Assert.True(names.Length > 60, $"Only {names.Length} names were found.");
        Assert.All(names, name => Assert.Matches($@"\b{name.Type}(<\w+>)?\.{name.Member}\b", s_publicApi));
    }

    private static bool Leads(MarkdownPage page, string link)
    {
        if (TargetOf(page, link) is not { } target)
        {
            return true;
        }

        string anchor = link.Contains('#', StringComparison.Ordinal) ? link[(link.IndexOf('#') + 1)..] : "";
        return Path.Exists(target) && (anchor.Length == 0 || new MarkdownPage(target).Anchors.Contains(anchor));
    }

    /// <summary>The file that a link means; null if it is not of the repository.</summary>
    private static string? TargetOf(MarkdownPage page, string link)
    {
        string path = link.Split('#')[0];
        return path.Length == 0 ? page.Path
            : path.StartsWith(Raw, StringComparison.Ordinal) ? Path.Combine(Repository.Folder, path[Raw.Length..])
            : InSource().Match(path) is { Success: true } match ? Path.Combine(Repository.Folder, match.Groups[1].Value)
            : Workflow().Match(path) is { Success: true } run ? Path.Combine(Repository.Folder, ".github", "workflows", run.Groups[1].Value)
            : path.Contains("://", StringComparison.Ordinal) ? null
            : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.Path)!, path));
    }

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\b([A-Z]\w+)\.([A-Z]\w+)\b")]
    private static partial Regex Name();

    [GeneratedRegex(@"href: (\S+)")]
    private static partial Regex Href();

    [GeneratedRegex($"^{Source}(?:blob|tree)/main/(.*)$")]
    private static partial Regex InSource();

    [GeneratedRegex($"^{Source}actions/workflows/([^/]+)(?:/badge.svg)?$")]
    private static partial Regex Workflow();
}
