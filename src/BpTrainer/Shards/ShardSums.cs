using System.Runtime.InteropServices;
using BpTrainer.Files;
using BpTrainer.Shards;

namespace BpTrainer;

/// <summary>
/// The answer of workers to a task: sums of losses and gradients over shards. There are as few as the tree of <see cref="IShardedRows{T}"/>
/// allows: the largest complete nodes of the shards that answered.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class ShardSums<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // *** Format: a ChecksummedBlock with the magic "BPSS". ***
    // byte     bytes of a number
    // uint64   plan; int64 number of the task; int32 kind of the task
    // int32    number of all shards; int32 number of nodes
    // for each node
    //   int32    first shard, end of the shards
    //   double   loss
    //   int32    number of numbers; number[] gradient, or targets
    private static readonly ChecksummedBlock s_block = new("BPSS", "answer of shards");

    /// <summary>The smallest number of bytes of a node.</summary>
    private const int LeastNodeBytes = (3 * sizeof(int)) + sizeof(double);

    internal ShardSums(ulong plan, long task, ShardWork work, int shards, IReadOnlyList<ShardNode<T>> nodes)
    {
        Plan = plan;
        Task = task;
        Work = work;
        Shards = shards;
        Nodes = nodes;
    }

    internal ulong Plan { get; }

    internal long Task { get; }

    internal ShardWork Work { get; }

    /// <summary>The number of all shards.</summary>
    internal int Shards { get; }

    internal IReadOnlyList<ShardNode<T>> Nodes { get; }

    /// <summary>Joins the answers of workers to one task, in any order.</summary>
    /// <param name="answers">One or more answers of different shards. They are not changed.</param>
    /// <returns>The answer of all their shards.</returns>
    /// <exception cref="ArgumentException">There is no answer, two answers are from the same shard, or they belong to different
    /// tasks.</exception>
    public static ShardSums<T> Join(params IReadOnlyList<ShardSums<T>> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        Guard.Require(answers.Count > 0, "There are no answers of shards to join; there must be one or more.", nameof(answers));
        ShardSums<T> first = answers[0];
        foreach (ShardSums<T> answer in answers)
        {
            Guard.Require(
                (answer.Plan, answer.Task, answer.Work, answer.Shards) == (first.Plan, first.Task, first.Work, first.Shards),
                $"An answer is to the task {answer.Task} of plan {answer.Plan:X}, another to the task {first.Task} of plan {first.Plan:X}; "
                + "only answers to the same task can be joined.",
                nameof(answers));
        }

        var nodes = new List<ShardNode<T>>();
        foreach (ShardNode<T> node in answers.SelectMany(answer => answer.Nodes).OrderBy(node => node.First))
        {
            Guard.Require(
                nodes.Count == 0 || node.First >= nodes[^1].End,
                $"Shard {node.First} has answered twice; every shard must belong to one worker.", nameof(answers));
            ShardTree.Push(nodes, node, first.Shards, (left, right) => left.Plus(right, first.Work));
        }

        return new ShardSums<T>(first.Plan, first.Task, first.Work, first.Shards, nodes);
    }

    /// <summary>Converts the answer to bytes that <see cref="FromBytes"/> can read.</summary>
    /// <returns>The bytes, with a checksum.</returns>
    public unsafe byte[] ToBytes()
    {
        using var stream = new MemoryStream(Nodes.Sum(node => (node.Numbers.Length * sizeof(T)) + LeastNodeBytes) + 256);
        s_block.Write(stream, writer =>
        {
            writer.Write((byte)sizeof(T));
            writer.Write(Plan);
            writer.Write(Task);
            writer.Write((int)Work);
            writer.Write(Shards);
            writer.Write(Nodes.Count);
            foreach (ShardNode<T> node in Nodes)
            {
                writer.Write(node.First);
                writer.Write(node.End);
                writer.Write(node.Loss);
                writer.Write(node.Numbers.Length);
                writer.Write(MemoryMarshal.AsBytes(node.Numbers.AsSpan()));
            }
        });
        return stream.ToArray();
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="bytes">The result of <see cref="ToBytes"/>.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidDataException">The bytes are not an answer, or a damaged answer, or one of another version or number
    /// type.</exception>
    public static ShardSums<T> FromBytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return s_block.Read(new MemoryStream(bytes, writable: false), reader =>
        {
            reader.RequireNumbersOf<T>();
            ulong plan = reader.Read<ulong>();
            long task = reader.Read<long>();
            var work = (ShardWork)reader.Read("kind of a task", 0, (int)ShardWork.ValidationTargets);
            int shards = reader.Read("number of shards", 1, int.MaxValue);
            var nodes = new ShardNode<T>[reader.ReadCount("sums", 1, LeastNodeBytes)];
            for (int n = 0; n < nodes.Length; n++)
            {
                int first = reader.Read("first shard", n == 0 ? 0 : nodes[n - 1].End, shards - 1);
                int end = reader.Read("end of the shards", first + 1, shards);
                double loss = reader.Read<double>();
                nodes[n] = new ShardNode<T>(first, end, loss, reader.ReadArray<T>("numbers of a sum"));
            }

            return new ShardSums<T>(plan, task, work, shards, nodes);
        });
    }
}
