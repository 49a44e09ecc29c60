using BpTrainer.Losses;
using BpTrainer.Numbers;
using BpTrainer.Shards;

namespace BpTrainer.Tests.Shards;

/// <summary>The rules by which shards share out rows and add sums.</summary>
public sealed class ShardRuleTests
{
    [Theory]
    [InlineData(new[] { 10 })]
    [InlineData(new[] { 8, 8, 8, 8 })]
    [InlineData(new[] { 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(new[] { 1, 50, 3, 17, 2 })]
    [InlineData(new[] { 97, 1, 1, 1, 1, 1 })]
    public void RowsAreTakenByTheirPlaces(int[] rows)
    {
        var shares = new ShardShares(rows);
        var order = (from s in Enumerable.Range(0, rows.Length)
                     from j in Enumerable.Range(0, rows[s])
                     orderby ((2 * j) + 1.0) / rows[s], s
                     select s).ToArray();
        for (int taken = 0; taken <= order.Length; taken++)
        {
            int[] expected = [.. Enumerable.Range(0, rows.Length).Select(s => order.Take(taken).Count(other => other == s))];
            Assert.Equal(expected, shares.Of(taken));
        }
    }

    [Fact]
    public void ManyRowsAreTakenToo()
    {
        int[] rows = [int.MaxValue, 1_000_000_007, int.MaxValue];
        long total = rows.Sum(count => (long)count);
        Assert.Equal(rows, new ShardShares(rows).Of(total));
        Assert.Equal(total / 3, new ShardShares(rows).Of(total / 3).Sum(share => (long)share));
    }

    [Theory]
    [InlineData(1, "0")]
    [InlineData(2, "(0+1)")]
    [InlineData(3, "((0+1)+2)")]
    [InlineData(5, "(((0+1)+(2+3))+4)")]
    [InlineData(6, "(((0+1)+(2+3))+(4+5))")]
    [InlineData(7, "(((0+1)+(2+3))+((4+5)+6))")]
    public void NeighborsAreAdded(int shards, string expected)
    {
        Assert.Equal([expected], Sums(0, shards, shards));
        for (int cut = 1; cut < shards; cut++)
        {
            List<TextNode> nodes = [];
            foreach (TextNode node in Nodes(0, cut, shards).Concat(Nodes(cut, shards, shards)))
            {
                ShardTree.Push(nodes, node, shards, TextNode.Add);
            }

            Assert.Equal([expected], nodes.Select(node => node.Text));
        }
    }

    [Fact]
    public void AMachineSendsTheLargestWholeNodes()
    {
        Assert.Equal(["1", "(2+3)", "4"], Sums(1, 5, 8));
        Assert.Equal(["((4+5)+(6+7))"], Sums(4, 8, 12));
        Assert.Equal(["3", "(4+5)"], Sums(3, 6, 6));
    }

    [Fact]
    public void TheFirstPartHasTheStreamOfTheWhole()
    {
        var whole = new RandomStream(5, RandomPurpose.Shuffle);
        Assert.Equal(whole.NextUInt64(), RandomStream.OfPart(5, RandomPurpose.Shuffle, 0).NextUInt64());
        Assert.Equal(100, Enumerable.Range(0, 100)
            .Select(part => RandomStream.OfPart(5, RandomPurpose.Shuffle, part).NextUInt64()).Distinct().Count());
    }

    [Fact]
    public void AnOrderFollowsFromItsPass()
    {
        int[] Rows() => [.. Enumerable.Range(0, 30)];
        ShardOrder steady = new(Rows, seed: 4, shard: 2), jumping = new(Rows, seed: 4, shard: 2);
        int[][] orders = [.. Enumerable.Range(0, 6).Select(pass => steady.For(pass).ToArray())];
        Assert.Equal(Rows(), orders[0]);
        Assert.Equal(6, orders.DistinctBy(order => string.Join(' ', order)).Count());
        foreach (int pass in new[] { 5, 2, 2, 0, 4, 1 })
        {
            Assert.Equal(orders[pass], jumping.For(pass));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    public void TheSampleForTheConstantIsThatOfTheWhole(int columns, int parts)
    {
        // Far more numbers than are taken.
        const int Rows = 1_200_000;
        float[] targets = [.. Enumerable.Range(0, Rows * columns).Select(i => (float)i)];
        var whole = new DataSet<float>(new float[Rows], 1, targets, columns);
        float[] expected = ConstantSample.Take(whole, 0, Rows);
        Assert.InRange(expected.Length, 1_000_000, 1 << 20);
        List<float> actual = [];
        for (int part = 0; part < parts; part++)
        {
            int first = part * part * Rows / (parts * parts), end = (part + 1) * (part + 1) * (Rows / (parts * parts));
            actual.AddRange(ConstantSample.Take(whole.Select([.. Enumerable.Range(first, end - first)]), first, Rows));
        }

        Assert.Equal(expected, actual);
    }

    private static IEnumerable<string> Sums(int first, int end, int shards) => Nodes(first, end, shards).Select(node => node.Text);

    private static List<TextNode> Nodes(int first, int end, int shards)
    {
        List<TextNode> nodes = [];
        for (int shard = first; shard < end; shard++)
        {
            ShardTree.Push(nodes, new TextNode(shard, shard + 1, $"{shard}"), shards, TextNode.Add);
        }

        return nodes;
    }

    private sealed record TextNode(int First, int End, string Text) : IShardNode
    {
        public static TextNode Add(TextNode left, TextNode right) => new(left.First, right.End, $"({left.Text}+{right.Text})");
    }
}
