using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

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
