using System.Xml.Linq;

namespace BpTrainer.Tests.Architecture;

/// <summary>Dependencies between the folders of the engine point one way: training, its parts, what knows nothing of networks.</summary>
public class DependencyTests
{
    /// <summary>What knows nothing of networks, and what each may use; every folder above may use all of it.</summary>
    private static readonly Dictionary<string, string[]> s_base = SourceFolders.Table(
        """
        Numbers:
        Kernels:
        Threads:
        Files:   Numbers
        """);

    /// <summary>What a network and a training are made of, and what each may use besides.</summary>
    private static readonly Dictionary<string, string[]> s_parts = SourceFolders.Table(
        """
        Activations:  Initializers
        Averaging:
        Data:         Scalings
        Encodings:    Data, Scalings
        Initializers: Networks
        Losses:       Activations, Data, Networks, Scalings
        Networks:     Activations, Data, Encodings, Initializers, Prediction, Scalings
        Optimizers:   Losses, Networks, Regularizers, Training
        Prediction:   Activations, Data, Encodings, Networks, Scalings
        Regularizers: Networks
        Scalings:     Data
        Schedules:
        Shards:       Data, Losses, Networks, Optimizers, Regularizers, Training
        Stopping:     Losses, Optimizers, Training
        """);

    private static readonly SourceFolders s_engine = new("BpTrainer");

    public static TheoryData<string, string[]> Allowed
    {
        get
        {
            var allowed = new TheoryData<string, string[]>();
            foreach ((string folder, string[] others) in s_base)
            {
                allowed.Add(folder, others);
            }

            foreach ((string folder, string[] others) in s_parts)
            {
                allowed.Add(folder, [.. s_base.Keys, .. others]);
            }

            allowed.Add("Training", [.. s_base.Keys, .. s_parts.Keys]);
            allowed.Add("Growing", [.. s_base.Keys, .. s_parts.Keys, "Training"]);
            allowed.Add("Ensembles", [.. s_base.Keys, .. s_parts.Keys, "Training", "Growing"]);
            allowed.Add("HiddenSizes", [.. s_base.Keys, .. s_parts.Keys, "Training", "Growing", "Ensembles"]);
            return allowed;
        }
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public void AFolderUsesOnlyWhatItMay(string folder, string[] allowed) => s_engine.AssertUses(folder, allowed);

    [Fact]
    public void EveryFolderIsInTheTable() =>
        Assert.Equal(s_engine.Names, Allowed.Select(row => (string)row[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void UsesAreSeen()
    {
        Assert.Contains(s_engine.UsedBy("Training"), use => use is { Folder: "Threads", File: "RowPass.cs" });
        Assert.Contains(s_engine.UsedBy("Ensembles"), use => use is { Folder: "Training", Name: "NetworkTrainer" });
    }

    [Fact]
    public void TheEngineStandsAlone() => Assert.DoesNotContain(
        XDocument.Load(s_engine.ProjectFile).Descendants(), element => element.Name.LocalName is "PackageReference" or "ProjectReference");
}
