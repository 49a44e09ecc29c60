using System.Runtime.InteropServices;

namespace BpTrainer.Shards;

/// <summary>
/// The joint answer of the shards from <see cref="First"/> up to <see cref="End"/>: the sum of their losses, and the sum of their gradients
/// or the sequence of their targets.
/// </summary>
internal sealed record ShardNode<T>(int First, int End, double Loss, T[] Numbers) : IShardNode
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Returns the node of both, with its own memory.</summary>
    public ShardNode<T> Plus(ShardNode<T> right, ShardWork work)
    {
        if (work == ShardWork.ValidationTargets)
        {
            return new ShardNode<T>(First, right.End, Loss + right.Loss, [.. Numbers, .. right.Numbers]);
        }

        Guard.Require(
            Numbers.Length == right.Numbers.Length,
            $"Shard {First} answered with {Numbers.Length} numbers, but shard {right.First} with {right.Numbers.Length}.");
        return (this with { Numbers = [.. Numbers] }).Add(right);
    }

    /// <summary>Returns the node of both; its gradient is in the memory of this node.</summary>
    public ShardNode<T> Add(ShardNode<T> right)
    {
        AddTo(Numbers, right.Numbers);
        return this with { End = right.End, Loss = Loss + right.Loss };
    }

    private static void AddTo(Span<T> to, ReadOnlySpan<T> numbers)
    {
        Span<Vector<T>> vectors = MemoryMarshal.Cast<T, Vector<T>>(to);
        ReadOnlySpan<Vector<T>> others = MemoryMarshal.Cast<T, Vector<T>>(numbers);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] += others[i];
        }

        for (int i = vectors.Length * Vector<T>.Count; i < to.Length; i++)
        {
            to[i] += numbers[i];
        }
    }
}
