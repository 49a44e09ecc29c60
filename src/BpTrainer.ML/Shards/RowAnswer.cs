using BpTrainer.Files;
using BpTrainer.ML.Training;
using BpTrainer.Shards;

namespace BpTrainer.ML.Shards;

/// <summary>The statistics of the shards from <see cref="First"/> up to <see cref="End"/>.</summary>
internal sealed record RowNode(int First, int End, IRowFigures Figures) : IShardNode
{
    /// <summary>Returns the node of both, which uses the statistics object of this node.</summary>
    public RowNode Add(RowNode right)
    {
        Figures.Add(right.Figures);
        return this with { End = right.End };
    }
}

/// <summary>The answer of a worker to a question about its rows: the largest complete nodes of its shards.</summary>
internal sealed class RowAnswer(RowQuestion kind, int shards, IReadOnlyList<RowNode> nodes)
{
    // *** Format: a ChecksummedBlock with the magic "BPFA". ***
    // int32    kind of the question; int32 number of all shards; int32 number of nodes
    // for each node: int32 first shard, end of the shards; the statistics, as they save themselves
    private const int LeastNodeBytes = 3 * sizeof(int);

    private static readonly ChecksummedBlock s_block = new("BPFA", "answer about rows");

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        s_block.Write(stream, writer =>
        {
            writer.Write((int)kind);
            writer.Write(shards);
            writer.Write(nodes.Count);
            foreach (RowNode node in nodes)
            {
                writer.Write(node.First);
                writer.Write(node.End);
                node.Figures.Save(writer);
            }
        });
        return stream.ToArray();
    }

    /// <summary>Joins the answers of all workers.</summary>
    /// <exception cref="InvalidDataException">An answer is damaged.</exception>
    /// <exception cref="InvalidOperationException">They are not the answers of all shards, or they are answers to another
    /// question.</exception>
    public static IRowFigures Join(RowQuestion kind, int shards, IEnumerable<byte[]> answers)
    {
        List<RowNode> nodes = [];
        foreach (RowNode node in answers.SelectMany(answer => Read(kind, shards, answer)).OrderBy(node => node.First))
        {
            ShardTree.Push(nodes, node, shards, (left, right) => left.Add(right));
        }

        return nodes is [{ First: 0 } all] && all.End == shards ? all.Figures : throw new InvalidOperationException(
            $"Of the shards 0 to {shards - 1}, these answered: {string.Join(", ", nodes.Select(n => $"{n.First} to {n.End - 1}"))}.");
    }

    private static RowNode[] Read(RowQuestion kind, int shards, byte[] bytes) =>
        s_block.Read(new MemoryStream(bytes, writable: false), reader =>
        {
            var answered = (RowQuestion)reader.Read("kind of a question", 0, (int)RowQuestion.Sample);
            int all = reader.Read("number of shards", 1, int.MaxValue);
            if (answered != kind || all != shards)
            {
                throw new InvalidOperationException(
                    $"A worker answered the question {answered} for {all} shards, but was asked {kind} for {shards}.");
            }

            var nodes = new RowNode[reader.ReadCount("answers", 1, LeastNodeBytes)];
            for (int n = 0; n < nodes.Length; n++)
            {
                int first = reader.Read("first shard", 0, shards - 1);
                int end = reader.Read("end of the shards", first + 1, shards);
                nodes[n] = new RowNode(first, end, kind switch
                {
                    RowQuestion.Missing => MissingSurvey.Load(reader),
                    RowQuestion.Survey => ShardSurvey.Load(reader),
                    _ => SampledRows.Load(reader),
                });
            }

            return nodes;
        });
}
