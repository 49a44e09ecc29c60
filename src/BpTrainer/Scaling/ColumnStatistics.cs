using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BpTrainer.Numbers;

namespace BpTrainer.Scaling;

/// <summary>
/// The mean, the spread and the range of every column, gathered row by row in one pass: for data that is never in memory as a whole.
/// </summary>
/// <remarks>
/// West's update of weighted mean and scatter (D. H. D. West, Communications of the ACM 22, 1979), stable where a sum of
/// squares is not: with the sum s of the weights up to and with this row, m ← m + w/s·(x − m₀) and S ← S + w·(x − m₀)·(x − m),
/// m₀ being the mean before. The variance is S / s.
/// </remarks>
internal sealed class ColumnStatistics
{
    // Each has room for whole vectors; behind the columns lie columns of 0.
    private readonly double[] _mean;
    private readonly double[] _scatter;
    private readonly double[] _lowest;
    private readonly double[] _highest;
    private readonly double[] _row;

    // The weight of the rows that have the lowest value, the highest, and 0.
    private readonly double[] _atLowest;
    private readonly double[] _atHighest;
    private readonly double[] _atZero;

    public ColumnStatistics(int columns)
    {
        Columns = Guard.AtLeast(columns, 1);
        int width = checked((columns + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count);
        _mean = new double[width];
        _scatter = new double[width];
        _lowest = new double[width];
        _highest = new double[width];
        _row = new double[width];
        _atLowest = new double[width];
        _atHighest = new double[width];
        _atZero = new double[width];
        Array.Fill(_lowest, double.PositiveInfinity);
        Array.Fill(_highest, double.NegativeInfinity);
    }

    public int Columns { get; }

    public long Rows { get; private set; }

    public double TotalWeight { get; private set; }

    /// <summary>Adds a row; one of weight 2 counts as two rows.</summary>
    /// <exception cref="ArgumentException">The row has another number of columns.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add<T>(ReadOnlySpan<T> row, double weight = 1) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (row.Length != Columns)
        {
            throw new ArgumentException($"The row has {row.Length} values, but there are {Columns} columns.", nameof(row));
        }

        AddChecked(row, Guard.FiniteAtLeast(weight, 0));
    }

    /// <summary>Adds rows that lie one after another, with weights that were checked before; none for equal weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void AddRows<T>(ReadOnlySpan<T> rows, ReadOnlySpan<T> weights) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; !rows.IsEmpty; row++, rows = rows[Columns..])
        {
            AddChecked(rows[..Columns], weights.IsEmpty ? 1 : double.CreateTruncating(weights[row]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddChecked<T>(ReadOnlySpan<T> row, double weight) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Rows++;
        if (weight == 0)
        {
            return;
        }

        Widen(row, _row);
        TotalWeight += weight;
        double share = weight / TotalWeight;
        var w = new Vector<double>(weight);

        // A column is not added to its neighbours, so the width of a vector changes no bit.
        for (int c = 0; c < _row.Length; c += Vector<double>.Count)
        {
            var mean = new Vector<double>(_mean, c);
            var x = new Vector<double>(_row, c);
            Vector<double> deviation = x - mean;
            mean += deviation * share;
            (new Vector<double>(_scatter, c) + (deviation * weight * (x - mean))).CopyTo(_scatter, c);
            mean.CopyTo(_mean, c);

            var lowest = new Vector<double>(_lowest, c);
            var highest = new Vector<double>(_highest, c);
            Count(_atLowest, c, x, lowest, Vector.LessThan(x, lowest), w);
            Count(_atHighest, c, x, highest, Vector.GreaterThan(x, highest), w);
            Count(_atZero, c, x, Vector<double>.Zero, Vector<long>.Zero, w);
            Vector.Min(x, lowest).CopyTo(_lowest, c);
            Vector.Max(x, highest).CopyTo(_highest, c);
        }
    }

    /// <summary>Adds the weight where x has the value that is counted, and begins anew where x takes its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Count(double[] counts, int c, Vector<double> x, Vector<double> value, Vector<long> isNew, Vector<double> weight)
    {
        var count = new Vector<double>(counts, c);
        count += Vector.ConditionalSelect(Vector.Equals(x, value), weight, Vector<double>.Zero);
        Vector.ConditionalSelect(isNew, weight, count).CopyTo(counts, c);
    }

    /// <summary>Gives every column the mean 0 and the standard deviation 1, with limits; a column without a normal spread in T becomes 0.</summary>
    /// <exception cref="InvalidOperationException">No row of a weight above 0 was added.</exception>
    /// <exception cref="ArgumentException">A column had values that are not finite.</exception>
    public ColumnScaling Standardize<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Scaling<T>(c => (_mean[c], Deviation(c)));

    /// <summary>The scaling that <see cref="ColumnScaling.StandardizeInputs"/> describes; for the exceptions see <see cref="Standardize"/>.</summary>
    public ColumnScaling StandardizeInputs<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Scaling<T>(c =>
    {
        (double value, double weight) = CommonValue(c);
        double shift = _mean[c] - value;
        double others = TotalWeight - weight;
        return weight < others || others == 0
            ? (_mean[c], Deviation(c))
            : (value, Math.Sqrt((_scatter[c] + (TotalWeight * shift * shift)) / others));
    });

    /// <summary>Leaves every column as it is, but within limits.</summary>
    public ColumnScaling Limit<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Scaling<T>(c => (0, double.IsFinite(_scatter[c]) ? 1 : double.NaN));

    private ColumnScaling Scaling<T>(Func<int, (double Offset, double Spread)> figuresOf) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TotalWeight == 0)
        {
            throw new InvalidOperationException($"None of the {Rows} rows has a weight above 0; at least one row must count.");
        }

        var offsets = new double[Columns];
        var scales = new double[Columns];
        var lowest = new double[Columns];
        var highest = new double[Columns];
        for (int c = 0; c < Columns; c++)
        {
            (offsets[c], double spread) = figuresOf(c);
            scales[c] = ColumnScaling.ScaleOf<T>(1, spread);
            (lowest[c], highest[c]) = ColumnScaling.IsSpread<T>(Deviation(c)) ? ColumnScaling.Widen(_lowest[c], _highest[c]) : (_mean[c], _mean[c]);
        }

        return new ColumnScaling(offsets, scales, lowest, highest);
    }

    private double Deviation(int column) => Math.Sqrt(_scatter[column] / TotalWeight);

    /// <summary>The most frequent of the values that are counted, and its weight.</summary>
    private (double Value, double Weight) CommonValue(int c)
    {
        double most = Math.Max(_atZero[c], Math.Max(_atLowest[c], _atHighest[c]));
        return (most == _atZero[c] ? 0 : most == _atLowest[c] ? _lowest[c] : _highest[c], most);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen<T>(ReadOnlySpan<T> from, Span<double> to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int c = 0;
        if (typeof(T) == typeof(float))
        {
            ReadOnlySpan<float> floats = MemoryMarshal.Cast<T, float>(from);
            for (; c <= floats.Length - Vector<float>.Count; c += Vector<float>.Count)
            {
                Vector.Widen(new Vector<float>(floats[c..]), out Vector<double> low, out Vector<double> high);
                low.CopyTo(to[c..]);
                high.CopyTo(to[(c + Vector<double>.Count)..]);
            }
        }

        for (; c < from.Length; c++)
        {
            to[c] = double.CreateChecked(from[c]);
        }
    }
}
