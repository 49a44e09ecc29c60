using System.Numerics;

namespace BpTrainer;

/// <summary>
/// An affine map of every column, y = (x − offset) · scale, and its inverse x = y / scale + offset. A network carries one
/// for its inputs and one for its outputs, so that data and predictions stay in the user's units.
/// </summary>
public sealed class ColumnScaling
{
    private readonly double[] _offsets;
    private readonly double[] _scales;

    /// <summary>Creates a scaling from given figures.</summary>
    /// <param name="offsets">The value of each column that becomes 0; finite.</param>
    /// <param name="scales">The factor of each column; finite and not 0.</param>
    /// <exception cref="ArgumentException">The lengths differ or a figure is not finite, or a scale is 0.</exception>
    public ColumnScaling(ReadOnlySpan<double> offsets, ReadOnlySpan<double> scales)
    {
        if (offsets.Length != scales.Length)
        {
            throw new ArgumentException($"There are {offsets.Length} offsets but {scales.Length} scales; there must be one of each a column.");
        }

        for (int c = 0; c < offsets.Length; c++)
        {
            if (!double.IsFinite(offsets[c]) || !double.IsFinite(scales[c]) || scales[c] == 0)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Column {c} has the offset {offsets[c]} and the scale {scales[c]}; both must be finite and the scale not 0."));
            }
        }

        _offsets = offsets.ToArray();
        _scales = scales.ToArray();
    }

    /// <summary>The number of columns.</summary>
    public int Columns => _offsets.Length;

    /// <summary>The value of each column that becomes 0.</summary>
    public ReadOnlySpan<double> Offsets => _offsets;

    /// <summary>The factor of each column.</summary>
    public ReadOnlySpan<double> Scales => _scales;

    /// <summary>The scaling of the same columns in another order.</summary>
    internal ColumnScaling Reorder(ReadOnlySpan<int> order)
    {
        int[] columns = order.ToArray();
        return new ColumnScaling(Array.ConvertAll(columns, c => _offsets[c]), Array.ConvertAll(columns, c => _scales[c]));
    }

    /// <summary>Maps every column to mean 0 and standard deviation 1. A constant column becomes 0.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="values">rows × columns, row after row; finite.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="rowWeights">The weight of each row, finite, none negative, not all 0; empty for equal weights.</param>
    /// <returns>The scaling.</returns>
    /// <exception cref="ArgumentException">The length of <paramref name="values"/> is not a multiple of <paramref name="columns"/>, or it is empty, or a column has values that are not finite, or the weights are not one a row or not allowed.</exception>
    public static ColumnScaling Standardize<T>(ReadOnlySpan<T> values, int columns, ReadOnlySpan<T> rowWeights = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = CountRows(values, columns);
        if (!rowWeights.IsEmpty)
        {
            RowWeights.Total(rowWeights, rows);
        }

        var statistics = new ColumnStatistics(columns);
        statistics.AddRows(values, rowWeights);
        return statistics.Standardize<T>();
    }

    /// <summary>Maps every input of a data set to mean 0 and standard deviation 1, with the weights of its rows. A constant column becomes 0.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="data">The samples; finite.</param>
    /// <returns>The scaling.</returns>
    /// <exception cref="ArgumentException">A column has values that are not finite.</exception>
    public static ColumnScaling StandardizeInputs<T>(DataSet<T> data) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(data);
        return Standardize(data, data.InputColumns, part => part.Inputs);
    }

    /// <summary>Maps every target of a data set to mean 0 and standard deviation 1, with the weights of its rows. A constant column becomes 0.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="data">The samples; finite.</param>
    /// <returns>The scaling.</returns>
    /// <exception cref="ArgumentException">A column has values that are not finite.</exception>
    public static ColumnScaling StandardizeTargets<T>(DataSet<T> data) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(data);
        return Standardize(data, data.TargetColumns, part => part.Targets);
    }

    /// <summary>Maps the smallest value of every column to <paramref name="low"/> and the largest to <paramref name="high"/>. A constant column becomes <paramref name="low"/>.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="values">rows × columns, row after row; finite.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="low">Where the smallest value goes.</param>
    /// <param name="high">Where the largest value goes; above <paramref name="low"/>.</param>
    /// <returns>The scaling.</returns>
    /// <exception cref="ArgumentException">The length of <paramref name="values"/> is not a multiple of <paramref name="columns"/>, or it is empty, or a column has values that are not finite, or the range is empty.</exception>
    public static ColumnScaling MinMax<T>(ReadOnlySpan<T> values, int columns, double low = -1, double high = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!(high > low))
        {
            throw new ArgumentException(FormattableString.Invariant($"The range [{low}, {high}] is empty; high must be above low."));
        }

        int rows = CountRows(values, columns);
        var offsets = new double[columns];
        var scales = new double[columns];
        for (int c = 0; c < columns; c++)
        {
            double smallest = double.PositiveInfinity, largest = double.NegativeInfinity;
            for (int row = 0; row < rows; row++)
            {
                double x = double.CreateChecked(values[(row * columns) + c]);
                smallest = Math.Min(smallest, x);
                largest = Math.Max(largest, x);
            }

            scales[c] = ScaleOf<T>(high - low, largest - smallest);
            offsets[c] = smallest - (low / scales[c]);
        }

        return new ColumnScaling(offsets, scales);
    }

    /// <summary>The factor that takes a spread to a length. NaN, which no scaling may have, for a spread that is not finite, and 1 for a constant column, whose spread is no normal number in T.</summary>
    internal static double ScaleOf<T>(double length, double spread) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        !double.IsFinite(spread) ? double.NaN : T.IsNormal(T.CreateTruncating(spread)) ? length / spread : 1;

    private static ColumnScaling Standardize<T>(DataSet<T> data, int columns, Func<DataPart<T>, ReadOnlyMemory<T>> matrixOf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var statistics = new ColumnStatistics(columns);
        for (int row = 0; row < data.Rows;)
        {
            (DataPart<T> part, int first, int rows) = data.Stretch(row);
            ReadOnlySpan<T> values = matrixOf(part).Span.Slice(first * columns, rows * columns);
            statistics.AddRows(values, data.HasWeights ? part.Weights.Span.Slice(first, rows) : default);
            row += rows;
        }

        return statistics.Standardize<T>();
    }

    private static int CountRows<T>(ReadOnlySpan<T> values, int columns)
    {
        Guard.AtLeast(columns, 1);
        if (values.IsEmpty || values.Length % columns != 0)
        {
            throw new ArgumentException($"{values.Length} values do not make rows of {columns} columns; at least one full row is needed.", nameof(values));
        }

        return values.Length / columns;
    }
}
