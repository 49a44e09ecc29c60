using BpTrainer.Tests.Architecture;

namespace BpTrainer.ML.Tests.Architecture;

/// <summary>Dependencies between the folders of the ML.NET layer, each of which uses only what stands above it.</summary>
public class DependencyTests
{
    private static readonly Dictionary<string, string[]> s_folders = SourceFolders.Table(
        """
        Friend:
        Options:
        Training:     Options
        Shards:       Options, Training
        Onnx:         Training
        Models:       Onnx, Training
        BlockScoring: Friend, Models, Training
        Trainers:     BlockScoring, Models, Options, Shards, Training
        TimeSeries:   Friend, Training
        (root):       BlockScoring, Friend, Models, Options, TimeSeries, Trainers, Training
        """);

    private static readonly SourceFolders s_layer = new("BpTrainer.ML");

    public static TheoryData<string> Folders => [.. s_folders.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void AFolderUsesOnlyWhatItMay(string folder) => s_layer.AssertUses(folder, s_folders[folder]);

    [Fact]
    public void EveryFolderIsInTheTable() => Assert.Equal(s_layer.Names, s_folders.Keys.Order(StringComparer.Ordinal));
}
