using System.Text.RegularExpressions;

namespace BpTrainer.Package.Tests;

/// <summary>What the pages of docs name is there.</summary>
public partial class DocsTests
{
    private static readonly string s_publicApi = string.Concat(
        Directory.GetFiles(Path.Combine(Repository.Folder, "src"), "PublicAPI.*.txt", SearchOption.AllDirectories)
            .Select(File.ReadAllText));

    /// <summary>Types and members on the textbook's page, such as <c>Optimizer.Momentum</c>.</summary>
    [Fact]
    public void TheTextbookNamesPublicMembersOnly()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "from-the-textbook.md"));
        (string Type, string Member)[] names =
        [
            .. CodeSpan().Matches(page).SelectMany(span => Name().Matches(span.Value))
                .Select(match => (match.Groups[1].Value, match.Groups[2].Value)).Distinct(),
        ];
        Assert.True(names.Length > 60, $"Only {names.Length} names were found.");
        Assert.All(names, name => Assert.Matches($@"\b{name.Type}(<\w+>)?\.{name.Member}\b", s_publicApi));
    }

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\b([A-Z]\w+)\.([A-Z]\w+)\b")]
    private static partial Regex Name();
}
