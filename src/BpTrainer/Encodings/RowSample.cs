using BpTrainer.Data;
using BpTrainer.Numbers;

namespace BpTrainer.Encodings;

/// <summary>
/// A random sample of rows that are added one by one; edges are chosen from it. Each row is in the sample with the same probability
/// (algorithm R of Vitter, Random Sampling with a Reservoir, ACM TOMS 11, 1985). The same rows in the same order give the same sample.
/// </summary>
internal sealed class RowSample<T>(int inputs, int targets, int mostNumbers = RowSample<T>.MostNumbers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The numbers in the sample of rows that are in memory: 4 MB as float, or more for <see cref="LeastRows"/> wide
    /// rows.</summary>
    public const int MostNumbers = 1 << 20;

    /// <summary>The numbers in the sample of streamed rows, whose memory is limited: 1 MB as float, or more for <see cref="LeastRows"/>
    /// wide rows.</summary>
    public const int MostNumbersOfStream = 1 << 18;

    /// <summary>The quantiles of this many rows are within a fraction of a percent of the quantiles of all rows.</summary>
    private const int EnoughRows = 20_000;

    private const int LeastRows = 1_000;

    private readonly RandomStream _random = new(seed: 0, RandomPurpose.RowSample);
    private readonly List<T[]> _rows = [];
    private long _seen;

    /// <summary>The maximum number of rows in the sample.</summary>
    public int MostRows { get; init; } = Math.Clamp(mostNumbers / (inputs + targets), LeastRows, EnoughRows);

    /// <summary>The rows so far: inputs, then targets.</summary>
    public IReadOnlyList<T[]> Rows => _rows;

    public static RowSample<T> Of(DataSet<T> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var sample = new RowSample<T>(data.InputColumns, data.TargetColumns);
        sample.AddAll(data);
        return sample;
    }

    public void AddAll(DataSet<T> data)
    {
        for (int row = 0; row < data.Rows; row++)
        {
            Add(data.InputRow(row), data.TargetRow(row));
        }
    }

    public void Add(ReadOnlySpan<T> rowInputs, ReadOnlySpan<T> rowTargets)
    {
        _seen++;
        long place = _seen <= MostRows ? _rows.Count : (long)(_random.NextDouble() * _seen);
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

    /// <summary>Creates an encoding with edges at quantiles; columns with at most two values get none.</summary>
    public PiecewiseLinearEncoding EncodeByQuantiles(int bins) => Encode((values, _) => BinEdges.OfQuantiles(values, bins));

    /// <summary>Creates an encoding with the edges of a tree on each column; columns with at most two values get none.</summary>
    public PiecewiseLinearEncoding EncodeByTrees(int bins)
    {
        double[] scales = [.. Enumerable.Range(inputs, targets).Select(InverseDeviation)];
        var sums = new double[(_rows.Count + 1) * targets];
        return Encode((values, order) =>
        {
            for (int i = 0; i < values.Length; i++)
            {
                for (int t = 0; t < targets; t++)
                {
                    sums[((i + 1) * targets) + t] = sums[(i * targets) + t] + (scales[t] * Number(_rows[order[i]], inputs + t));
                }
            }

            return BinEdges.OfTree(values, sums, targets, bins);
        });
    }

    /// <summary>Passes the values of each column, in ascending order and with the indices of their rows, to a function that chooses
    /// edges.</summary>
    private PiecewiseLinearEncoding Encode(Func<ReadOnlyMemory<double>, int[], double[]> chooseEdges)
    {
        var values = new double[_rows.Count];
        var order = new int[_rows.Count];
        var edges = new double[inputs][];
        for (int c = 0; c < inputs; c++)
        {
            int count = 0;
            for (int row = 0; row < _rows.Count; row++)
            {
                if (T.IsFinite(_rows[row][c]))
                {
                    (values[count], order[count]) = (Number(_rows[row], c), row);
                    count++;
                }
            }

            Array.Sort(values, order, 0, count);
            ReadOnlySpan<double> sorted = values.AsSpan(0, count);
            bool hasMoreThanTwo = count > 0 && sorted.ContainsAnyExcept(sorted[0], sorted[^1]);
            edges[c] = hasMoreThanTwo ? chooseEdges(values.AsMemory(0, count), order) : [];
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
