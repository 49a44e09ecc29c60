using BpTrainer.Scalings;

namespace BpTrainer.Prediction;

/// <summary>
/// The scaled inputs of a batch without their zeros: by rows for the forward pass and by columns for the gradient. Columns without a value
/// in the batch take no time.
/// </summary>
internal sealed class SparseBatch<T>(int columns, int rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int None = -1;

    private readonly int[] _rowStarts = new int[rows + 1];
    private int[] _placeOfColumn = [];
    private int[] _columns = [];
    private T[] _values = [];
    private int[] _touched = [];
    private int[] _columnEnds = [];
    private int[] _rowsByColumn = [];
    private T[] _valuesByColumn = [];

    /// <summary>The columns with a value in the batch, without duplicates; valid after <see cref="Transpose"/>.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, TouchedCount);

    public int TouchedCount { get; private set; }

    public int Rows { get; private set; }

    public void Clear() => Rows = 0;

    /// <summary>Adds a row and scales it.</summary>
    public void Add(ReadOnlySpan<int> rowColumns, ReadOnlySpan<T> rowValues, ScalingFunction<T>? scaling)
    {
        int first = _rowStarts[Rows], end = first + rowColumns.Length;
        if (end > _values.Length)
        {
            Array.Resize(ref _columns, 2 * end);
            Array.Resize(ref _values, 2 * end);
        }

        Span<T> values = _values.AsSpan(first, rowColumns.Length);
        rowColumns.CopyTo(_columns.AsSpan(first));
        rowValues.CopyTo(values);
        scaling?.ApplyToNonzeros(rowColumns, values);
        _rowStarts[++Rows] = end;
    }

    /// <summary>The columns of the values of a row, ascending.</summary>
    public ReadOnlySpan<int> ColumnsOf(int row) => _columns.AsSpan(_rowStarts[row].._rowStarts[row + 1]);

    public ReadOnlySpan<T> ValuesOf(int row) => _values.AsSpan(_rowStarts[row].._rowStarts[row + 1]);

    /// <summary>The rows with values in a column, ascending.</summary>
    public ReadOnlySpan<int> RowsOf(int column) => _rowsByColumn.AsSpan(RangeOf(column));

    public ReadOnlySpan<T> ValuesOfColumn(int column) => _valuesByColumn.AsSpan(RangeOf(column));

    /// <summary>Sorts the values by column (counting sort).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Transpose()
    {
        int count = _rowStarts[Rows];
        foreach (int column in Touched)
        {
            _placeOfColumn[column] = None;
        }

        TouchedCount = 0;
        if (_placeOfColumn.Length == 0)
        {
            _placeOfColumn = new int[columns];
            Array.Fill(_placeOfColumn, None);
        }

        if (_rowsByColumn.Length < count)
        {
            _touched = new int[_values.Length];
            _columnEnds = new int[_values.Length + 1];
            _rowsByColumn = new int[_values.Length];
            _valuesByColumn = new T[_values.Length];
        }

        Count(_columns.AsSpan(0, count));
        for (int row = 0; row < Rows; row++)
        {
            for (int i = _rowStarts[row]; i < _rowStarts[row + 1]; i++)
            {
                int to = _columnEnds[_placeOfColumn[_columns[i]] + 1]++;
                _rowsByColumn[to] = row;
                _valuesByColumn[to] = _values[i];
            }
        }
    }

    /// <summary>Finds the columns with values and the start of each, which is stored one place after its own; adding rows moves it to the
    /// end of the column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(ReadOnlySpan<int> columnsOfBatch)
    {
        foreach (int column in columnsOfBatch)
        {
            ref int place = ref _placeOfColumn[column];
            if (place == None)
            {
                place = TouchedCount;
                _touched[TouchedCount] = column;
                _columnEnds[++TouchedCount] = 0;
            }

            _columnEnds[place + 1]++;
        }

        int start = 0;
        for (int place = 1; place <= TouchedCount; place++)
        {
            int length = _columnEnds[place];
            _columnEnds[place] = start;
            start += length;
        }
    }

    private Range RangeOf(int column) => _placeOfColumn[column] is >= 0 and int place ? _columnEnds[place].._columnEnds[place + 1] : 0..0;
}
