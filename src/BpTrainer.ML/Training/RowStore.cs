namespace BpTrainer.ML.Training;

/// <summary>Rows in memory, appended one by one. Labels become targets when all rows have been added.</summary>
internal interface IRowStore
{
    int Count { get; }

    /// <summary>The bytes that the rows take as samples, including the indices by which training orders and selects rows.</summary>
    long Bytes { get; }

    void Add(RowReader reader);

    /// <summary>The first label of every row; the class in a classification.</summary>
    float[] FirstLabels();

    /// <summary>The rows as a data set of the engine; it shares their memory.</summary>
    DataSet<float> ToDataSet();
}

/// <summary>
/// Dense rows in memory. They are stored in parts with a fixed number of rows, so adding rows never moves existing ones and never needs
/// memory for two copies.
/// </summary>
internal sealed class RowStore(RowSource source, long? expectedRows = null) : IRowStore
{
    /// <summary>The number of values in a part if the number of rows is unknown: 1 MB.</summary>
    private const int PartLength = 1 << 18;

    private readonly int _inputs = source.Inputs;
    private readonly int _labels = source.Task.Labels;
    private readonly int _partRows = (int)Math.Clamp(
        expectedRows ?? PartLength / (source.Inputs + source.Task.Outputs),
        1,
        Array.MaxLength / Math.Max(source.Inputs, source.Task.Outputs));

    private readonly List<Part> _parts = [];

    public int Count { get; private set; }

    public long Bytes => Count * source.BytesPerRow;

    public void Add(RowReader reader)
    {
        int row = Count % _partRows;
        if (row == 0 && Count / _partRows == _parts.Count)
        {
            // Every number is written before it is read.
            _parts.Add(new Part(
                GC.AllocateUninitializedArray<float>(_partRows * _inputs),
                GC.AllocateUninitializedArray<float>(_partRows * _labels),
                source.HasWeights ? new float[_partRows] : []));
        }

        Part part = _parts[Count / _partRows];
        reader.CopyInputsTo(part.Inputs.AsSpan(row * _inputs, _inputs));
        reader.Labels.CopyTo(part.Labels.AsSpan(row * _labels));
        if (source.HasWeights)
        {
            part.Weights[row] = reader.Weight;
        }

        Count++;
    }

    public ReadOnlySpan<float> Inputs(int row) => _parts[row / _partRows].Inputs.AsSpan(row % _partRows * _inputs, _inputs);

    public ReadOnlySpan<float> Labels(int row) => _parts[row / _partRows].Labels.AsSpan(row % _partRows * _labels, _labels);

    public float Weight(int row) => source.HasWeights ? _parts[row / _partRows].Weights[row % _partRows] : 1;

    public void Move(int from, int to)
    {
        Part part = _parts[to / _partRows];
        Inputs(from).CopyTo(part.Inputs.AsSpan(to % _partRows * _inputs));
        Labels(from).CopyTo(part.Labels.AsSpan(to % _partRows * _labels));
        if (source.HasWeights)
        {
            part.Weights[to % _partRows] = Weight(from);
        }
    }

    public void Truncate(int rows) => Count = rows;

    public float[] FirstLabels()
    {
        var labels = new float[Count];
        for (int row = 0; row < labels.Length; row++)
        {
            labels[row] = Labels(row)[0];
        }

        return labels;
    }

    public DataSet<float> ToDataSet()
    {
        var sets = new List<DataSet<float>>(_parts.Count);
        for (int first = 0; first < Count; first += _partRows)
        {
            (float[] inputs, float[] labels, float[] weights) = _parts[sets.Count];
            int rows = Math.Min(_partRows, Count - first);
            sets.Add(new DataSet<float>(
                inputs.AsMemory(0, rows * _inputs),
                _inputs,
                source.Task.ToTargets(labels.AsMemory(0, rows * _labels)),
                source.Task.Outputs,
                weights.AsMemory(0, Math.Min(rows, weights.Length))));
        }

        return DataSet<float>.Join(sets);
    }

    private sealed record Part(float[] Inputs, float[] Labels, float[] Weights);
}

/// <summary>Rows in memory that are stored without the zeros of their features.</summary>
internal sealed class SparseRowStore(RowSource source) : IRowStore
{
    /// <summary>The number of rows in a part. A full part is copied to memory of exactly its size.</summary>
    private const int PartRows = 4096;

    private readonly List<(SparseMatrix<float> Inputs, float[] Labels, float[] Weights)> _parts = [];
    private readonly SparseRows _rows = new(source.Features);
    private readonly List<float> _labels = [];
    private readonly List<float> _weights = [];
    private long _values;

    public int Count { get; private set; }

    public long Bytes => (_values * (sizeof(float) + sizeof(int))) + (Count * (sizeof(int) + source.BytesPerRowWithoutInputs));

    public void Add(RowReader reader)
    {
        int before = _rows.Count;
        _rows.Add(reader.Features);
        _values += _rows.Count - before;
        _labels.AddRange(reader.Labels);
        if (source.HasWeights)
        {
            _weights.Add(reader.Weight);
        }

        Count++;
        if (_rows.Rows == PartRows)
        {
            EndPart();
        }
    }

    public float[] FirstLabels()
    {
        EndPart();
        return [.. _parts.SelectMany(part => part.Labels.Where((_, i) => i % source.Task.Labels == 0))];
    }

    public DataSet<float> ToDataSet()
    {
        EndPart();
        LearningTask task = source.Task;
        return DataSet<float>.Join(
            [.. _parts.Select(part => new DataSet<float>(part.Inputs, task.ToTargets(part.Labels), task.Outputs, part.Weights))]);
    }

    private void EndPart()
    {
        if (_rows.Rows > 0)
        {
            _parts.Add((_rows.ToMatrix(), _labels.ToArray(), _weights.ToArray()));
            _rows.Clear();
            _labels.Clear();
            _weights.Clear();
        }
    }
}
