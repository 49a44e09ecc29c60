using System.Text.RegularExpressions;

namespace BpTrainer.Tests.Architecture;

/// <summary>
/// The folders of a project in src, and which of them each folder uses: by using directives, since internal types are in the namespace of
/// their folder, and by the names of public types, which are all in one namespace. Read from the text of the files.
/// </summary>
internal sealed partial class SourceFolders
{
    /// <summary>The name of what lies beside the project file.</summary>
    public const string Root = "(root)";

    // A name behind another word is a member of that type, unless the word is one of these.
    private const string Keywords =
        "abstract|and|as|async|await|case|delegate|else|event|explicit|implicit|in|is|new|not|operator|or|out|override|params|readonly|ref|"
        + "required|return|scoped|static|this|throw|virtual|volatile|where";

    private readonly string _project;
    private readonly Dictionary<string, string> _publicTypes = [];
    // The properties of a folder that have the name of a type, but not the type.
    private readonly HashSet<(string Folder, string Name)> _properties = [];
    private readonly List<(string Folder, string File, string Code)> _files = [];

    /// <param name="project">The name of the project, which is its root namespace too.</param>
    public SourceFolders(string project)
    {
        _project = project;
        string folder = Path.Combine(Repository(AppContext.BaseDirectory), "src", project);
        ProjectFile = Path.Combine(folder, $"{project}.csproj");
        foreach (string path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            string[] parts = Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar);
            if (parts[0] is not ("bin" or "obj"))
            {
                _files.Add((parts.Length == 1 ? Root : parts[0], parts[^1], Text().Replace(File.ReadAllText(path), "")));
            }
        }

        foreach ((string owner, _, string code) in _files)
        {
            foreach (Match match in PublicType().Matches(code))
            {
                _publicTypes[match.Groups[1].Value] = owner;
            }

            _properties.UnionWith(
                from match in Property().Matches(code)
                where match.Groups["name"].Value != match.Groups["type"].Value
                select (owner, match.Groups["name"].Value));
        }
    }

    public string ProjectFile { get; }

    /// <summary>The folders that have source files.</summary>
    public IEnumerable<string> Names => _files.Select(file => file.Folder).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The folders that a folder uses, with the files that do so and what they name.</summary>
    public IEnumerable<(string Folder, string File, string Name)> UsedBy(string folder) =>
        from file in _files
        where file.Folder == folder
        from use in Directives(file.Code).Concat(PublicTypes(file.Code).Where(use => !_properties.Contains((folder, use.Name)))).Distinct()
        where use.Folder != folder
        select (use.Folder, file.File, use.Name);

    /// <summary>Fails with the files of a folder that use one which they may not use.</summary>
    public void AssertUses(string folder, string[] allowed) =>
        Assert.True(
            UsedBy(folder).All(use => allowed.Contains(use.Folder)),
            $"{folder} may use {(allowed is [] ? "no other folder" : string.Join(", ", allowed))} of {_project}, but:\n"
                + string.Join(
                    '\n',
                    UsedBy(folder)
                        .Where(use => !allowed.Contains(use.Folder))
                        .Select(use => $"{use.File} uses {use.Name} of {use.Folder}")));

    /// <summary>Asserts that a text is in no file, comments and strings aside.</summary>
    public void AssertNoFileHas(string text) =>
        Assert.Empty(_files.Where(file => file.Code.Contains(text, StringComparison.Ordinal)).Select(file => file.File));

    /// <summary>Reads a table with a line a folder: its name, and the folders that it may use.</summary>
    public static Dictionary<string, string[]> Table(string text) => text.Split('\n')
        .Select(line => line.Split([' ', ',', ':', '\r'], StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(row => row[0], row => row[1..]);

    private IEnumerable<(string Folder, string Name)> Directives(string code) => Directive().Matches(code)
        .Select(match => match.Groups[1].Value)
        .Where(name => name.StartsWith(_project + ".", StringComparison.Ordinal))
        .Select(name => name[(_project.Length + 1)..].Split('.')[0])
        .Where(Names.Contains)
        .Select(name => (name, $"the namespace {_project}.{name}"));

    private IEnumerable<(string Folder, string Name)> PublicTypes(string code) => TypeName().Matches(code)
        .Where(match => _publicTypes.ContainsKey(match.Value))
        .Select(match => (_publicTypes[match.Value], match.Value));

    private static string Repository(string folder) =>
        File.Exists(Path.Combine(folder, "BpTrainer.sln"))
            ? folder
            : Repository(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("BpTrainer.sln"));

    /// <summary>What uses no type: strings, comments, names in messages, and the members of enums.</summary>
    [GeneratedRegex("""
        \"{3}[\s\S]*?\"{3} | "(\\.|[^"\\\n])*" | //[^\n]* | \bnameof\([^)]*\) | (?<=\benum\s+\w+[^{]*)\{[^}]*\}
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Text();

    [GeneratedRegex(
        @"^public [a-z ]*?(?:class|struct|interface|enum|record|delegate [\w<>?]+) (?!struct|class)(\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^using (?:static |\w+ = )?([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"(?<type>\w+)(?:<[^;{}()]*>|\[\])?\??\s+(?<name>[A-Z]\w*)\s*(?:=>|\{\s*(?:get|init))")]
    private static partial Regex Property();

    /// <summary>
    /// A name that is not declared here as a member, is no member of something else, is not assigned to and is no argument's.
    /// </summary>
    [GeneratedRegex(
        @"(?<!(?:[\w>\]?)][>\]]|\b(?!(?:" + Keywords + @")\b)\w+)\??\s+)(?<![\w.])[A-Z]\w*\b(?!\s*(?:=[^=]|:[^:]))")]
    private static partial Regex TypeName();
}
