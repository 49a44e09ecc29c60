using BpTrainer.Files;

namespace BpTrainer.Data;

/// <summary>
/// The samples of a training, block after block. Samples in memory are one block; a stream fills the same block again and again.
/// </summary>
internal abstract class TrainingRows<T>(DataSet<T> block, long rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Holds the current block.</summary>
    public DataSet<T> Block { get; } = block;

    /// <summary>The number of samples of a pass.</summary>
    public long Rows { get; } = rows;

    /// <summary>Whether <see cref="Block"/> holds all samples all the time.</summary>
    public virtual bool IsInMemory => false;

    /// <summary>Begins a pass.</summary>
    /// <param name="isShuffled">Whether the samples may come in another order than in the last pass.</param>
    public abstract void Restart(bool isShuffled);

    /// <summary>Moves to the next block.</summary>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <param name="most">The most samples that are wanted.</param>
    /// <returns>The number of its samples: that of <see cref="Block"/> or what is wanted, or fewer in the last one; 0 at the end of the
    /// pass, and when cancelled.</returns>
    public abstract int Next(CancellationToken cancellationToken, int most = int.MaxValue);

    /// <summary>Saves or loads what continues from pass to pass.</summary>
    public virtual void SaveOrLoad(CheckpointState state)
    {
    }
}

/// <summary>Samples in memory: a single block.</summary>
internal sealed class InMemoryRows<T>(DataSet<T> data) : TrainingRows<T>(data, data.Rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private bool _isAtEnd;

    public override bool IsInMemory => true;

    public override void Restart(bool isShuffled) => _isAtEnd = false;

    public override int Next(CancellationToken cancellationToken, int most)
    {
        int rows = _isAtEnd || cancellationToken.IsCancellationRequested ? 0 : Math.Min(Block.Rows, most);
        _isAtEnd = true;
        return rows;
    }
}
