using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>Compares vectors of scores with vectors of labels, in one pass over the data.</summary>
internal static class MultiOutputEvaluation
{
    public static MultiOutputRegressionMetrics Run(IHostEnvironment environment, IDataView data, string labelColumn, string scoreColumn)
    {
        IHost host = environment.Register(nameof(MultiOutputEvaluation));
        DataViewSchema.Column label = Find(host, data.Schema, "label", labelColumn);
        DataViewSchema.Column score = Find(host, data.Schema, "score", scoreColumn);
        int outputs = label.Type.GetVectorSize();
        if (score.Type.GetVectorSize() != outputs)
        {
            throw host.ExceptSchemaMismatch(
                nameof(data), "score", score.Name, $"a vector of Single of size {outputs}, as label column '{label.Name}'", score.Type.ToString()!);
        }

        OutputErrors[] errors = [.. Enumerable.Range(0, outputs).Select(_ => new OutputErrors())];
        using (IChannel channel = host.Start("Evaluation"))
        {
            AddRows(channel, data, label, score, errors);
        }

        string[] names = SlotNames.Of(label);
        return new MultiOutputRegressionMetrics(
            [.. errors.Select((output, i) => output.ToMetrics(names.Length > 0 ? names[i] : i.ToString(CultureInfo.InvariantCulture)))]);
    }

    private static void AddRows(IChannel channel, IDataView data, DataViewSchema.Column label, DataViewSchema.Column score, OutputErrors[] errors)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([label, score]);
        ValueGetter<VBuffer<float>> readLabels = cursor.GetGetter<VBuffer<float>>(label);
        ValueGetter<VBuffer<float>> readScores = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<float> vector = default;
        var labels = new float[errors.Length];
        var scores = new float[errors.Length];
        long rows = 0, badLabels = 0, badScores = 0;
        while (cursor.MoveNext())
        {
            rows++;
            readLabels(ref vector);
            vector.CopyTo(labels);
            readScores(ref vector);
            vector.CopyTo(scores);
            if (Array.Exists(labels, float.IsNaN))
            {
                badLabels++;
            }
            else if (Array.Exists(scores, float.IsNaN))
            {
                badScores++;
            }
            else
            {
                Add(labels, scores, errors);
            }
        }

        string why = $"{badLabels} have a missing label in column '{label.Name}', {badScores} more a missing score in column '{score.Name}'.";
        if (badLabels + badScores == rows)
        {
            throw channel.ExceptParam(nameof(data), $"There is nothing to evaluate: of {rows} rows {why}");
        }

        if (badLabels + badScores > 0)
        {
            channel.Warning($"Of {rows} rows {badLabels + badScores} are left out of the evaluation: {why}");
        }
    }

    private static void Add(float[] labels, float[] scores, OutputErrors[] errors)
    {
        for (int i = 0; i < errors.Length; i++)
        {
            errors[i].Add(labels[i], scores[i]);
        }
    }

    private static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string role, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw context.ExceptSchemaMismatch(nameof(schema), role, name);
        return column.Type is VectorDataViewType { Size: > 0 } vector && vector.ItemType == NumberDataViewType.Single
            ? column
            : throw context.ExceptSchemaMismatch(nameof(schema), role, name, "known-size vector of Single", column.Type.ToString()!);
    }
}
