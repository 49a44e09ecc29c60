using System.Runtime.InteropServices;
using BpTrainer.Files;

namespace BpTrainer.ML.Training;

/// <summary>
/// Finds the means of features and those that need an indicator, in one pass over the training rows. This happens before the validation
/// part is chosen, so its features count too.
/// </summary>
internal sealed class MissingSurvey(int features) : IRowFigures
{
    private readonly double[] _means = new double[features];

    /// <summary>The weights of the rows that have a feature.</summary>
    private readonly double[] _weights = new double[features];

    /// <summary>The number of rows that lack a feature.</summary>
    private readonly long[] _missing = new long[features];
    private long _rows;
    private long _incomplete;

    public static MissingSurvey Of(RowSource source, CancellationToken cancellationToken)
    {
        var survey = new MissingSurvey(source.Features);
        var row = new float[source.Features];
        using var reader = new RowReader(source, allowsMissing: true);
        while (reader.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            reader.Features.CopyTo(row);
            survey.Add(row, reader.Weight);
        }

        return survey;
    }

    /// <summary>Adds rows that were surveyed elsewhere.</summary>
    public void Add(IRowFigures behind)
    {
        var other = (MissingSurvey)behind;
        _rows += other._rows;
        _incomplete += other._incomplete;
        for (int c = 0; c < _means.Length; c++)
        {
            _missing[c] += other._missing[c];
            if (other._weights[c] > 0)
            {
                _weights[c] += other._weights[c];
                _means[c] += other._weights[c] / _weights[c] * (other._means[c] - _means[c]);
            }
        }
    }

    /// <summary>Returns the replacements of missing features, and logs how many there are.</summary>
    public MeanImputation ToImputation(WarningList warnings, string[] names)
    {
        // A feature that is missing in every row does not distinguish rows.
        int[] indicated = [.. Enumerable.Range(0, features).Where(c => _missing[c] > 0 && _missing[c] < _rows)];
        warnings.Channel.Info(
            $"{_incomplete} of {_rows} rows of the training data lack features, which are replaced by their means; " +
            $"indicators tell where {indicated.Length} of the {features} features are missing.");
        int[] empty = [.. Enumerable.Range(0, features).Where(c => _rows > 0 && _missing[c] == _rows)];
        if (empty.Length > 0)
        {
            warnings.Add(
                "EmptyFeatures",
                $"No row of the training data has a value of the feature {ColumnNames.List(names, empty)}, which stays 0: " +
                "remove it, because the network cannot learn what its values mean.");
        }

        return new MeanImputation(Array.ConvertAll(_means, mean => (float)mean), indicated);
    }

    // *** Binary format ***
    // int: number of features
    // long: rows; long: rows that lack a feature
    // double[]: means; double[]: weights of the rows that have a feature; long[]: rows that lack it

    public void Save(BinaryWriter writer)
    {
        writer.Write(features);
        writer.Write(_rows);
        writer.Write(_incomplete);
        writer.Write(MemoryMarshal.AsBytes(_means.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(_weights.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(_missing.AsSpan()));
    }

    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    public static MissingSurvey Load(BlockReader reader)
    {
        var survey = new MissingSurvey(reader.ReadCount("features", 1, (2 * sizeof(double)) + sizeof(long)))
        {
            _rows = reader.Read("number of rows", 0L, long.MaxValue),
            _incomplete = reader.Read("number of incomplete rows", 0L, long.MaxValue),
        };
        reader.Read<double>(survey._means);
        reader.Read<double>(survey._weights);
        reader.Read<long>(survey._missing);
        return survey;
    }

    private void Add(float[] row, float weight)
    {
        _rows++;
        _incomplete += row.AsSpan().Contains(float.NaN) ? 1 : 0;
        for (int c = 0; c < row.Length; c++)
        {
            if (float.IsNaN(row[c]))
            {
                _missing[c]++;
            }
            else
            {
                // m ← m + w/s·(x − m) where s is the sum of the weights of the rows that have the feature (West, Communications of the ACM
                // 22, 1979).
                _weights[c] += weight;
                _means[c] += weight / _weights[c] * (row[c] - _means[c]);
            }
        }
    }
}
