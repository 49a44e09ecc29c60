using BpTrainer.Data;
using BpTrainer.Numbers;

namespace BpTrainer;

/// <summary>
/// The piecewise linear encoding of the inputs of a network (Gorishniy, Rubachev and Babenko, On Embeddings for Numerical Features in
/// Tabular Deep Learning, NeurIPS 2022): a column with the edges b₀ &lt; b₁ &lt; … &lt; bₙ becomes n codes, of which code t is (x − bₜ) /
/// (bₜ₊₁ − bₜ), brought between 0 and 1, less ½. The first layer reads the codes behind the inputs, so that each of its units sees a
/// function of every column that may bend at every edge, and learns steps and thresholds as easily as slopes.
/// </summary>
/// <remarks>
/// All codes of a column below that of its active bin are ½ and all above are −½. With prefix sums of the weights a row costs two
/// multiplications of a vector a column, whatever the number of bins: see <see cref="NetworkBuilder.EncodeInputs"/>.
/// </remarks>
public sealed class PiecewiseLinearEncoding
{
    /// <summary>The number of bins of a column where nothing else is said.</summary>
    public const int DefaultBins = 32;

    /// <summary>The most bins of a column.</summary>
    public const int MostBins = 1024;

    private readonly double[][] _edges;

    /// <summary>Creates an encoding with given edges.</summary>
    /// <param name="edges">For every column the edges of its bins in the user's units, finite and rising, from 2 to
    /// <see cref="MostBins"/> + 1; none for a column without codes.</param>
    /// <exception cref="ArgumentException">There is no column, or a column has one edge, too many, or edges that are not finite or do not
    /// rise.</exception>
    public PiecewiseLinearEncoding(IReadOnlyList<IReadOnlyList<double>> edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        Guard.Require(edges.Count > 0, "There is no column; an encoding needs at least one.", nameof(edges));
        _edges = new double[edges.Count][];
        for (int c = 0; c < _edges.Length; c++)
        {
            double[] column = [.. edges[c] ?? []];
            Guard.Require(
                column.Length != 1 && column.Length <= MostBins + 1,
                $"Column {c} has {column.Length} edges; it must have none, or from 2 to {MostBins + 1}.", nameof(edges));

            for (int t = 0; t < column.Length; t++)
            {
                Guard.Require(
                    double.IsFinite(column[t]) && (t == 0 || column[t] > column[t - 1]),
                    $"Edge {t} of column {c} is {column[t]}; edges must be finite and rise.", nameof(edges));
            }

            _edges[c] = column;
        }

        Codes = checked(_edges.Sum(column => Math.Max(column.Length - 1, 0)));
    }

    /// <summary>The number of columns.</summary>
    public int Columns => _edges.Length;

    /// <summary>The number of codes of a row, which is that of the bins of all columns.</summary>
    public int Codes { get; }

    /// <summary>The edges of the bins of a column, in the user's units.</summary>
    /// <param name="column">From 0 to <see cref="Columns"/> − 1.</param>
    /// <returns>The edges, rising; empty if the column has no codes.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public ReadOnlySpan<double> EdgesOf(int column) => _edges[column];

    /// <summary>
    /// Puts the edges of every column at quantiles of its values, so that all bins hold about as many rows. A column with at most two
    /// values gets no codes: its input says the same.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="data">The training rows; weights have no effect. Values that are not finite are left out.</param>
    /// <param name="bins">The most bins of a column, from 2 to <see cref="MostBins"/>. Equal quantiles make fewer. Default
    /// <see cref="DefaultBins"/>.</param>
    /// <returns>The encoding.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is out of its range.</exception>
    public static PiecewiseLinearEncoding FromQuantiles<T>(DataSet<T> data, int bins = DefaultBins)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(data);
        if (bins is < 2 or > MostBins)
        {
            throw Guard.OutOfRange(nameof(bins), bins, $"from 2 to {MostBins}");
        }

        return new PiecewiseLinearEncoding([.. ColumnSample.Of(data).Select(column => QuantileEdges(column, bins))]);
    }

    /// <summary>The codes of a value, as the first layer reads them.</summary>
    /// <param name="column">From 0 to <see cref="Columns"/> − 1.</param>
    /// <param name="value">A value in the user's units.</param>
    /// <returns>A number from −½ to ½ a bin.</returns>
    public double[] Encode(int column, double value)
    {
        double[] edges = _edges[column];
        var codes = new double[Math.Max(edges.Length - 1, 0)];
        for (int t = 0; t < codes.Length; t++)
        {
            codes[t] = Math.Clamp((value - edges[t]) / (edges[t + 1] - edges[t]), 0, 1) - 0.5;
        }

        return codes;
    }

    /// <summary>The quantiles 0, 1/bins, …, 1 of values in rising order, each once.</summary>
    private static double[] QuantileEdges(double[] sorted, int bins)
    {
        var edges = new List<double>();
        for (int t = 0; t <= bins && sorted.Length > 0; t++)
        {
            double place = (double)t / bins * (sorted.Length - 1);
            int below = (int)place;
            double low = sorted[below], high = sorted[Math.Min(below + 1, sorted.Length - 1)];
            double edge = low + ((place - below) * (high - low));
            if (edges.Count == 0 || edge > edges[^1])
            {
                edges.Add(edge);
            }
        }

        bool hasMoreThanTwo = sorted.Length > 0 && Array.Exists(sorted, value => value != sorted[0] && value != sorted[^1]);
        return hasMoreThanTwo && edges.Count > 1 ? [.. edges] : [];
    }
}

/// <summary>The values of the columns of a data set, from which edges are chosen.</summary>
internal static class ColumnSample
{
    /// <summary>Rows that edges are chosen from: quantiles of so many lie within a fraction of a percent of those of all.</summary>
    private const int MostRows = 50_000;

    /// <summary>The finite values of every column, rising; of evenly spaced rows where there are many.</summary>
    public static IEnumerable<double[]> Of<T>(DataSet<T> data) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = Math.Min(data.Rows, MostRows);
        int[] chosen = [.. Enumerable.Range(0, rows).Select(i => (int)((long)i * data.Rows / rows))];
        for (int c = 0; c < data.InputColumns; c++)
        {
            var column = new List<double>(rows);
            foreach (int row in chosen)
            {
                double value = double.CreateChecked(data.InputRow(row)[c]);
                if (double.IsFinite(value))
                {
                    column.Add(value);
                }
            }

            column.Sort();
            yield return [.. column];
        }
    }
}
