namespace BpTrainer.ML.TimeSeries;

/// <summary>
/// The last rows of a series, as many as a column needs: a ring buffer in which each new row replaces the oldest. The newest row may be
/// some rows ahead of the current one. Unknown values are NaN.
/// </summary>
internal sealed class SeriesWindow
{
    private readonly int[] _offsets;
    private readonly int _width;
    private readonly int _ahead;
    private readonly int _capacity;
    private readonly float[] _rows;
    private int _newest;

    public SeriesWindow(SeriesColumn column, int width, int ahead)
    {
        _offsets = column.Offsets;
        _width = width;
        _ahead = ahead;
        _capacity = column.Back + ahead + 1;
        _rows = new float[checked(_capacity * width)];
        Array.Fill(_rows, float.NaN);
    }

    /// <summary>Adds rows, oldest first.</summary>
    public void Add(ReadOnlySpan<float> rows)
    {
        for (; !rows.IsEmpty; rows = rows[_width..])
        {
            _newest = _newest + 1 < _capacity ? _newest + 1 : 0;
            rows[.._width].CopyTo(_rows.AsSpan(_newest * _width));
        }
    }

    /// <summary>Adds an unknown row.</summary>
    public void AddMissing()
    {
        _newest = _newest + 1 < _capacity ? _newest + 1 : 0;
        _rows.AsSpan(_newest * _width, _width).Fill(float.NaN);
    }

    /// <summary>Copies the values of the current row: for each offset, the slots of the row at that distance.</summary>
    public void CopyTo(Span<float> values)
    {
        foreach (int offset in _offsets)
        {
            int age = _ahead - offset;
            if (age < 0)
            {
                values[.._width].Fill(float.NaN);
            }
            else
            {
                int place = _newest - age;
                _rows.AsSpan((place < 0 ? place + _capacity : place) * _width, _width).CopyTo(values);
            }

            values = values[_width..];
        }
    }

    /// <summary>All rows that are held, oldest first.</summary>
    public float[] ToArray() => [.. _rows.AsSpan((_newest + 1) * _width), .. _rows.AsSpan(0, (_newest + 1) * _width)];

    /// <summary>Creates a getter of the current values; it calls <paramref name="move"/> first, which makes the row of a cursor the current
    /// one.</summary>
    public Delegate CreateGetter(bool isScalar, Action move)
    {
        int length = _offsets.Length * _width;
        return isScalar
            ? (ValueGetter<float>)((ref float value) =>
            {
                move();
                CopyTo(new Span<float>(ref value));
            })
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> values) =>
            {
                move();
                VBufferEditor<float> editor = VBufferEditor.Create(ref values, length);
                CopyTo(editor.Values);
                values = editor.Commit();
            });
    }
}

/// <summary>Reads the series in the current row of a cursor.</summary>
internal sealed class SeriesReader
{
    private readonly ValueGetter<float>? _readNumber;
    private readonly ValueGetter<VBuffer<float>>? _readVector;
    private readonly float[] _values;
    private VBuffer<float> _vector;

    public SeriesReader(DataViewRow row, DataViewSchema.Column column, int width)
    {
        _values = new float[width];
        if (column.Type is VectorDataViewType)
        {
            _readVector = row.GetGetter<VBuffer<float>>(row.Schema[column.Index]);
        }
        else
        {
            _readNumber = row.GetGetter<float>(row.Schema[column.Index]);
        }
    }

    /// <summary>The values, valid until the next call.</summary>
    public ReadOnlySpan<float> Read()
    {
        if (_readVector is null)
        {
            _readNumber!(ref _values[0]);
        }
        else
        {
            _readVector(ref _vector);
            _vector.CopyTo(_values);
        }

        return _values;
    }
}
