using BpTrainer.Tests.Architecture;

namespace BpTrainer.ML.Tests.Architecture;

/// <summary>Dependencies between the folders of the ML.NET layer.</summary>
public class DependencyTests
{
    private static readonly Dictionary<string, string[]> s_folders = SourceFolders.Table(
        """
        (root):       BlockScoring, Friend, Models, Trainers, Training
        BlockScoring: Friend, Models, Trainers, Training
        Friend:
        Models:       BlockScoring, Onnx, Training
        Onnx:         Models, Training
        Trainers:     (root), BlockScoring, Models, Training
        Training:     (root), BlockScoring, Models
        """);

    private static readonly SourceFolders s_layer = new("BpTrainer.ML");

    public static TheoryData<string> Folders => [.. s_folders.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void AFolderUsesOnlyWhatItMay(string folder) => s_layer.AssertUses(folder, s_folders[folder]);

    [Fact]
    public void EveryFolderIsInTheTable() => Assert.Equal(s_layer.Names, s_folders.Keys.Order(StringComparer.Ordinal));
}
