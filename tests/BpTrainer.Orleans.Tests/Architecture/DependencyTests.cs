using BpTrainer.Tests.Architecture;

namespace BpTrainer.Orleans.Tests.Architecture;

/// <summary>Dependencies between the folders of the cluster package, each of which uses only what stands above it.</summary>
public class DependencyTests
{
    private static readonly Dictionary<string, string[]> s_folders = SourceFolders.Table(
        """
        Silos:
        Jobs:     Silos
        Shards:   Silos
        Clusters: Jobs, Shards, Silos
        Search:   Clusters, Jobs
        Scoring:  Clusters, Jobs
        """);

    private static readonly SourceFolders s_project = new("BpTrainer.Orleans");

    public static TheoryData<string> Folders => [.. s_folders.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void AFolderUsesOnlyWhatItMay(string folder) => s_project.AssertUses(folder, s_folders[folder]);

    [Fact]
    public void EveryFolderIsInTheTable() =>
        Assert.Equal(s_project.Names, s_folders.Keys.Order(StringComparer.Ordinal));
}
