namespace BpTrainer.Shards;

/// <summary>
/// The binary tree over the numbers of shards that defines the order of sums: every node is the sum of its two halves. If the number of
/// shards is not a power of 2, the tree is incomplete, and a node whose right half has no shards equals its left half.
/// </summary>
internal static class ShardTree
{
    /// <summary>
    /// Whether the nodes of the shards from <paramref name="first"/> up to <paramref name="middle"/> and from there up to
    /// <paramref name="end"/> are the halves of a node.
    /// </summary>
    public static bool AreHalves(int first, int middle, int end, int shards)
    {
        long length = middle - first;
        return BitOperations.IsPow2(length) && first % (2 * length) == 0 && end == Math.Min(middle + length, shards);
    }

    /// <summary>
    /// Adds nodes in the order of the shards: pushes a node, and joins the last two nodes as long as they are halves. The remaining nodes
    /// are the largest complete ones.
    /// </summary>
    public static void Push<TNode>(List<TNode> nodes, TNode node, int shards, Func<TNode, TNode, TNode> add) where TNode : IShardNode
    {
        nodes.Add(node);
        while (nodes is [.., var left, var right] && AreHalves(left.First, right.First, right.End, shards))
        {
            nodes[^2] = add(left, right);
            nodes.RemoveAt(nodes.Count - 1);
        }
    }

    /// <summary>Returns the sum of one number from every shard.</summary>
    public static double Sum(IEnumerable<double> numbers)
    {
        double[] all = [.. numbers];
        var nodes = new List<NumberNode>();
        for (int shard = 0; shard < all.Length; shard++)
        {
            Push(nodes, new NumberNode(shard, shard + 1, all[shard]), all.Length, (a, b) => new(a.First, b.End, a.Number + b.Number));
        }

        return nodes[0].Number;
    }

    private readonly record struct NumberNode(int First, int End, double Number) : IShardNode;
}

/// <summary>A node of the tree, with the shards from <see cref="First"/> up to <see cref="End"/>.</summary>
internal interface IShardNode
{
    int First { get; }

    int End { get; }
}
