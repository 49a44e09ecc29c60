using BpTrainer.Encodings;

namespace BpTrainer;

/// <summary>
/// A piecewise linear encoding of the inputs of a network, after Gorishniy, Rubachev and Babenko (On Embeddings for Numerical Features in
/// Tabular Deep Learning, NeurIPS 2022). A column has bins with the edges b₀ &lt; b₁ &lt; … &lt; bₙ, and a code for every edge: a hat
/// function, which is <see cref="Height"/> at its edge, falls linearly to 0 at the two neighbouring edges, and is 0 beyond them. The first
/// layer reads the codes after the inputs. Each of its units thus gets a function of every column that can bend at every edge, and learns
/// steps and thresholds as easily as slopes.
/// </summary>
/// <remarks>
/// <para>
/// Only the two edges of the bin in which a value lies have codes other than 0: a row takes two products for each column, whatever the
/// number of bins. A value below the lowest edge counts as the lowest edge, and a value above the highest edge as the highest edge.
/// </para>
/// <para>
/// The codes of the paper, clip((x − bₜ) / (bₜ₊₁ − bₜ), 0, 1), are differences of sums of hat functions: both give the same functions of a
/// column. On the development sets, networks with hat functions had the same or a lower error, and hat functions need no sums over bins.
/// </para>
/// </remarks>
public sealed class PiecewiseLinearEncoding
{
    /// <summary>The default maximum number of bins of a column.</summary>
    public const int DefaultBins = 16;

    /// <summary>The largest number of bins that a column can have.</summary>
    public const int MostBins = 1024;

    /// <summary>
    /// The largest value of a code. It is below 1 so that the codes of all columns together do not outweigh the inputs. The value was
    /// chosen on development sets.
    /// </summary>
    public const double Height = 0.35;

    private readonly double[][] _edges;

    /// <summary>Creates an encoding with given edges.</summary>
    /// <param name="edges">For every column, the edges of its bins in the user's units, finite and ascending, from 2 to
    /// <see cref="MostBins"/> + 1 edges; empty for a column without codes.</param>
    /// <exception cref="ArgumentException">There is no column, or a column has one edge, too many edges, or edges that are not finite or
    /// not ascending.</exception>
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
                    $"Edge {t} of column {c} is {column[t]}; edges must be finite and ascending.", nameof(edges));
            }

            _edges[c] = column;
        }

        Codes = checked(_edges.Sum(column => column.Length));
    }

    /// <summary>The number of columns.</summary>
    public int Columns => _edges.Length;

    /// <summary>The number of codes of a row, which is the number of edges of all columns.</summary>
    public int Codes { get; }

    /// <summary>The edges of the bins of a column, in the user's units.</summary>
    /// <param name="column">From 0 to <see cref="Columns"/> − 1.</param>
    /// <returns>The edges, ascending; empty if the column has no codes.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public ReadOnlySpan<double> EdgesOf(int column) => _edges[column];

    /// <summary>
    /// Puts the edges of every column at quantiles of its values, so that all bins hold about the same number of rows. A column with at
    /// most two values gets no codes, because they would add nothing to its input.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="data">The training rows; weights have no effect. If there are many rows, a random part is used. Values that are not
    /// finite are ignored.</param>
    /// <param name="bins">The maximum number of bins of a column, from 2 to <see cref="MostBins"/>. If quantiles are equal, there are
    /// fewer. Default: <see cref="DefaultBins"/>.</param>
    /// <returns>The encoding.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is out of its range.</exception>
    public static PiecewiseLinearEncoding FromQuantiles<T>(DataSet<T> data, int bins = DefaultBins)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowSample<T>.Of(data).EncodeByQuantiles(CheckBins(bins));

    /// <summary>
    /// Puts the edges of every column where a regression tree on that column alone splits it: where the targets change. The leaf whose best
    /// split most reduces the squared error of the targets, each divided by its variance, is split next (Breiman et al., Classification and
    /// Regression Trees, 1984). Every leaf has at least 10 rows. A column with at most two values gets no codes, because they would add
    /// nothing to its input.
    /// </summary>
    /// <param name="bins">The maximum number of bins of a column, from 2 to <see cref="MostBins"/>. Default:
    /// <see cref="DefaultBins"/>.</param>
    /// <inheritdoc cref="FromQuantiles" path="/*[not(self::param[@name='bins'])]"/>
    public static PiecewiseLinearEncoding FromTrees<T>(DataSet<T> data, int bins = DefaultBins)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowSample<T>.Of(data).EncodeByTrees(CheckBins(bins));

    /// <summary>The codes of a value, as the first layer reads them.</summary>
    /// <param name="column">From 0 to <see cref="Columns"/> − 1.</param>
    /// <param name="value">A value in the user's units.</param>
    /// <returns>For each edge a number from 0 to <see cref="Height"/>; their sum is <see cref="Height"/>. Empty if the column has no
    /// codes.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public double[] Encode(int column, double value)
    {
        double[] edges = _edges[column];
        var codes = new double[edges.Length];
        for (int t = 0; t < codes.Length; t++)
        {
            double rise = t == 0 ? 1 : (value - edges[t - 1]) / (edges[t] - edges[t - 1]);
            double fall = t == codes.Length - 1 ? 1 : (edges[t + 1] - value) / (edges[t + 1] - edges[t]);
            codes[t] = Height * Math.Clamp(Math.Min(rise, fall), 0, 1);
        }

        return codes;
    }

    private static int CheckBins(int bins) =>
        bins is >= 2 and <= MostBins ? bins : throw Guard.OutOfRange(nameof(bins), bins, $"from 2 to {MostBins}");
}
