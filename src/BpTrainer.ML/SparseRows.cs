using Microsoft.ML.Data;

namespace BpTrainer.ML;

/// <summary>Rows of features without their zeros, one added behind another.</summary>
/// <param name="columns">The number of features of a row.</param>
internal sealed class SparseRows(int columns)
{
    private readonly List<int> _rowStarts = [0];
    private readonly List<int> _columns = [];
    private readonly List<float> _values = [];

    /// <summary>The number of rows.</summary>
    public int Rows => _rowStarts.Count - 1;

    /// <summary>The number of values of all rows.</summary>
    public int Count => _values.Count;

    /// <summary>Adds a row, be it sparse or not.</summary>
    public void Add(in VBuffer<float> row)
    {
        ReadOnlySpan<float> values = row.GetValues();
        ReadOnlySpan<int> indices = row.GetIndices();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != 0)
            {
                _columns.Add(row.IsDense ? i : indices[i]);
                _values.Add(values[i]);
            }
        }

        _rowStarts.Add(_values.Count);
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        _rowStarts.RemoveRange(1, Rows);
        _columns.Clear();
        _values.Clear();
    }

    /// <summary>The rows in memory of their own.</summary>
    public SparseMatrix<float> ToMatrix() => new(columns, _rowStarts.ToArray(), _columns.ToArray(), _values.ToArray());
}
