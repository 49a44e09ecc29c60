namespace BpTrainer.ML.Training;

/// <summary>Rows in memory without the zeros of their features, as many as come.</summary>
/// <param name="inputs">The number of inputs of a sample.</param>
/// <param name="targetColumns">The number of targets.</param>
/// <param name="hasWeights">Whether rows have weights.</param>
internal sealed class SparseRowStore(int inputs, int targetColumns, bool hasWeights) : IRowStore
{
    /// <summary>Rows of a part, which is copied to memory of the right size when it is full.</summary>
    private const int PartRows = 4096;

    private readonly List<DataSet<float>> _parts = [];
    private readonly SparseRows _rows = new(inputs);
    private readonly List<float> _targets = [];
    private readonly List<float> _weights = [];
    private readonly float[] _target = new float[targetColumns];
    private long _values;

    public int Count { get; private set; }

    public long Bytes => (_values * (sizeof(float) + sizeof(int))) + (Count * (sizeof(int) + RowStore.BytesPerRow(0, targetColumns, hasWeights)));

    public void Add(RowReader reader)
    {
        int before = _rows.Count;
        _rows.Add(reader.Features);
        _values += _rows.Count - before;
        reader.CopyTargetsTo(_target);
        _targets.AddRange(_target);
        if (hasWeights)
        {
            _weights.Add(reader.Weight);
        }

        Count++;
        if (_rows.Rows == PartRows)
        {
            EndPart();
        }
    }

    public DataSet<float> ToDataSet()
    {
        if (_rows.Rows > 0)
        {
            EndPart();
        }

        return DataSet<float>.Join(_parts);
    }

    private void EndPart()
    {
        _parts.Add(new DataSet<float>(_rows.ToMatrix(), _targets.ToArray(), targetColumns, _weights.ToArray()));
        _rows.Clear();
        _targets.Clear();
        _weights.Clear();
    }
}
