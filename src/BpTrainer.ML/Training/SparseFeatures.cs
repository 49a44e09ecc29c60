namespace BpTrainer.ML.Training;

/// <summary>Decides whether rows are stored without their zeros.</summary>
internal static class SparseFeatures
{
    /// <summary>Narrower rows are always stored with their zeros.</summary>
    public const int LeastFeatures = 1024;

    /// <summary>
    /// Rows are sparse if at most one in this many values is not 0. With 1,024 or 8,192 features and 64 units, an epoch then takes about as
    /// long as with the zeros; with one value in 8, it takes two to three times as long.
    /// </summary>
    private const int LeastFeaturesPerValue = 32;

    private const int LookedAt = 100;

    /// <summary>With more features than this, storing the zeros is worth a warning.</summary>
    private const int MostFeatures = 10_000;

    private static bool AreFew(long values, long features) => values * LeastFeaturesPerValue <= features;

    /// <summary>Whether scoring a row without its zeros is faster.</summary>
    public static bool Suits(in VBuffer<float> row) =>
        !row.IsDense && row.Length >= LeastFeatures && AreFew(row.GetValues().Length, row.Length);

    /// <summary>Decides by the first rows. Warns if wide rows are stored with their zeros.</summary>
    public static bool Detect(WarningList warnings, RowSource source, BackPropagationOptions options)
    {
        if (source.Features < LeastFeatures)
        {
            return false;
        }

        string? reason = source.Imputation is not null ? $"{nameof(options.ImputeMissingFeatures)} is set"
            : options.Regularization?.InputDropout is > 0 and var dropout ? $"{nameof(Regularization.InputDropout)} is {dropout}"
            : !HasFewValues(source, options.CancellationToken) ? $"more than one value in {LeastFeaturesPerValue} is not 0"
            : null;
        if (reason is not null)
        {
            WarnOfZeros(warnings, source, reason);
        }

        return reason is null;
    }

    public static void WarnOfZeros(WarningList warnings, RowSource source, string reason)
    {
        if (source.Features <= MostFeatures)
        {
            return;
        }

        string all = source.Data.Data.GetRowCount() is { } rows ? $", all {rows} of them {rows * source.BytesPerRow} bytes" : "";
        warnings.Add(
            "WideRows",
            $"Column '{source.Feature.Name}' has {source.Features} features, and rows are stored with their zeros, because {reason}: " +
            $"one row takes {source.BytesPerRow} bytes{all}, and training goes through all of them. Rows without zeros take much less. " +
            "Otherwise reduce the number of features: lower maximumNgramsCount or numberOfBits, or select features.");
    }

    private static bool HasFewValues(RowSource source, CancellationToken cancellationToken)
    {
        var rows = new SparseRows(source.Features);
        using var reader = new RowReader(source);
        while (rows.Rows < LookedAt && reader.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Add(reader.Features);
        }

        return AreFew(rows.Count, (long)rows.Rows * source.Features);
    }
}

/// <summary>Rows of features that are stored without their zeros, appended one by one.</summary>
internal sealed class SparseRows(int columns)
{
    private readonly List<int> _rowStarts = [0];
    private readonly List<int> _columns = [];
    private readonly List<float> _values = [];

    public int Rows => _rowStarts.Count - 1;

    public int Count => _values.Count;

    public void Add(in VBuffer<float> row)
    {
        ReadOnlySpan<float> values = row.GetValues();
        ReadOnlySpan<int> indices = row.GetIndices();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != 0)
            {
                _columns.Add(row.IsDense ? i : indices[i]);
                _values.Add(values[i]);
            }
        }

        _rowStarts.Add(_values.Count);
    }

    public void Clear()
    {
        _rowStarts.RemoveRange(1, Rows);
        _columns.Clear();
        _values.Clear();
    }

    public SparseMatrix<float> ToMatrix() => new(columns, _rowStarts.ToArray(), _columns.ToArray(), _values.ToArray());
}
