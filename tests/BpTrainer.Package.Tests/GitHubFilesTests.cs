using System.Text.RegularExpressions;
using YamlDotNet.Serialization;
using Map = System.Collections.Generic.Dictionary<object, object>;

namespace BpTrainer.Package.Tests;

/// <summary>The files of .github have the form that GitHub reads, and run and link what is there.</summary>
public partial class GitHubFilesTests
{
    private static readonly string[] s_workflowKeys =
        ["name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs"];

    private static readonly string[] s_jobKeys =
    [
        "name", "needs", "if", "runs-on", "permissions", "environment", "concurrency", "outputs", "env", "defaults", "steps",
        "timeout-minutes", "strategy", "continue-on-error", "container", "services",
    ];

    private static readonly string[] s_stepKeys =
        ["id", "if", "name", "uses", "run", "working-directory", "shell", "with", "env", "continue-on-error", "timeout-minutes"];

    /// <summary>The attributes that each type of field in an issue form may have.</summary>
    private static readonly Dictionary<string, string[]> s_fields = new()
    {
        ["markdown"] = ["value"],
        ["input"] = ["label", "description", "placeholder", "value"],
        ["textarea"] = ["label", "description", "placeholder", "value", "render"],
        ["dropdown"] = ["label", "description", "multiple", "options", "default"],
        ["checkboxes"] = ["label", "description", "options"],
    };

    public static TheoryData<string> Workflows => [.. Names("workflows")];

    public static TheoryData<string> Forms => [.. Names("ISSUE_TEMPLATE").Where(name => name != "config.yml")];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void AWorkflowHasKnownKeysAndRunsSomething(string name)
    {
        Map workflow = Read("workflows", name);
        Assert.Subset(s_workflowKeys.ToHashSet(), Keys(workflow));
        Assert.Superset(new HashSet<string> { "name", "on", "permissions", "jobs" }, Keys(workflow));
        var jobs = (Map)workflow["jobs"];
        Assert.NotEmpty(jobs);
        foreach (Map job in jobs.Values.Cast<Map>())
        {
            Assert.Subset(s_jobKeys.ToHashSet(), Keys(job));
            Assert.Superset(new HashSet<string> { "runs-on", "timeout-minutes", "steps" }, Keys(job));
            Assert.All(List(job.GetValueOrDefault("needs")), needed => Assert.Contains(needed, jobs.Keys));
            Assert.NotEmpty(Steps(job));
            Assert.All(Steps(job), step =>
            {
                Assert.Subset(s_stepKeys.ToHashSet(), Keys(step));
                Assert.True(step.ContainsKey("uses") != step.ContainsKey("run"), "A step either uses an action or runs a command.");
            });
        }
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void ActionsArePinnedToAVersion(string name) => Assert.All(
        Jobs(name).SelectMany(Steps).Where(step => step.ContainsKey("uses")),
        step => Assert.Matches(PinnedAction(), (string)step["uses"]));

    [Fact]
    public void TheBuildRunsTheTwoCommandsOfTheReadme()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Folder, "README.md"));
        var test = (Map)((Map)Read("workflows", "build.yml")["jobs"])["test"];
        string[] commands = [.. Steps(test).Where(step => step.ContainsKey("run")).Select(step => (string)step["run"])];
        Assert.Equal(2, commands.Length);
        Assert.All(commands, command => Assert.Contains($"\n{command.Split(" ${{")[0]}\n", readme, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void AnIssueFormHasFieldsThatGitHubKnows(string name)
    {
        Map form = Read("ISSUE_TEMPLATE", name);
        Assert.Subset(new HashSet<string> { "name", "description", "title", "labels", "assignees", "body" }, Keys(form));
        Assert.Superset(new HashSet<string> { "name", "description", "body" }, Keys(form));
        Map[] fields = [.. List(form["body"]).Cast<Map>()];
        Assert.Contains(fields, field => (string)field["type"] != "markdown");
        object[] ids = [.. fields.Where(field => field.ContainsKey("id")).Select(field => field["id"])];
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(fields, field =>
        {
            Assert.Subset(new HashSet<string> { "type", "id", "attributes", "validations" }, Keys(field));
            string type = (string)field["type"];
            var attributes = (Map)field["attributes"];
            Assert.Subset(s_fields[type].ToHashSet(), Keys(attributes));
            Assert.Contains(type == "markdown" ? "value" : "label", Keys(attributes));
        });
    }

    [Fact]
    public void LinksBesideTheFormsLeadToTheRepository()
    {
        Map config = Read("ISSUE_TEMPLATE", "config.yml");
        Assert.All(
            List(config["contact_links"]).Cast<Map>(),
            link => Assert.StartsWith($"{Repository.Property("RepositoryUrl")}/", (string)link["url"], StringComparison.Ordinal));
    }

    [Fact]
    public void DependabotWatchesWhatTheRepositoryUses()
    {
        Map[] updates = [.. List(Read("", "dependabot.yml")["updates"]).Cast<Map>()];
        Assert.Equal(["github-actions", "nuget"], updates.Select(update => (string)update["package-ecosystem"]).Order());
        Assert.All(updates, update => Assert.Superset(new HashSet<string> { "directory", "schedule" }, Keys(update)));
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.GetFiles(PathOf(folder, ""), "*.yml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private static Map Read(string folder, string name) =>
        new DeserializerBuilder().Build().Deserialize<Map>(File.ReadAllText(PathOf(folder, name)));

    private static string PathOf(string folder, string name) => Path.Combine(Repository.Folder, ".github", folder, name);

    private static IEnumerable<Map> Jobs(string workflow) => ((Map)Read("workflows", workflow)["jobs"]).Values.Cast<Map>();

    private static IEnumerable<Map> Steps(Map job) => List(job["steps"]).Cast<Map>();

    private static HashSet<string> Keys(Map map) => [.. map.Keys.Cast<string>()];

    /// <summary>A list, one thing instead of a list, or nothing.</summary>
    private static IEnumerable<object> List(object? value) => value switch
    {
        null => [],
        IEnumerable<object> list when value is not Map => list,
        _ => [value],
    };

    [GeneratedRegex(@"^([\w.-]+/[\w./-]+@v\d+|docker://[\w./-]+:[\w.-]+)$")]
    private static partial Regex PinnedAction();
}
