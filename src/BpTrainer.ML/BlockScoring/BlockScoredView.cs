using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using Microsoft.ML;

namespace BpTrainer.ML.BlockScoring;

/// <summary>Scored data as ML.NET's scorer gives it, with cursors that score a block of rows at a time.</summary>
/// <param name="host">The host of the transformer.</param>
/// <param name="source">The data to score.</param>
/// <param name="scored">The same data through ML.NET's scorer: its schema is the one to have.</param>
/// <param name="model">The model that scores.</param>
/// <param name="features">The name of the feature column.</param>
/// <param name="threshold">The score above which a binary classification predicts true.</param>
internal sealed class BlockScoredView(IHost host, IDataView source, IDataView scored, IBlockScoredModel model, string features, float threshold)
    : ITransformCanSaveOnnx
{
    private readonly BlockBindings _bindings = new(source.Schema, scored.Schema, features);
    private readonly MissingScores _missingScores = new(host, features);

    public DataViewSchema Schema => scored.Schema;

    public IDataView Source => source;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        List<DataViewSchema.Column> columns = columnsNeeded.ToList();
        if (!_bindings.NeedScores(columns))
        {
            return scored.GetRowCursor(columns, rand);
        }

        // Where the source reads in parallel, scoring runs in parallel too, and the rows are put in order behind it.
        Random? order = CanShuffle ? rand : null;
        return DataViewUtils.TryCreateConsolidatingCursor(out DataViewRowCursor consolidated, this, columns, host, order)
            ? consolidated
            : Score(source.GetRowCursor(_bindings.SourcesOf(columns), order), columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        List<DataViewSchema.Column> columns = columnsNeeded.ToList();
        if (!_bindings.NeedScores(columns))
        {
            return scored.GetRowCursorSet(columns, n, rand);
        }

        DataViewRowCursor[] sources = source.GetRowCursorSet(_bindings.SourcesOf(columns), n, CanShuffle ? rand : null);
        return Array.ConvertAll(sources, cursor => Score(cursor, columns));
    }

    // What the rows are computed with makes no difference to a file: ML.NET's scorer is what is saved.
    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => ((ITransformCanSaveOnnx)scored).CanSaveOnnx(ctx);

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => ((ITransformCanSaveOnnx)scored).SaveAsOnnx(ctx);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)scored).Save(ctx);

    private DataViewRowCursor Score(DataViewRowCursor cursor, IEnumerable<DataViewSchema.Column> columns) =>
        new BlockCursor(_bindings, model, threshold, _missingScores, cursor, columns);
}

/// <summary>Tells the columns of scored data that come from the source from those that the scorer adds.</summary>
internal sealed class BlockBindings
{
    private readonly DataViewSchema.Column?[] _sources;

    /// <param name="input">The schema of the source.</param>
    /// <param name="output">The schema of the scored data, as ML.NET's scorer makes it.</param>
    /// <param name="features">The name of the feature column.</param>
    public BlockBindings(DataViewSchema input, DataViewSchema output, string features)
    {
        OutputSchema = output;
        Features = input[features];
        FeatureCount = ((VectorDataViewType)Features.Type).Size;

        // ML.NET keeps the order of the source's columns, and puts an added one at the end, or right behind the column of the same name that it hides.
        _sources = new DataViewSchema.Column?[output.Count];
        int next = 0;
        foreach (DataViewSchema.Column column in output)
        {
            if (next < input.Count && input[next].Name == column.Name)
            {
                _sources[column.Index] = input[next++];
            }
        }

        Contracts.Check(next == input.Count, "The scored data lacks a column of its source.");
    }

    /// <summary>The schema of the scored data.</summary>
    public DataViewSchema OutputSchema { get; }

    /// <summary>The feature column of the source.</summary>
    public DataViewSchema.Column Features { get; }

    /// <summary>The number of features.</summary>
    public int FeatureCount { get; }

    /// <summary>The source's column that is passed through as the given one; none when the scorer adds it.</summary>
    public DataViewSchema.Column? SourceOf(DataViewSchema.Column column) => _sources[column.Index];

    /// <summary>Whether one of the columns is made from the scores.</summary>
    public bool NeedScores(IEnumerable<DataViewSchema.Column> columns) => columns.Any(column => SourceOf(column) is null);

    /// <summary>The columns of the source that scoring and the given columns need.</summary>
    public IEnumerable<DataViewSchema.Column> SourcesOf(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Select(SourceOf).OfType<DataViewSchema.Column>().Append(Features).DistinctBy(column => column.Index);
}
