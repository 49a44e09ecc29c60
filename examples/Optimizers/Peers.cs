using System.Text.Json;
using System.Text.Json.Nodes;

namespace BpTrainer.Examples.Optimizers;

/// <summary>
/// The results of peers.py: an object with the settings that it was run with, and results. Each result has set, optimizer, batch, peer and
/// measurements, and each measurement has epochs, seconds and score.
/// </summary>
internal sealed class Peers
{
    private readonly Dictionary<(string Set, string Optimizer, string Batch), Peer> _peers = [];

    private Peers()
    {
    }

    /// <summary>Reads the file that peers.py printed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="settings">The settings of the table, which must be those of the file.</param>
    /// <exception cref="UserError">The file cannot be read, holds something else, or was measured with other settings.</exception>
    public static Peers Read(string file, Settings settings)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserError($"--peers: '{file}' cannot be read: {e.Message}");
        }

        try
        {
            PeerFile peers = JsonSerializer.Deserialize<PeerFile>(text, SplitFiles.Json)
                ?? throw new JsonException("null is not an object.");
            if (!JsonNode.DeepEquals(peers.Settings, JsonSerializer.SerializeToNode(settings, SplitFiles.Json)))
            {
                throw new UserError($"--peers: '{file}' was measured with settings that differ from this table's. Write the splits again " +
                    "with --export-splits, and with --quick if you use it here, and measure on those splits.");
            }

            return Of(file, peers.Results);
        }
        catch (JsonException e)
        {
            throw new UserError($"--peers: '{file}' is not an output of peers.py: {e.Message}");
        }
    }

    /// <summary>The peer of an optimizer on a set, or null.</summary>
    public Peer? Find(string set, Contender contender) => _peers.GetValueOrDefault((set, contender.Name, contender.Batch));

    private static Peers Of(string file, IReadOnlyList<PeerResult> results)
    {
        var peers = new Peers();
        foreach (PeerResult result in results)
        {
            if (result.Measurements.Count == 0)
            {
                throw new UserError($"--peers: '{file}' has no measurements of {result.Peer} on {result.Set}.");
            }

            peers._peers[(result.Set, result.Optimizer, result.Batch)] = new Peer(result.Peer, new Summary(result.Measurements));
        }

        return peers;
    }

    private sealed record PeerFile(JsonNode Settings, IReadOnlyList<PeerResult> Results);

    private sealed record PeerResult(string Set, string Optimizer, string Batch, string Peer, IReadOnlyList<Measurement> Measurements);
}
