using BpTrainer.Data;
using BpTrainer.Numbers;

namespace BpTrainer.Encodings;

/// <summary>
/// A random part of rows that come one by one, from which edges are chosen: each row is in it with the same probability (algorithm R of
/// Vitter, Random Sampling with a Reservoir, ACM TOMS 11, 1985). The same rows in the same order give the same part.
/// </summary>
internal sealed class RowSample<T>(int inputs, int targets) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Quantiles of so many rows lie within a fraction of a percent of those of all.</summary>
    private const int MostRows = 20_000;

    /// <summary>Of wide rows fewer are kept: 32 MB as float.</summary>
    private const int MostNumbers = 1 << 23;

    private const int LeastRows = 1_000;

    private readonly int _most = Math.Clamp(MostNumbers / (inputs + targets), LeastRows, MostRows);
    private readonly RandomStream _random = new(seed: 0, RandomPurpose.RowSample);
    private readonly List<T[]> _rows = [];
    private long _seen;

    public static RowSample<T> Of(DataSet<T> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var sample = new RowSample<T>(data.InputColumns, data.TargetColumns);
        for (int row = 0; row < data.Rows; row++)
        {
            sample.Add(data.InputRow(row), data.TargetRow(row));
        }

        return sample;
    }

    public void Add(ReadOnlySpan<T> rowInputs, ReadOnlySpan<T> rowTargets)
    {
        _seen++;
        long place = _seen <= _most ? _rows.Count : (long)(_random.NextDouble() * _seen);
        if (place == _rows.Count)
        {
            _rows.Add(new T[inputs + targets]);
        }

        if (place < _rows.Count)
        {
            rowInputs.CopyTo(_rows[(int)place]);
            rowTargets.CopyTo(_rows[(int)place].AsSpan(inputs));
        }
    }

    /// <summary>Makes an encoding with edges that are chosen column by column; columns with at most two values get none.</summary>
    public PiecewiseLinearEncoding Encode(int bins, Func<double[], double[][], int, double[]> chooseEdges)
    {
        double[] scales = [.. Enumerable.Range(inputs, targets).Select(InverseDeviation)];
        var edges = new double[inputs][];
        for (int c = 0; c < inputs; c++)
        {
            T[][] rows = [.. _rows.Where(row => T.IsFinite(row[c]))];
            double[] values = Array.ConvertAll(rows, row => Number(row, c));
            int[] order = [.. Enumerable.Range(0, rows.Length)];
            Array.Sort(values, order);
            bool hasMoreThanTwo = values.Length > 0 && Array.Exists(values, x => x != values[0] && x != values[^1]);
            double[][] sortedTargets = hasMoreThanTwo
                ? Array.ConvertAll(order, i => scales.Select((scale, t) => scale * Number(rows[i], inputs + t)).ToArray())
                : [];
            edges[c] = hasMoreThanTwo ? chooseEdges(values, sortedTargets, bins) : [];
        }

        return new PiecewiseLinearEncoding(edges);
    }

    private static double Number(T[] row, int column) => double.CreateChecked(row[column]);

    private double InverseDeviation(int column)
    {
        double[] values = [.. _rows.Select(row => Number(row, column))];
        double mean = values.DefaultIfEmpty().Average();
        double variance = values.DefaultIfEmpty().Average(x => (x - mean) * (x - mean));
        return variance > 0 && double.IsFinite(variance) ? 1 / Math.Sqrt(variance) : 1;
    }
}
