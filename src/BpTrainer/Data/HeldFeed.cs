using System.Numerics;

namespace BpTrainer;

/// <summary>Samples in memory: a single block.</summary>
internal sealed class HeldFeed<T>(DataSet<T> data) : SampleFeed<T>(data, data.Rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private bool _isAtEnd;

    public override bool IsHeld => true;

    public override void Restart(bool isShuffled) => _isAtEnd = false;

    public override int Next(CancellationToken cancellationToken, int most)
    {
        int rows = _isAtEnd || cancellationToken.IsCancellationRequested ? 0 : Math.Min(Block.Rows, most);
        _isAtEnd = true;
        return rows;
    }
}
