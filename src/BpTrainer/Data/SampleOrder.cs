using System.Numerics;

namespace BpTrainer;

/// <summary>The order in which a pass takes the samples of a block.</summary>
internal sealed class SampleOrder<T>(DataSet<T> block) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _samples = block.SampleNumbers();
    private int _rows = block.Rows;

    /// <summary>
    /// The samples of a block with this many rows, in the order they were left in. Only a stream has blocks of different
    /// sizes; each change begins anew with the order they came in.
    /// </summary>
    public int[] For(int rows)
    {
        if (rows != _rows)
        {
            for (int sample = 0; sample < rows; sample++)
            {
                _samples[sample] = sample;
            }

            _rows = rows;
        }

        return _samples;
    }

    /// <summary>Writes or reads the order.</summary>
    public void Exchange(CheckpointState state)
    {
        int rows = _rows;
        state.Exchange(ref rows, 1, _samples.Length);
        int[] samples = For(rows);
        state.ExchangeOrder(samples.AsSpan(0, rows));
    }
}
