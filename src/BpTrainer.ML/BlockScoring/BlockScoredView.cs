using BpTrainer.ML.Models;
using Microsoft.ML.Model.OnnxConverter;

namespace BpTrainer.ML.BlockScoring;

/// <summary>Scored data as ML.NET's scorer returns it, but with cursors that score a block of rows at a time.</summary>
internal sealed class BlockScoredView(
    IHost host, IDataView source, IDataView scored, IBlockScoredModel model, string features, float threshold)
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

        // Where the source reads in parallel, scoring runs in parallel too, and the rows are put back in order afterwards.
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

    // How rows are computed does not change the file: ML.NET's scorer is saved.
    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => ((ITransformCanSaveOnnx)scored).CanSaveOnnx(ctx);

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => ((ITransformCanSaveOnnx)scored).SaveAsOnnx(ctx);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)scored).Save(ctx);

    private DataViewRowCursor Score(DataViewRowCursor cursor, IEnumerable<DataViewSchema.Column> columns) =>
        new BlockCursor(_bindings, model, threshold, _missingScores, cursor, columns);
}

/// <summary>Distinguishes the columns of scored data that come from the source from those that the scorer adds.</summary>
internal sealed class BlockBindings
{
    private readonly DataViewSchema.Column?[] _sources;

    public BlockBindings(DataViewSchema input, DataViewSchema output, string features)
    {
        OutputSchema = output;
        Features = input[features];
        FeatureCount = ((VectorDataViewType)Features.Type).Size;

        // ML.NET keeps the order of the source's columns. It puts an added column at the end, or right after the column of the same name
        // that it hides.
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

    public DataViewSchema OutputSchema { get; }

    public DataViewSchema.Column Features { get; }

    public int FeatureCount { get; }

    /// <summary>The column of the source that is passed through as this one; null if the scorer adds it.</summary>
    public DataViewSchema.Column? SourceOf(DataViewSchema.Column column) => _sources[column.Index];

    /// <summary>Whether one of the columns is made from the scores.</summary>
    public bool NeedScores(IEnumerable<DataViewSchema.Column> columns) => columns.Any(column => SourceOf(column) is null);

    /// <summary>The columns of the source that scoring and the given columns need.</summary>
    public IEnumerable<DataViewSchema.Column> SourcesOf(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Select(SourceOf).OfType<DataViewSchema.Column>().Append(Features).DistinctBy(column => column.Index);
}

/// <summary>
/// Warns, once for each view, if none of its rows has a score: every row then lacks a feature, and the model was not trained to replace
/// missing features.
/// </summary>
internal sealed class MissingScores(IHost host, string features)
{
    private long _rows;
    private long _missing;
    private int _warned;

    public void Count(ReadOnlySpan<float> scores, int rows)
    {
        int width = scores.Length / rows;
        int missing = 0;
        for (int row = 0; row < rows; row++)
        {
            missing += float.IsNaN(scores[row * width]) ? 1 : 0;
        }

        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _missing, missing);
    }

    /// <summary>Called when a cursor has reached the end of its rows.</summary>
    public void Report()
    {
        long rows = Interlocked.Read(ref _rows);
        if (rows > 0 && Interlocked.Read(ref _missing) == rows && Interlocked.Exchange(ref _warned, 1) == 0)
        {
            using IChannel channel = host.Start("Scoring");
            channel.Warning(
                $"The scores of all {rows} rows are NaN, because each row has a missing or infinite value in the column '{features}'. " +
                "Replace missing values in a step before the trainer, or train with ImputeMissingFeatures.");
        }
    }
}
