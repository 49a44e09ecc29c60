using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Benchmarks;

/// <summary>Views of rows.</summary>
internal static class Rows
{
    /// <summary>The rows as a view with the columns Features, of a known length, Label and Class.</summary>
    public static IDataView View(MLContext context, IEnumerable<Row> rows, int features, int classes = 1)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        schema[nameof(Row.Class)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        return context.Data.LoadFromEnumerable(rows, schema);
    }

    /// <summary>Cuts a matrix of inputs into rows.</summary>
    public static Row[] Cut(float[] inputs, int columns, Func<int, float> label, Func<int, int> index) =>
        [.. Enumerable.Range(0, inputs.Length / columns).Select(row => new Row
        {
            Features = inputs.AsSpan(row * columns, columns).ToArray(),
            Label = label(row),
            Class = (uint)index(row),
        })];

    /// <summary>Reads the scores from the first row to the last.</summary>
    public static void DrainScores(IDataView view)
    {
        DataViewSchema.Column column = view.Schema["Score"];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<float> getScore = cursor.GetGetter<float>(column);
        float score = 0;
        while (cursor.MoveNext())
        {
            getScore(ref score);
        }
    }

    /// <summary>Reads features and classes from the first row to the last, as a trainer does.</summary>
    public static void DrainSamples(IDataView view)
    {
        DataViewSchema.Column featureColumn = view.Schema[nameof(Row.Features)];
        DataViewSchema.Column classColumn = view.Schema[nameof(Row.Class)];
        using DataViewRowCursor cursor = view.GetRowCursor([featureColumn, classColumn]);
        ValueGetter<VBuffer<float>> getFeatures = cursor.GetGetter<VBuffer<float>>(featureColumn);
        ValueGetter<uint> getClass = cursor.GetGetter<uint>(classColumn);
        VBuffer<float> features = default;
        uint key = 0;
        while (cursor.MoveNext())
        {
            getFeatures(ref features);
            getClass(ref key);
        }
    }
}
