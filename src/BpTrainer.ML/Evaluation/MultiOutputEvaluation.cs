using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>Compares vectors of scores with vectors of labels, in one pass over the data.</summary>
internal static class MultiOutputEvaluation
{
    public static MultiOutputRegressionMetrics Run(IExceptionContext context, IDataView data, string labelColumn, string scoreColumn)
    {
        DataViewSchema.Column label = Find(context, data.Schema, "label", labelColumn);
        DataViewSchema.Column score = Find(context, data.Schema, "score", scoreColumn);
        int outputs = label.Type.GetVectorSize();
        if (score.Type.GetVectorSize() != outputs)
        {
            throw context.ExceptSchemaMismatch(
                nameof(data), "score", score.Name, $"a vector of Single of size {outputs}, as label column '{label.Name}'", score.Type.ToString()!);
        }

        OutputErrors[] errors = [.. Enumerable.Range(0, outputs).Select(_ => new OutputErrors())];
        long rows = AddRows(data, label, score, errors);
        context.CheckParam(rows > 0, nameof(data), $"There is no row with labels in column '{label.Name}'.");
        string[] names = SlotNames.Of(label);
        return new MultiOutputRegressionMetrics(
            [.. errors.Select((output, i) => output.ToMetrics(names.Length > 0 ? names[i] : i.ToString(CultureInfo.InvariantCulture)))]);
    }

    private static long AddRows(IDataView data, DataViewSchema.Column label, DataViewSchema.Column score, OutputErrors[] errors)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([label, score]);
        ValueGetter<VBuffer<float>> readLabels = cursor.GetGetter<VBuffer<float>>(label);
        ValueGetter<VBuffer<float>> readScores = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<float> vector = default;
        var labels = new float[errors.Length];
        var scores = new float[errors.Length];
        long rows = 0;
        while (cursor.MoveNext())
        {
            readLabels(ref vector);
            vector.CopyTo(labels);
            if (Array.Exists(labels, float.IsNaN))
            {
                continue;
            }

            readScores(ref vector);
            vector.CopyTo(scores);
            for (int i = 0; i < errors.Length; i++)
            {
                errors[i].Add(labels[i], scores[i]);
            }

            rows++;
        }

        return rows;
    }

    private static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string role, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw context.ExceptSchemaMismatch(nameof(schema), role, name);
        return column.Type is VectorDataViewType { Size: > 0 } vector && vector.ItemType == NumberDataViewType.Single
            ? column
            : throw context.ExceptSchemaMismatch(nameof(schema), role, name, "known-size vector of Single", column.Type.ToString()!);
    }
}
