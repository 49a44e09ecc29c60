using System.Runtime.InteropServices;
using BpTrainer.Files;
using BpTrainer.Kernels;

namespace BpTrainer.ML.Training;

/// <summary>Finds features from which nothing can be learned: constant features, and one-hot groups with about as many levels as
/// rows.</summary>
internal sealed class FeatureSurvey
{
    /// <summary>One-hot groups with fewer levels are not checked, because the set may be small.</summary>
    private const int FewestLevels = 20;

    private readonly RowKernel<float> _kernel = RowKernel<float>.Create(Kernel.Default);
    private readonly float[] _lowest;
    private readonly float[] _highest;

    /// <summary>The number of rows with a 1, for features that are 0 or 1.</summary>
    private readonly float[] _ones;

    /// <summary>0 as long as a feature is 0 or 1 in all rows.</summary>
    private readonly float[] _others;
    private long _rows;

    private float[][] Figures => [_lowest, _highest, _ones, _others];

    /// <summary>Creates a survey of this number of features; it ignores the inputs after them.</summary>
    public FeatureSurvey(int features)
    {
        _lowest = new float[features];
        _highest = new float[features];
        _ones = new float[features];
        _others = new float[features];
        Array.Fill(_lowest, float.PositiveInfinity);
        Array.Fill(_highest, float.NegativeInfinity);
    }

    public void Add(ReadOnlySpan<float> row)
    {
        _rows++;
        _kernel.UpdateSurvey(row, _lowest, _highest, _ones, _others);
    }

    /// <summary>Adds rows. The zeros of a feature, which are not stored, are added all at once.</summary>
    public void Add(SparseMatrix<float> rows)
    {
        _rows += rows.Rows;
        var counts = new int[_ones.Length];
        for (int row = 0; row < rows.Rows; row++)
        {
            ReadOnlySpan<int> columns = rows.ColumnsOf(row);
            ReadOnlySpan<float> values = rows.ValuesOf(row);
            for (int i = 0; i < columns.Length; i++)
            {
                (int c, float x) = (columns[i], values[i]);
                _lowest[c] = Math.Min(_lowest[c], x);
                _highest[c] = Math.Max(_highest[c], x);
                _ones[c] += x;
                _others[c] += Math.Abs(x * (1 - x));
                counts[c]++;
            }
        }

        for (int c = 0; c < counts.Length; c++)
        {
            if (counts[c] < rows.Rows)
            {
                _lowest[c] = Math.Min(_lowest[c], 0);
                _highest[c] = Math.Max(_highest[c], 0);
            }
        }
    }

    /// <summary>Adds rows that were surveyed elsewhere.</summary>
    public void Add(FeatureSurvey other)
    {
        _rows += other._rows;
        for (int c = 0; c < _ones.Length; c++)
        {
            _lowest[c] = Math.Min(_lowest[c], other._lowest[c]);
            _highest[c] = Math.Max(_highest[c], other._highest[c]);
            _ones[c] += other._ones[c];
            _others[c] += other._others[c];
        }
    }

    // *** Binary format ***
    // int: number of features
    // long: rows
    // float[]: lowest and highest value of every feature, sum of those that are 0 or 1, and how far they are from that

    public void Save(BinaryWriter writer)
    {
        writer.Write(_ones.Length);
        writer.Write(_rows);
        foreach (float[] figures in Figures)
        {
            writer.Write(MemoryMarshal.AsBytes(figures.AsSpan()));
        }
    }

    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    public static FeatureSurvey Load(BlockReader reader)
    {
        var survey = new FeatureSurvey(reader.ReadCount("features", 1, 4 * sizeof(float)))
        {
            _rows = reader.Read("number of rows", 0L, long.MaxValue),
        };
        foreach (float[] figures in survey.Figures)
        {
            reader.Read<float>(figures);
        }

        return survey;
    }

    public void Report(WarningList warnings, string[] names)
    {
        int[] constant = [.. Enumerable.Range(0, _ones.Length).Where(c => _rows > 1 && _lowest[c] == _highest[c])];
        if (constant.Length > 0)
        {
            warnings.Add(
                "ConstantFeatures",
                $"{constant.Length} of {_ones.Length} features have the same value in all {_rows} training rows, " +
                $"so nothing can be learned from them: {ColumnNames.List(names, constant)}.");
        }

        foreach ((string group, int[] features) in OneHotGroups(names))
        {
            int levels = features.Count(c => _ones[c] > 0);
            double rows = features.Sum(c => (double)_ones[c]);
            if (levels >= FewestLevels && rows <= _rows && rows <= 2 * levels)
            {
                warnings.Add(
                    "ManyLevels",
                    FormattableString.Invariant($"The one-hot encoded {group} has {levels} levels in {rows} training rows: ") +
                    "an identifier, a date or free text says nothing about other rows. " +
                    "Leave it out or replace it by numbers, such as the month of a date.");
            }
        }
    }

    /// <summary>Groups of features that are 0 or 1 and whose slot names begin with the same column, or of all such features if there are no
    /// names.</summary>
    private IEnumerable<(string Name, int[] Features)> OneHotGroups(string[] names) =>
        !Array.Exists(_others, other => other == 0) ? [] : Enumerable
        .Range(0, _ones.Length)
        .Where(c => _others[c] == 0)
        .GroupBy(c => names.Length == 0 ? "" : names[c].Split('.')[0])
        .Select(group => (Name(group), group.ToArray()));

    private static string Name(IGrouping<string, int> group) =>
        group.Key.Length == 0 ? $"group of features from {group.First()} to {group.Last()}" : $"column '{group.Key}'";
}
