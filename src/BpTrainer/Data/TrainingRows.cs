using BpTrainer.Files;

namespace BpTrainer.Data;

/// <summary>The samples of a training, block after block. Samples in memory are one block; a stream refills the same block.</summary>
internal abstract class TrainingRows<T>(DataSet<T> block, long rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public DataSet<T> Block { get; } = block;

    /// <summary>The number of samples of a pass.</summary>
    public long Rows { get; } = rows;

    /// <summary>Whether <see cref="Block"/> always holds all samples.</summary>
    public virtual bool IsInMemory => false;

    /// <summary>Begins a pass. If <paramref name="isShuffled"/>, the order of the samples may differ from the previous pass.</summary>
    public abstract void Restart(bool isShuffled);

    /// <summary>
    /// Moves to the next block and returns the number of its samples, at most <paramref name="most"/> and fewer in the last block; 0 at the
    /// end of the pass and if cancelled.
    /// </summary>
    public abstract int Next(CancellationToken cancellationToken, int most = int.MaxValue);

    public virtual void SaveOrLoad(CheckpointState state)
    {
    }
}

/// <summary>Samples in memory: a single block.</summary>
internal sealed class InMemoryRows<T>(DataSet<T> data) : TrainingRows<T>(data, data.Rows)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
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
