namespace BpTrainer;

/// <summary>
/// A matrix that stores only the values that are not 0, row after row (compressed sparse rows): row r has the values from rowStarts[r] up
/// to, but not including, rowStarts[r + 1], and columnIndices has their columns. The matrix only reads the user's memory.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class SparseMatrix<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<int> _rowStarts;
    private readonly ReadOnlyMemory<int> _columnIndices;
    private readonly ReadOnlyMemory<T> _values;

    /// <summary>Creates and checks a matrix.</summary>
    /// <param name="columns">The number of columns; 1 or more.</param>
    /// <param name="rowStarts">The index of each row's first value, and finally the end of the last row: one number more than there are
    /// rows. The first is 0, and they never decrease.</param>
    /// <param name="columnIndices">The column of each value: from 0 to <paramref name="columns"/> − 1, ascending within a row.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is below 1.</exception>
    /// <exception cref="ArgumentException">There is no row, the lengths do not match, or an index is out of range or not in ascending
    /// order.</exception>
    public SparseMatrix(int columns, ReadOnlyMemory<int> rowStarts, ReadOnlyMemory<int> columnIndices, ReadOnlyMemory<T> values)
    {
        Columns = Guard.AtLeast(columns, 1);
        ReadOnlySpan<int> starts = rowStarts.Span;
        if (starts.Length < 2 || starts[0] != 0 || starts[^1] != values.Length || values.Length != columnIndices.Length)
        {
            throw new ArgumentException(
                $"{starts.Length} row starts, {columnIndices.Length} column indices and {values.Length} values do not make a matrix: "
                + "the row starts must go from 0 to the number of values, each value must have a column index, and there must be a row.",
                nameof(rowStarts));
        }

        for (int row = 0; row + 1 < starts.Length; row++)
        {
            CheckRow(row, starts, columnIndices.Span);
        }

        _rowStarts = rowStarts;
        _columnIndices = columnIndices;
        _values = values;
    }

    /// <summary>The number of rows.</summary>
    public int Rows => _rowStarts.Length - 1;

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The number of values in memory.</summary>
    public int Count => _values.Length;

    /// <summary>The columns of the values of a row, in ascending order.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/> − 1.</param>
    /// <returns>A part of the given memory.</returns>
    public ReadOnlySpan<int> ColumnsOf(int row) => _columnIndices.Span[_rowStarts.Span[row].._rowStarts.Span[row + 1]];

    /// <summary>The values of a row.</summary>
    /// <inheritdoc cref="ColumnsOf"/>
    public ReadOnlySpan<T> ValuesOf(int row) => _values.Span[_rowStarts.Span[row].._rowStarts.Span[row + 1]];

    /// <summary>Writes a row with its zeros.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/> − 1.</param>
    /// <param name="destination">Receives <see cref="Columns"/> numbers.</param>
    public void CopyRowTo(int row, Span<T> destination)
    {
        destination[..Columns].Clear();
        ReadOnlySpan<int> columns = ColumnsOf(row);
        ReadOnlySpan<T> values = ValuesOf(row);
        for (int i = 0; i < columns.Length; i++)
        {
            destination[columns[i]] = values[i];
        }
    }

    private void CheckRow(int row, ReadOnlySpan<int> starts, ReadOnlySpan<int> columnIndices)
    {
        if (starts[row + 1] < starts[row] || starts[row + 1] > columnIndices.Length)
        {
            throw new ArgumentException(
                $"Row {row} goes from value {starts[row]} to {starts[row + 1]} of {columnIndices.Length}; row starts must not decrease.",
                nameof(starts));
        }

        int before = -1;
        foreach (int column in columnIndices[starts[row]..starts[row + 1]])
        {
            if (column <= before || column >= Columns)
            {
                throw new ArgumentException(
                    $"Row {row} has column {column} after column {before}; columns must be ascending within a row and below {Columns}.",
                    nameof(columnIndices));
            }

            before = column;
        }
    }
}
