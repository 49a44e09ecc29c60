using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BpTrainer;

/// <summary>
/// The mean and the spread of every column, gathered row by row in one pass: for data that is never in memory as a whole.
/// </summary>
/// <remarks>
/// West's update of weighted mean and scatter (D. H. D. West, Communications of the ACM 22, 1979), stable where a sum of
/// squares is not: with the sum s of the weights up to and with this row, m ← m + w/s·(x − m₀) and S ← S + w·(x − m₀)·(x − m),
/// m₀ being the mean before. The variance is S / s.
/// </remarks>
public sealed class ColumnStatistics
{
    private readonly double[] _mean;
    private readonly double[] _scatter;
    private readonly double[] _row;

    /// <summary>Begins without rows.</summary>
    /// <param name="columns">The number of columns; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is below 1.</exception>
    public ColumnStatistics(int columns)
    {
        _mean = new double[Guard.AtLeast(columns, 1)];
        _scatter = new double[columns];
        _row = new double[columns];
    }

    /// <summary>The number of columns.</summary>
    public int Columns => _mean.Length;

    /// <summary>The number of rows added.</summary>
    public long Rows { get; private set; }

    /// <summary>The sum of the weights of the rows added.</summary>
    public double TotalWeight { get; private set; }

    /// <summary>Takes a row into account.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">One value a column.</param>
    /// <param name="weight">The weight of the row, finite and not negative; one of weight 2 counts as two rows. Default 1.</param>
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

    /// <summary>Takes rows into account that lie one after another, with weights that were checked before; none for equal weights.</summary>
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
        int c = 0;

        // A column is not added to its neighbours, so the width of a vector changes no bit.
        for (; c <= _row.Length - Vector<double>.Count; c += Vector<double>.Count)
        {
            var mean = new Vector<double>(_mean, c);
            var x = new Vector<double>(_row, c);
            Vector<double> deviation = x - mean;
            mean += deviation * share;
            (new Vector<double>(_scatter, c) + (deviation * weight * (x - mean))).CopyTo(_scatter, c);
            mean.CopyTo(_mean, c);
        }

        for (; c < _row.Length; c++)
        {
            double deviation = _row[c] - _mean[c];
            _mean[c] += deviation * share;
            _scatter[c] += deviation * weight * (_row[c] - _mean[c]);
        }
    }

    /// <summary>The map that gives every column the mean 0 and the standard deviation 1; a constant column becomes 0.</summary>
    /// <typeparam name="T">The type of the values: a spread that is no normal number in it counts as none.</typeparam>
    /// <returns>The scaling.</returns>
    /// <exception cref="InvalidOperationException">No row of a weight above 0 was added.</exception>
    /// <exception cref="ArgumentException">A column had values that are not finite.</exception>
    public ColumnScaling Standardize<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TotalWeight == 0)
        {
            throw new InvalidOperationException($"None of the {Rows} rows has a weight above 0; at least one row must count.");
        }

        var scales = new double[Columns];
        for (int c = 0; c < scales.Length; c++)
        {
            scales[c] = ColumnScaling.ScaleOf<T>(1, Math.Sqrt(_scatter[c] / TotalWeight));
        }

        return new ColumnScaling(_mean, scales);
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
