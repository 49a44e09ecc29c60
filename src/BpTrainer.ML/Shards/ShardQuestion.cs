using BpTrainer.Files;

namespace BpTrainer.ML.Shards;

/// <summary>The questions to workers about their rows before there is a network.</summary>
internal enum RowQuestion
{
    /// <summary>Means of the features, and which are missing.</summary>
    Missing,

    /// <summary>Sizes, statistics of the columns, labels.</summary>
    Survey,

    /// <summary>Some of the training rows, for edges of codes.</summary>
    Sample,
}

/// <summary>A question to workers about their rows.</summary>
/// <param name="Kind">The kind of question.</param>
/// <param name="SampleRows">The number of training rows that each shard returns for a sample; empty for other questions.</param>
internal sealed record ShardQuestion(RowQuestion Kind, int[] SampleRows)
{
    // *** Format: a ChecksummedBlock with the magic "BPFQ". ***
    // int32    kind; int32 number of shards, or 0; int32[] rows of each
    private static readonly ChecksummedBlock s_block = new("BPFQ", "question about rows");

    /// <summary>Whether a task is a question, not a task of the engine.</summary>
    public static bool IsOne(byte[] task) => task.AsSpan().StartsWith("BPFQ"u8);

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        s_block.Write(stream, writer =>
        {
            writer.Write((int)Kind);
            writer.Write(SampleRows.Length);
            foreach (int rows in SampleRows)
            {
                writer.Write(rows);
            }
        });
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The question is damaged or of another version.</exception>
    public static ShardQuestion FromBytes(byte[] bytes) => s_block.Read(
        new MemoryStream(bytes, writable: false),
        reader => new ShardQuestion(
            (RowQuestion)reader.Read("kind of a question", 0, (int)RowQuestion.Sample), reader.ReadArray<int>("rows of a sample")));
}
