using System.Runtime.InteropServices;
using BpTrainer.Files;

namespace BpTrainer.Scalings;

/// <summary>
/// The mean, the spread and the range of every column, computed row by row in one pass, for data that is never completely in memory.
/// </summary>
/// <remarks>
/// West's update of weighted mean and scatter (D. H. D. West, Communications of the ACM 22, 1979) is stable, unlike a sum of squares. With
/// the sum s of the weights including this row and the previous mean m₀: m ← m₀ + w/s·(x − m₀) and S ← S + w·(x − m₀)·(x − m). The variance
/// is S / s.
/// </remarks>
internal sealed unsafe class ColumnStatistics
{
    private const int Figures = 7;
    private readonly RowKernel<double> _kernel = RowKernel<double>.Create(Kernel.Default);
    private readonly AlignedBuffer<double> _row;

    // One row for each statistic, padded with columns of 0: mean, scatter, lowest and highest value, and the weights of the rows with the
    // lowest value, the highest value and 0.
    private readonly AlignedBuffer<double> _figures;
    private readonly int _stride;

    public ColumnStatistics(int columns)
    {
        Columns = Guard.AtLeast(columns, 1);
        _stride = AlignedBuffer<double>.Pad(columns);
        _row = new AlignedBuffer<double>(_stride);
        _figures = new AlignedBuffer<double>(checked(Figures * _stride));
        Lowest.Fill(double.PositiveInfinity);
        Highest.Fill(double.NegativeInfinity);
    }

    public int Columns { get; }

    public long Rows { get; private set; }

    public double TotalWeight { get; private set; }

    /// <summary>The mean of every column, weighted by the rows.</summary>
    public ReadOnlySpan<double> Means => Mean[..Columns];

    /// <summary>The smallest value of every column in rows with a weight above 0.</summary>
    public ReadOnlySpan<double> Smallest => Lowest[..Columns];

    /// <summary>The largest value of every column in rows with a weight above 0.</summary>
    public ReadOnlySpan<double> Largest => Highest[..Columns];

    private Span<double> Mean => Row(0);
    private Span<double> Scatter => Row(1);
    private Span<double> Lowest => Row(2);
    private Span<double> Highest => Row(3);
    private Span<double> AtLowest => Row(4);
    private Span<double> AtHighest => Row(5);
    private Span<double> AtZero => Row(6);

    /// <summary>Adds a row. A row with weight 2 counts as two rows.</summary>
    public void Add<T>(ReadOnlySpan<T> row, double weight = 1) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Guard.Require(row.Length == Columns, $"The row has {row.Length} values, but there are {Columns} columns.", nameof(row));

        AddChecked(row, Guard.FiniteAtLeast(weight, 0));
    }

    /// <summary>Adds contiguous rows with weights that have already been checked; empty for equal weights.</summary>
    public void AddRows<T>(ReadOnlySpan<T> rows, ReadOnlySpan<T> weights) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; !rows.IsEmpty; row++, rows = rows[Columns..])
        {
            AddChecked(rows[..Columns], weights.IsEmpty ? 1 : double.CreateTruncating(weights[row]));
        }
    }

    /// <summary>
    /// Adds the statistics of other rows (Chan, Golub and LeVeque, The American Statistician 37, 1983): with the weights a and b and the
    /// difference d of the means, m ← m + d·b/(a + b) and S ← S + S′ + d²·a·b/(a + b).
    /// </summary>
    public void Add(ColumnStatistics other)
    {
        Guard.Require(other.Columns == Columns, $"There are {other.Columns} columns to add to {Columns}.", nameof(other));
        Rows += other.Rows;
        if (other.TotalWeight == 0)
        {
            return;
        }

        double share = other.TotalWeight / (TotalWeight + other.TotalWeight);
        for (int c = 0; c < Columns; c++)
        {
            double distance = other.Mean[c] - Mean[c];
            Mean[c] += distance * share;
            Scatter[c] += other.Scatter[c] + (distance * distance * TotalWeight * share);
            AtLowest[c] = AtExtreme(Lowest[c], AtLowest[c], other.Lowest[c], other.AtLowest[c], other.Lowest[c] < Lowest[c]);
            AtHighest[c] = AtExtreme(Highest[c], AtHighest[c], other.Highest[c], other.AtHighest[c], other.Highest[c] > Highest[c]);
            Lowest[c] = Math.Min(Lowest[c], other.Lowest[c]);
            Highest[c] = Math.Max(Highest[c], other.Highest[c]);
            AtZero[c] += other.AtZero[c];
        }

        TotalWeight += other.TotalWeight;

        static double AtExtreme(double value, double weight, double otherValue, double otherWeight, bool otherIsBeyond) =>
            otherIsBeyond ? otherWeight : otherValue == value ? weight + otherWeight : weight;
    }

    // *** Binary format ***
    // int32: columns; int64: rows; double: total weight
    // double[]: the seven figures of every column, padded

    public void Save(BinaryWriter writer)
    {
        writer.Write(Columns);
        writer.Write(Rows);
        writer.Write(TotalWeight);
        writer.Write(MemoryMarshal.AsBytes(_figures.Span));
    }

    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    public static ColumnStatistics Load(BlockReader reader)
    {
        var statistics = new ColumnStatistics(reader.ReadCount("columns", 1, Figures * sizeof(double)))
        {
            Rows = reader.Read("number of rows", 0L, long.MaxValue),
            TotalWeight = reader.Read("weight of the rows", 0, double.MaxValue),
        };
        reader.Read(statistics._figures.Span);
        return statistics;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddChecked<T>(ReadOnlySpan<T> row, double weight) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Rows++;
        if (weight == 0)
        {
            return;
        }

        Span<double> to = _row.Span;
        for (int c = 0; c < row.Length; c++)
        {
            to[c] = double.CreateTruncating(row[c]);
        }

        TotalWeight += weight;
        fixed (double* x = _row, figures = _figures)
        {
            _kernel.UpdateStatistics(x, figures, _stride, weight, weight / TotalWeight);
        }
    }

    /// <summary>
    /// Gives every column the mean 0 and the standard deviation 1, with limits; a column without a normal spread in T becomes 0.
    /// </summary>
    /// <exception cref="InvalidOperationException">No row with a weight above 0 was added.</exception>
    /// <exception cref="ArgumentException">A column had values that are not finite.</exception>
    public ColumnScaling Standardize<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Scaling<T>(c => (Mean[c], Deviation(c)));

    /// <summary>
    /// The scaling that <see cref="ColumnScaling.StandardizeInputs"/> describes; for the exceptions see <see cref="Standardize"/>.
    /// </summary>
    public ColumnScaling StandardizeInputs<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Scaling<T>(c =>
    {
        (double value, double weight) = CommonValue(c);
        double shift = Mean[c] - value;
        double others = TotalWeight - weight;
        return weight < others || others == 0
            ? (Mean[c], Deviation(c))
            : (value, Math.Sqrt((Scatter[c] + (TotalWeight * shift * shift)) / others));
    });

    /// <summary>Clamps every column to limits and otherwise does not change it.</summary>
    public ColumnScaling Limit<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Scaling<T>(c => (0, double.IsFinite(Scatter[c]) ? 1 : double.NaN));

    /// <summary>Maps every column to a range, with limits; a constant column becomes the lower end of the range.</summary>
    /// <inheritdoc cref="Standardize" path="/exception"/>
    public ColumnScaling MinMax<T>(double low, double high) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckWeight();

        // The extremes ignore NaN; the scatter does not.
        double[] smallest = [.. Enumerable.Range(0, Columns).Select(c => double.IsNaN(Scatter[c]) ? double.NaN : Lowest[c])];
        return ColumnScaling.MinMax<T>(smallest, Largest, low, high);
    }

    private void CheckWeight()
    {
        if (TotalWeight == 0)
        {
            throw new InvalidOperationException($"None of the {Rows} rows has a weight above 0; at least one row must count.");
        }
    }

    private ColumnScaling Scaling<T>(Func<int, (double Offset, double Spread)> figuresOf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckWeight();
        var offsets = new double[Columns];
        var scales = new double[Columns];
        var lowest = new double[Columns];
        var highest = new double[Columns];
        for (int c = 0; c < Columns; c++)
        {
            (offsets[c], double spread) = figuresOf(c);
            scales[c] = ColumnScaling.ScaleOf<T>(1, spread);
            (lowest[c], highest[c]) = ColumnScaling.IsSpread<T>(Deviation(c))
                ? ColumnScaling.Widen(Lowest[c], Highest[c])
                : (Mean[c], Mean[c]);
        }

        return new ColumnScaling(offsets, scales, lowest, highest);
    }

    private double Deviation(int column) => Math.Sqrt(Scatter[column] / TotalWeight);

    /// <summary>The most frequent of the counted values, and its weight.</summary>
    private (double Value, double Weight) CommonValue(int c)
    {
        double most = Math.Max(AtZero[c], Math.Max(AtLowest[c], AtHighest[c]));
        return (most == AtZero[c] ? 0 : most == AtLowest[c] ? Lowest[c] : Highest[c], most);
    }

    private Span<double> Row(int figure) => _figures.Span.Slice(figure * _stride, _stride);
}

/// <summary>
/// Scalings of inputs that are mostly 0. The scaling of <see cref="Of"/> maps 0 to 0. Values are clamped to the widened range of the column
/// including 0, and on request the values other than 0 get the root mean square 1, s = √(Σw / Σw·x²). Rare words and categories therefore
/// have no more weight than frequent ones. A constant column becomes 0. A column that is 0 in at least half of the rows is scaled like in
/// <see cref="ColumnScaling.StandardizeInputs"/>.
/// </summary>
internal static class SparseScaling
{
    /// <summary>If <paramref name="isStandard"/> is false, values within the limits do not change.</summary>
    public static ColumnScaling Of<T>(DataSet<T> data, bool isStandard) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double total, double[] weights, double[] squares, double[] lowest, double[] highest) = Survey(data);
        int columns = data.InputColumns;
        var scales = new double[columns];
        for (int c = 0; c < columns; c++)
        {
            bool isConstant = weights[c] == 0 || (weights[c] == total && lowest[c] == highest[c]);
            double size = isConstant ? 0 : Math.Sqrt(squares[c] / weights[c]);
            scales[c] = isStandard || !double.IsFinite(size) ? ColumnScaling.ScaleOf<T>(1, size) : 1;
            (lowest[c], highest[c]) = isConstant ? (0, 0) : ColumnScaling.Widen(Math.Min(lowest[c], 0), Math.Max(highest[c], 0));
        }

        return new ColumnScaling(new double[columns], scales, lowest, highest);
    }

    /// <summary>Maps every column to a range, exactly like rows with their zeros.</summary>
    public static ColumnScaling MinMax<T>(DataSet<T> data, double low, double high) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double total, double[] weights, double[] squares, double[] lowest, double[] highest) = Survey(data);
        for (int c = 0; c < weights.Length; c++)
        {
            bool hasZeros = weights[c] < total;
            lowest[c] = double.IsNaN(squares[c]) ? double.NaN : hasZeros ? Math.Min(lowest[c], 0) : lowest[c];
            highest[c] = hasZeros ? Math.Max(highest[c], 0) : highest[c];
        }

        return ColumnScaling.MinMax<T>(lowest, highest, low, high);
    }

    /// <summary>
    /// Returns the total weight of the rows, and for every column the weight, sum of squares and range of its stored values.
    /// </summary>
    private static (double Total, double[] Weights, double[] Squares, double[] Lowest, double[] Highest) Survey<T>(DataSet<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = data.InputColumns;
        double[] weights = new double[columns], squares = new double[columns], lowest = new double[columns], highest = new double[columns];
        Array.Fill(lowest, double.PositiveInfinity);
        Array.Fill(highest, double.NegativeInfinity);
        double total = 0;
        int[] samples = data.SampleNumbers();
        for (int row = 0; row < samples.Length; row++)
        {
            double weight = double.CreateTruncating(data.Weight(row));
            total += weight;
            (SparseMatrix<T> matrix, int index) = data.SparseRow(samples[row]);
            ReadOnlySpan<int> indices = weight == 0 ? [] : matrix.ColumnsOf(index);
            ReadOnlySpan<T> values = matrix.ValuesOf(index);
            for (int i = 0; i < indices.Length; i++)
            {
                int c = indices[i];
                double x = double.CreateTruncating(values[i]);
                weights[c] += weight;
                squares[c] += weight * x * x;
                lowest[c] = Math.Min(lowest[c], x);
                highest[c] = Math.Max(highest[c], x);
            }
        }

        return (total, weights, squares, lowest, highest);
    }
}
