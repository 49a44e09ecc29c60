using BpTrainer.ML.TimeSeries;

namespace BpTrainer.ML;

/// <summary>
/// Turns a series into features and labels of rows: the values that a column had some rows before (lags), or has some rows later (leads).
/// Rows are in order of time. Made by <c>LagFeatures</c>, <c>LeadLabel</c> and <c>LeadLabels</c> of the transforms.
/// </summary>
/// <remarks>
/// <para>
/// The column of lags is a vector with a slot for every lag, in the order given: in row t the values of the rows t − lag. Of a vector, each
/// lag has all its slots. Where there is no such row, the value is NaN: the first rows, as many as the largest lag, lack some lags, and the
/// last rows, as many as the largest lead, lack some leads. Our trainers leave such rows out and say so in a warning; their score is NaN.
/// </para>
/// <para>
/// There are two ways to forecast. With lags from 0 and the value <c>horizon</c> rows later as label, row t knows the series up to itself
/// and its score is a forecast of row t + horizon: what a prediction engine is asked, which is given the newest value. With lags from h ≥ 1
/// and the series itself as label, row t knows the series up to row t − h, and its score is a forecast of row t: with the other columns
/// of row t, such as its month.
/// </para>
/// <para>
/// <c>Fit</c> keeps the last rows of the training data, as many as the largest lag. <c>Transform</c> does not know what data it is given
/// and begins without a past. For data that comes right after the training data, call <c>ContinueSeries</c> of the fitted transformer or
/// pipeline first: what it makes begins with the last training rows, in <c>Transform</c> and in a prediction engine. To split a series by
/// time, rather add the lags to all rows and split afterwards: lags look back only. The random splits of <c>TrainTestSplit</c> and
/// <c>CrossValidate</c> belong behind the lags too, since rows next to each other in a fold would not be so in time; they put rows into
/// the test part whose neighbours are trained on, so that a split by time is the better judge.
/// </para>
/// <para>
/// A prediction engine is given one row after the other, and remembers them from call to call; leads are NaN in it. Each series needs an
/// engine of its own, so that pools of engines are not for it. The cursors of the data read one row after the other: rows are neither
/// shuffled nor read in parallel. Leads are read by a second cursor over the data. <c>ConvertToOnnx</c> refuses pipelines with lags.
/// </para>
/// </remarks>
public sealed class LagEstimator : IEstimator<LagTransformer>
{
    private readonly IHost _host;
    private readonly SeriesColumn _column;

    internal LagEstimator(IHostEnvironment env, string outputColumnName, string? inputColumnName, int[] offsets, bool isScalar)
    {
        _host = env.Register(nameof(LagEstimator));
        _column = Check(outputColumnName, inputColumnName ?? outputColumnName, offsets, isScalar);
    }

    /// <summary>Reads the series once, to keep its last rows.</summary>
    /// <param name="input">The training rows, in order of time.</param>
    /// <returns>The transformer.</returns>
    public LagTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        (DataViewSchema.Column column, int width) = _column.Find(_host, input.Schema);
        var window = new SeriesWindow(_column, width, ahead: 0);
        if (_column.Back > 0)
        {
            using DataViewRowCursor cursor = input.GetRowCursor([column]);
            var reader = new SeriesReader(cursor, column, width);
            while (cursor.MoveNext())
            {
                _host.CheckAlive();
                window.Add(reader.Read());
            }
        }

        // The window has room for the current row as well.
        return new LagTransformer(_host, _column, width, window.ToArray()[width..], continuesSeries: false);
    }

    /// <summary>The columns of the input and the one that is added.</summary>
    /// <param name="inputSchema">The columns of the input.</param>
    /// <returns>The columns of the output.</returns>
    /// <exception cref="ArgumentException">There is no column with the series, or it is of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        if (!inputSchema.TryFindColumn(_column.Input, out SchemaShape.Column series))
        {
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "series", _column.Input);
        }

        bool fits = series.ItemType == NumberDataViewType.Single && !series.IsKey && series.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => true,
            SchemaShape.Column.VectorKind.Vector => !_column.IsScalar,
            _ => false,
        };
        if (!fits)
        {
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "series", _column.Input, _column.Expected, series.GetTypeString());
        }

        SchemaShape.Column added = _column.IsScalar
            ? new(_column.Output, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, isKey: false)
            : new(
                _column.Output, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false,
                new SchemaShape(
                    [new(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, isKey: false)]));
        return new SchemaShape(inputSchema.Where(column => column.Name != added.Name).Append(added));
    }

    /// <summary>Makes the column.</summary>
    /// <exception cref="ArgumentException">A name is empty, or the offsets are none, too far, or not all different.</exception>
    internal static SeriesColumn Check(string output, string input, int[] offsets, bool isScalar)
    {
        Contracts.CheckNonWhiteSpace(output, "outputColumnName");
        Contracts.CheckNonWhiteSpace(input, "inputColumnName");
        Contracts.CheckNonEmpty(offsets, "lags", "There must be at least one.");
        var before = new HashSet<int>();
        foreach (int offset in offsets)
        {
            long rows = Math.Abs((long)offset);
            Contracts.CheckParam(
                rows <= SeriesColumn.MostRows, "lags",
                FormattableString.Invariant($"The value {rows} rows away is asked for, but at most {SeriesColumn.MostRows} are allowed."));
            Contracts.CheckParam(
                before.Add(offset), "lags", FormattableString.Invariant($"The value {rows} rows away is asked for twice."));
        }

        return new SeriesColumn(output, input, [.. offsets], isScalar);
    }
}
