using BpTrainer.ML.TimeSeries;

namespace BpTrainer.ML;

/// <summary>
/// Turns a series into features and labels of rows: the values that a column had some rows before (lags), or has some rows later (leads).
/// The rows must be in order of time. Create it with <c>LagFeatures</c>, <c>LeadLabel</c> or <c>LeadLabels</c> of the transforms.
/// </summary>
/// <remarks>
/// <para>
/// The column of lags is a vector with a slot for every lag, in the given order: row t gets the values of the rows t − lag. If the series
/// is a vector, each lag has all slots of that vector. If there is no such row, the value is NaN: the first rows, as many as the largest
/// lag, lack some lags, and the last rows, as many as the largest lead, lack some leads. The trainers of this package leave such rows out
/// and warn about it; the score of such a row is NaN.
/// </para>
/// <para>
/// There are two ways to forecast. With lags from 0 and the value <c>horizon</c> rows later as label, row t knows the series up to itself,
/// and its score is a forecast of row t + horizon. This suits a prediction engine, which is given the newest value. With lags from h ≥ 1
/// and the series itself as label, row t knows the series up to row t − h, and its score is a forecast of row t. The forecast can then use
/// the other columns of row t, such as its month.
/// </para>
/// <para>
/// <c>Fit</c> keeps the last rows of the training data, as many as the largest lag. <c>Transform</c> does not know where its data belongs
/// in time and begins without earlier rows. For data that directly follows the training data, first call <c>ContinueSeries</c> of the
/// fitted transformer or pipeline: the result begins with the last training rows, in <c>Transform</c> and in a prediction engine. To split
/// a series by time, add the lags to all rows first and split afterwards; this is safe, because lags only look back. Use the random splits
/// of <c>TrainTestSplit</c> and <c>CrossValidate</c> after the lags too, because neighbouring rows of a fold are not neighbours in time.
/// Random splits test rows whose neighbours were trained on, so a split by time is a better test.
/// </para>
/// <para>
/// A prediction engine is given one row after another and remembers them from call to call; its leads are NaN. Each series needs its own
/// engine, so pools of engines cannot be used. The cursors of the data read one row after another: rows are neither shuffled nor read in
/// parallel. Leads are read by a second cursor over the data. <c>ConvertToOnnx</c> throws for pipelines with lags.
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

    /// <summary>Reads the series once and keeps its last rows.</summary>
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

    /// <summary>Returns the columns of the input and the added column.</summary>
    /// <param name="inputSchema">The columns of the input.</param>
    /// <returns>The columns of the output.</returns>
    /// <exception cref="ArgumentException">There is no column with the series, or it has the wrong type.</exception>
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

    /// <summary>Creates the description of the column.</summary>
    /// <exception cref="ArgumentException">A name is empty, there are no offsets, or an offset is too large or given twice.</exception>
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
