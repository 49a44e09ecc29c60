using BpTrainer.Data;

namespace BpTrainer;

/// <summary>
/// Samples to train on or to validate with: a matrix of inputs and a matrix of targets with the same number of rows. The set only reads the
/// user's memory. Inputs and targets are in the user's units; the scalings of the network apply to them.
/// </summary>
/// <remarks>
/// <see cref="Select"/> and <see cref="Join"/> create sets that share the memory of others: a split into training and validation rows needs
/// one index per row and no copy of the samples. Training accepts every kind of set and gives the same result as with a plain copy of its
/// rows.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class DataSet<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[]? _selected;

    /// <summary>Creates a set from inputs, targets and weights.</summary>
    /// <param name="inputs">rows × <paramref name="inputColumns"/>, row after row.</param>
    /// <param name="inputColumns">The number of inputs; 1 or more.</param>
    /// <param name="targets">rows × <paramref name="targetColumns"/>: numbers for regression, 0 or 1 for binary, one-hot rows for
    /// multiclass classification.</param>
    /// <param name="targetColumns">The number of targets; 1 or more.</param>
    /// <param name="weights">The weight of each row: finite, not negative, not all 0; empty for equal weights. Only their ratios matter: a
    /// row with weight 2 counts as two rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of columns is below 1.</exception>
    /// <exception cref="ArgumentException">There are no rows, the numbers of rows differ, or a weight is not allowed.</exception>
    public DataSet(
        ReadOnlyMemory<T> inputs, int inputColumns, ReadOnlyMemory<T> targets, int targetColumns, ReadOnlyMemory<T> weights = default)
        : this([new DataPart<T>(inputs, targets, weights)], inputs.Length / Guard.AtLeast(inputColumns, 1), inputColumns, targetColumns)
    {
        if (Rows == 0 || inputs.Length % inputColumns != 0)
        {
            throw new ArgumentException(
                $"{inputs.Length} inputs do not make rows of {inputColumns} columns; at least one full row is needed.", nameof(inputs));
        }

        WeightScale = CheckPart(targets, weights);
    }

    /// <summary>Creates a set from inputs that are mostly 0, targets and weights.</summary>
    /// <remarks>
    /// Zeros take no memory. They also take no time in the first layer, unless an option or the network needs every input: dropout of
    /// inputs, Levenberg–Marquardt, an input scaling with an offset, encoded inputs, or validation rows that are not sparse. In these
    /// cases, the zeros are filled in for each batch.
    /// </remarks>
    /// <inheritdoc cref="DataSet{T}(ReadOnlyMemory{T}, int, ReadOnlyMemory{T}, int, ReadOnlyMemory{T})"
    /// path="/*[not(self::param[@name='inputs'])]"/>
    /// <param name="inputs">rows × inputs.</param>
    public DataSet(SparseMatrix<T> inputs, ReadOnlyMemory<T> targets, int targetColumns, ReadOnlyMemory<T> weights = default)
        : this(
            [new DataPart<T>(default, targets, weights, inputs)], inputs?.Rows ?? throw new ArgumentNullException(nameof(inputs)),
            inputs.Columns, targetColumns) =>
        WeightScale = CheckPart(targets, weights);

    /// <summary>Room for samples that are written later. All rows can be read at any time, whatever they contain.</summary>
    internal DataSet(DataPart<T> room, int inputColumns, int targetColumns, T weightScale)
        : this([room], room.Inputs.Length / inputColumns, inputColumns, targetColumns) => WeightScale = weightScale;

    /// <summary>Creates a set of rows of other sets.</summary>
    private DataSet(DataSet<T> shape, DataPart<T>[] parts, int[]? selected, int rows)
        : this(parts, rows, shape.InputColumns, shape.TargetColumns)
    {
        PartRows = shape.PartRows;
        _selected = selected;
        WeightScale = HasWeights ? RowWeights.Scale<T>(rows, RowWeights.Total(this)) : T.One;
    }

    private DataSet(
        DataPart<T>[] parts, int rows, int inputColumns, int targetColumns, int partRows, int[]? selected, T weightScale)
        : this(parts, rows, inputColumns, targetColumns)
    {
        PartRows = partRows;
        _selected = selected;
        WeightScale = weightScale;
    }

    private DataSet(DataPart<T>[] parts, int rows, int inputColumns, int targetColumns)
    {
        Parts = parts;
        Rows = PartRows = rows;
        InputColumns = inputColumns;
        TargetColumns = Guard.AtLeast(targetColumns, 1);
    }

    /// <summary>The number of samples.</summary>
    public int Rows { get; }

    /// <summary>The number of inputs of a sample.</summary>
    public int InputColumns { get; }

    /// <summary>The number of targets of a sample.</summary>
    public int TargetColumns { get; }

    /// <summary>Whether rows have weights.</summary>
    public bool HasWeights => !Parts[0].Weights.IsEmpty;

    /// <summary>Whether the inputs are in a <see cref="SparseMatrix{T}"/>, without their zeros.</summary>
    public bool IsSparse => Parts[0].Sparse is not null;

    /// <summary>Whether the rows are in one contiguous piece of memory; usually not after <see cref="Select"/> and
    /// <see cref="Join"/>.</summary>
    public bool IsContiguous => Parts.Length == 1 && _selected is null;

    /// <summary>rows × <see cref="InputColumns"/>, row after row.</summary>
    /// <exception cref="InvalidOperationException">The set is not <see cref="IsContiguous"/>, or it <see cref="IsSparse"/>: see
    /// <see cref="InputRow"/>.</exception>
    public ReadOnlyMemory<T> Inputs => IsSparse
        ? throw new InvalidOperationException($"The inputs are stored without their zeros; read them row by row with {nameof(InputRow)}.")
        : Contiguous.Inputs;

    /// <summary>rows × <see cref="TargetColumns"/>, row after row.</summary>
    /// <exception cref="InvalidOperationException">The set is not <see cref="IsContiguous"/>: see <see cref="TargetRow"/>.</exception>
    public ReadOnlyMemory<T> Targets => Contiguous.Targets;

    /// <summary>The weight of each row; empty for equal weights.</summary>
    /// <exception cref="InvalidOperationException">The set is not <see cref="IsContiguous"/>: see <see cref="Weight"/>.</exception>
    public ReadOnlyMemory<T> Weights => Contiguous.Weights;

    /// <summary>The memory that contains the samples; all parts except the last have <see cref="PartRows"/> rows.</summary>
    internal DataPart<T>[] Parts { get; }

    internal int PartRows { get; }

    /// <summary>The factor that makes the weights average to 1.</summary>
    internal T WeightScale { get; }

    /// <summary>Whether <see cref="SampleNumbers()"/> differ from the row numbers.</summary>
    internal bool IsSelection => _selected is not null;
    private (int, int, bool, bool) Columns => (InputColumns, TargetColumns, HasWeights, IsSparse);
    private DataPart<T> Contiguous => IsContiguous
        ? Parts[0]
        : throw new InvalidOperationException(
            $"The {Rows} rows are not contiguous in memory; "
            + $"read them one by one with {nameof(InputRow)}, {nameof(TargetRow)} and {nameof(Weight)}, or copy them with {nameof(Take)}.");

    /// <summary>Joins sets without copying them: the new set reads their memory.</summary>
    /// <param name="sets">One or more sets with the same columns, all with weights or all without. All sets except the last have the same
    /// number of rows, and the last one has at most that number; each is <see cref="IsContiguous"/>.</param>
    /// <returns>The new set.</returns>
    /// <exception cref="ArgumentException">There is no set, a set differs from the first, or there are more rows than
    /// <see cref="int.MaxValue"/>.</exception>
    public static DataSet<T> Join(params IReadOnlyList<DataSet<T>> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count == 0)
        {
            throw new ArgumentException("There are no sets to join; at least one is needed.", nameof(sets));
        }

        DataSet<T> first = sets[0];
        long rows = 0;
        for (int i = 0; i < sets.Count; i++)
        {
            DataSet<T> set = sets[i];
            bool fits = i == sets.Count - 1 ? set.Rows <= first.Rows : set.Rows == first.Rows;
            if (!fits || !set.IsContiguous || set.Columns != first.Columns)
            {
                throw new ArgumentException(
                    $"Set {i} is {set.Describe()}, which does not match set 0, {first.Describe()}: columns, weights, rows and sparseness "
                    + "must be the same, the last set may have fewer rows, and each must be contiguous.",
                    nameof(sets));
            }

            rows += set.Rows;
        }

        if (rows > int.MaxValue)
        {
            throw new ArgumentException($"The sets have {rows} rows in total, but a set can have at most {int.MaxValue}.", nameof(sets));
        }

        return new DataSet<T>(first, [.. sets.Select(set => set.Parts[0])], selected: null, (int)rows);
    }

    /// <summary>Chooses rows without copying them: the new set reads the memory of this one.</summary>
    /// <param name="rows">Indices from 0 to <see cref="Rows"/> − 1, in the desired order; at least one.</param>
    /// <returns>The new set.</returns>
    /// <exception cref="ArgumentException">No row is chosen, or all chosen rows have the weight 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public DataSet<T> Select(ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty)
        {
            throw new ArgumentException("No row is chosen; at least one is needed.", nameof(rows));
        }

        int[] samples = rows.ToArray();
        foreach (ref int sample in samples.AsSpan())
        {
            sample = SampleAt(sample);
        }

        return new DataSet<T>(this, Parts, samples, rows.Length);
    }

    /// <summary>Copies chosen rows to a new set, which is <see cref="IsContiguous"/>.</summary>
    /// <inheritdoc cref="Select"/>
    public DataSet<T> Take(ReadOnlySpan<int> rows)
    {
        DataSet<T> selected = Select(rows);
        T[] targets = selected.Copy(TargetColumns, selected.TargetRow);
        T[] weights = selected.CopyWeights();
        return IsSparse
            ? new DataSet<T>(selected.ToSparseMatrix(), targets, TargetColumns, weights)
            : new DataSet<T>(selected.Copy(InputColumns, selected.InputRow), InputColumns, targets, TargetColumns, weights);
    }

    /// <summary>Copies the inputs of all rows, without their zeros.</summary>
    /// <returns>A matrix with its own memory.</returns>
    /// <exception cref="InvalidOperationException">The set is not <see cref="IsSparse"/>.</exception>
    public SparseMatrix<T> ToSparseMatrix()
    {
        if (!IsSparse)
        {
            throw new InvalidOperationException($"The inputs are stored with their zeros; read them with {nameof(InputRow)}.");
        }

        var starts = new List<int> { 0 };
        var columns = new List<int>();
        var values = new List<T>();
        foreach (int sample in SampleNumbers())
        {
            (SparseMatrix<T> matrix, int row) = SparseRow(sample);
            columns.AddRange(matrix.ColumnsOf(row));
            values.AddRange(matrix.ValuesOf(row));
            starts.Add(values.Count);
        }

        return new SparseMatrix<T>(InputColumns, starts.ToArray(), columns.ToArray(), values.ToArray());
    }

    /// <summary>Gets the inputs of a sample.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/> − 1.</param>
    /// <returns><see cref="InputColumns"/> numbers; a copy with the zeros if the set <see cref="IsSparse"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<T> InputRow(int row)
    {
        (int part, int index) = Find(row);
        if (Parts[part].Sparse is not { } sparse)
        {
            return Parts[part].Inputs.Span.Slice(index * InputColumns, InputColumns);
        }

        var copy = new T[InputColumns];
        sparse.CopyRowTo(index, copy);
        return copy;
    }

    /// <summary>Gets the targets of a sample.</summary>
    /// <inheritdoc cref="InputRow"/>
    /// <returns><see cref="TargetColumns"/> numbers.</returns>
    public ReadOnlySpan<T> TargetRow(int row)
    {
        (int part, int index) = Find(row);
        return Parts[part].Targets.Span.Slice(index * TargetColumns, TargetColumns);
    }

    /// <summary>Gets the weight of a sample; 1 in a set without weights.</summary>
    /// <inheritdoc cref="InputRow"/>
    /// <returns>The weight as given.</returns>
    public T Weight(int row)
    {
        (int part, int index) = Find(row);
        return HasWeights ? Parts[part].Weights.Span[index] : T.One;
    }

    /// <summary>The places of the samples, in order: sample s is row s mod <see cref="PartRows"/> of part s /
    /// <see cref="PartRows"/>.</summary>
    internal int[] SampleNumbers() => _selected?.ToArray() ?? [.. Enumerable.Range(0, Rows)];

    /// <summary>The samples from a row on that are contiguous in memory: their part, the first row in it, and their number.</summary>
    internal (DataPart<T> Part, int First, int Rows) Stretch(int row)
    {
        (int part, int first) = Find(row);
        int most = Math.Min(PartRows - first, Rows - row);
        int rows = _selected is null ? most : 1;
        while (rows < most && _selected![row + rows] == _selected[row] + rows)
        {
            rows++;
        }

        return (Parts[part], first, rows);
    }

    /// <summary>The matrix with the inputs of a sample of a sparse set, and the row in it.</summary>
    internal (SparseMatrix<T> Matrix, int Row) SparseRow(int sample)
    {
        (int part, int row) = Math.DivRem(sample, PartRows);
        return (Parts[part].Sparse!, row);
    }

    /// <summary>Returns the same samples, as a part of more samples, with another factor of their weights.</summary>
    internal DataSet<T> WithWeightScale(T scale) => new(Parts, Rows, InputColumns, TargetColumns, PartRows, _selected, scale);

    /// <summary>Checks the only part, and returns the factor that makes its weights average to 1.</summary>
    private T CheckPart(ReadOnlyMemory<T> targets, ReadOnlyMemory<T> weights) => targets.Length == (long)Rows * TargetColumns
        ? weights.IsEmpty ? T.One : RowWeights.Scale<T>(Rows, RowWeights.Total(weights.Span, Rows))
        : throw new ArgumentException(
            $"There are {targets.Length} targets, but {Rows} rows of {TargetColumns} columns need {(long)Rows * TargetColumns}.",
            nameof(targets));

    private T[] CopyWeights() => HasWeights ? [.. Enumerable.Range(0, Rows).Select(Weight)] : [];

    private T[] Copy(int columns, Func<int, ReadOnlySpan<T>> rowOf)
    {
        var copy = new T[checked(Rows * columns)];
        for (int row = 0; row < Rows; row++)
        {
            rowOf(row).CopyTo(copy.AsSpan(row * columns));
        }

        return copy;
    }

    private (int Part, int Index) Find(int row) => Math.DivRem(SampleAt(row), PartRows);

    private int SampleAt(int row) => (uint)row < (uint)Rows
        ? _selected?[row] ?? row
        : throw Guard.OutOfRange(nameof(row), row, $"at least 0 and below the {Rows} rows of the set");

    private string Describe() =>
        $"{Rows} {(IsContiguous ? "contiguous" : "scattered")}{(IsSparse ? ", sparse" : "")} rows of "
        + $"{InputColumns} inputs and {TargetColumns} targets {(HasWeights ? "with" : "without")} weights";
}
