namespace BpTrainer.ML.Training;

/// <summary>Rows in memory, one added behind another.</summary>
internal interface IRowStore
{
    /// <summary>The number of rows.</summary>
    int Count { get; }

    /// <summary>What they take, with the numbers by which training orders and chooses rows.</summary>
    long Bytes { get; }

    /// <summary>Adds the row that the reader is at.</summary>
    void Add(RowReader reader);

    /// <summary>The rows as the engine takes them; their memory is shared.</summary>
    DataSet<float> ToDataSet();
}

/// <summary>
/// Dense rows in memory, as many as come: they lie in parts of a fixed number of rows, so that room for more never moves those
/// that are there, and memory is never needed twice.
/// </summary>
/// <param name="inputs">The number of inputs of a sample.</param>
/// <param name="targetColumns">The number of targets.</param>
/// <param name="hasWeights">Whether rows have weights.</param>
/// <param name="expectedRows">How many rows will come, if that is known: they get one part.</param>
internal sealed class RowStore(int inputs, int targetColumns, bool hasWeights, long? expectedRows = null) : IRowStore
{
    /// <summary>The numbers in a part when nobody knows how many rows will come: 1 MB. What the last part has too much is small beside data that are large.</summary>
    private const int PartLength = 1 << 18;

    private readonly int _partRows = (int)Math.Clamp(expectedRows ?? PartLength / (inputs + targetColumns), 1, Array.MaxLength / Math.Max(inputs, targetColumns));
    private readonly List<Part> _parts = [];

    public int Count { get; private set; }

    public long Bytes => Count * BytesPerRow(inputs, targetColumns, hasWeights);

    /// <summary>What a row takes, with the numbers by which training orders and chooses rows.</summary>
    public static long BytesPerRow(int inputs, int targetColumns, bool hasWeights) =>
        (sizeof(float) * ((long)inputs + targetColumns + (hasWeights ? 1 : 0))) + (2 * sizeof(int));

    public void Add(RowReader reader)
    {
        int row = Count % _partRows;
        if (row == 0 && Count / _partRows == _parts.Count)
        {
            _parts.Add(new Part(inputs, targetColumns, hasWeights, _partRows));
        }

        Part part = _parts[Count / _partRows];
        reader.CopyTo(part.Inputs.AsSpan(row * inputs, inputs), part.Targets.AsSpan(row * targetColumns, targetColumns));
        if (hasWeights)
        {
            part.Weights[row] = reader.Weight;
        }

        Count++;
    }

    public ReadOnlySpan<float> Inputs(int row) => _parts[row / _partRows].Inputs.AsSpan(row % _partRows * inputs, inputs);

    public ReadOnlySpan<float> Targets(int row) => _parts[row / _partRows].Targets.AsSpan(row % _partRows * targetColumns, targetColumns);

    public float Weight(int row) => hasWeights ? _parts[row / _partRows].Weights[row % _partRows] : 1;

    /// <summary>Puts a row where another one was.</summary>
    public void Move(int from, int to)
    {
        Part part = _parts[to / _partRows];
        Inputs(from).CopyTo(part.Inputs.AsSpan(to % _partRows * inputs, inputs));
        Targets(from).CopyTo(part.Targets.AsSpan(to % _partRows * targetColumns, targetColumns));
        if (hasWeights)
        {
            part.Weights[to % _partRows] = Weight(from);
        }
    }

    /// <summary>Forgets the rows behind the first ones.</summary>
    public void Truncate(int rows) => Count = rows;

    public DataSet<float> ToDataSet()
    {
        var sets = new List<DataSet<float>>(_parts.Count);
        for (int first = 0; first < Count; first += _partRows)
        {
            sets.Add(_parts[sets.Count].ToDataSet(inputs, targetColumns, Math.Min(_partRows, Count - first)));
        }

        return DataSet<float>.Join(sets);
    }

    private sealed class Part(int inputs, int targetColumns, bool hasWeights, int rows)
    {
        // Every number is written before it is read.
        public float[] Inputs { get; } = GC.AllocateUninitializedArray<float>(rows * inputs);

        public float[] Targets { get; } = GC.AllocateUninitializedArray<float>(rows * targetColumns);

        public float[] Weights { get; } = hasWeights ? new float[rows] : [];

        public DataSet<float> ToDataSet(int inputColumns, int targets, int used) => new(
            Inputs.AsMemory(0, used * inputColumns), inputColumns,
            Targets.AsMemory(0, used * targets), targets,
            Weights.AsMemory(0, Math.Min(used, Weights.Length)));
    }
}
