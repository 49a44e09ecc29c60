using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Training;

/// <summary>
/// A pass over the training rows that finds what stands for missing features: the mean of every feature over the rows that have it, and which
/// features need an indicator. It reads before the validation part is chosen, whose features therefore count too.
/// </summary>
/// <remarks>Means are kept up row by row, m ← m + w/s·(x − m) with the sum s of the weights of the rows that have the feature (West, Communications of the ACM 22, 1979).</remarks>
internal sealed class MissingSurvey
{
    private readonly RowSource _source;
    private readonly float[] _row;
    private readonly double[] _means;
    private readonly double[] _weights;
    private readonly long[] _missing;
    private long _rows;
    private long _incompleteRows;

    private MissingSurvey(RowSource source)
    {
        _source = source;
        _row = new float[source.Features];
        _means = new double[source.Features];
        _weights = new double[source.Features];
        _missing = new long[source.Features];
    }

    /// <summary>Reads the rows.</summary>
    /// <param name="warnings">Takes what was found.</param>
    /// <param name="source">The rows.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MeanImputation Run(WarningList warnings, RowSource source, CancellationToken cancellationToken)
    {
        var survey = new MissingSurvey(source);
        using (var reader = new RowReader(source, allowsMissing: true))
        {
            while (reader.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                reader.Features.CopyTo(survey._row);
                survey.Add(reader.Weight);
            }
        }

        survey.Report(warnings);
        return survey.ToImputation();
    }

    private void Add(float weight)
    {
        bool isComplete = true;
        for (int c = 0; c < _row.Length; c++)
        {
            if (float.IsNaN(_row[c]))
            {
                _missing[c]++;
                isComplete = false;
            }
            else
            {
                _weights[c] += weight;
                _means[c] += weight / _weights[c] * (_row[c] - _means[c]);
            }
        }

        _rows++;
        _incompleteRows += isComplete ? 0 : 1;
    }

    private MeanImputation ToImputation() =>
        new(Array.ConvertAll(_means, mean => (float)mean), IndicatedFeatures());

    // What is missing in every row tells no row from another.
    private int[] IndicatedFeatures() => [.. Enumerable.Range(0, _missing.Length).Where(c => _missing[c] > 0 && _missing[c] < _rows)];

    private void Report(WarningList warnings)
    {
        warnings.Channel.Info($"{_incompleteRows} of {_rows} rows of the training data lack features, which are imputed by their means; indicators tell where {IndicatedFeatures().Length} of the {_missing.Length} features are missing.");
        string[] names = _source.FeatureNames;
        string[] empty = [.. Enumerable.Range(0, _missing.Length).Where(c => _rows > 0 && _missing[c] == _rows).Select(c => SlotNames.Describe(names, c))];
        if (empty.Length > 0)
        {
            warnings.Add("EmptyFeatures", $"No row of the training data has a value of the feature {WarningList.Names(empty)}, which stays 0: leave it out, for the network cannot learn what a value of it means.");
        }
    }
}
