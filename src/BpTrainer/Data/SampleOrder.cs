using BpTrainer.Files;

namespace BpTrainer.Data;

/// <summary>The order in which a pass takes the samples of a block.</summary>
internal sealed class SampleOrder<T>(DataSet<T> block) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _samples = block.SampleNumbers();
    private int _rows = block.Rows;

    /// <summary>Returns the samples of a block with this number of rows. If the number has changed since the last call, they are in their
    /// original order.</summary>
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

    /// <summary>Saves or loads the order as row numbers, so that a resumed training continues in the same way wherever the rows are in
    /// memory.</summary>
    public void SaveOrLoad(CheckpointState state, bool isInMemory)
    {
        int rows = _rows;
        state.SaveOrLoad(ref rows, isInMemory ? _samples.Length : 1, _samples.Length);
        Span<int> samples = For(rows).AsSpan(0, rows);
        if (block.IsSelection)
        {
            int[] selected = block.SampleNumbers();
            int[] order = RowsOf(samples, selected);
            state.SaveOrLoadOrder(order);
            for (int i = 0; i < order.Length; i++)
            {
                samples[i] = selected[order[i]];
            }
        }
        else
        {
            state.SaveOrLoadOrder(samples);
        }
    }

    /// <summary>Returns the places of samples in a list that has the same samples in another order. Equal samples may change
    /// places.</summary>
    private static int[] RowsOf(ReadOnlySpan<int> samples, int[] selected)
    {
        int[] places = [.. Enumerable.Range(0, samples.Length)], rows = [.. places];
        Array.Sort(samples.ToArray(), places);
        Array.Sort([.. selected], rows);
        var rowAt = new int[samples.Length];
        for (int i = 0; i < places.Length; i++)
        {
            rowAt[places[i]] = rows[i];
        }

        return rowAt;
    }
}
