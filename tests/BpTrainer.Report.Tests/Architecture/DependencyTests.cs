using BpTrainer.Tests.Architecture;

namespace BpTrainer.Report.Tests.Architecture;

/// <summary>Dependencies between the folders of the report, each of which uses only what stands above it.</summary>
public class DependencyTests
{
    private static readonly Dictionary<string, string[]> s_folders = SourceFolders.Table(
        """
        Drawing:
        Histories:   Drawing
        Predictions: Drawing
        Networks:    Drawing
        Comparisons: Drawing
        Page:        Comparisons, Drawing, Histories, Networks, Predictions
        (root):      Comparisons, Drawing, Histories, Networks, Page, Predictions
        """);

    private static readonly SourceFolders s_report = new("BpTrainer.Report");

    public static TheoryData<string> Folders => [.. s_folders.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void AFolderUsesOnlyWhatItMay(string folder) => s_report.AssertUses(folder, s_folders[folder]);

    [Fact]
    public void EveryFolderIsInTheTable() => Assert.Equal(s_report.Names, s_folders.Keys.Order(StringComparer.Ordinal));
}
