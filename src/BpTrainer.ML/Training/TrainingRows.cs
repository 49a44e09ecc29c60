using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>The usable rows of the training data, dense and in memory.</summary>
/// <param name="Columns">The number of features.</param>
/// <param name="Features">rows × <paramref name="Columns"/>, row after row.</param>
/// <param name="LabelColumns">The number of labels of a row.</param>
/// <param name="Labels">rows × <paramref name="LabelColumns"/>: numbers, 0 or 1, or the index of the class.</param>
/// <param name="Weights">One weight a row, or none.</param>
internal sealed record TrainingRows(int Columns, float[] Features, int LabelColumns, float[] Labels, float[]? Weights)
{
    private const int FirstCapacity = 1024;

    public int Count => Labels.Length / LabelColumns;

    /// <summary>
    /// Reads the rows as ML.NET's own trainers do: a row with a missing or infinite feature or label, or with a weight that is
    /// missing or not above 0, is left out, and one warning says how many there were.
    /// </summary>
    public static TrainingRows Read(IChannel channel, RoleMappedData data, int columns, LearningTask task, string purpose)
    {
        var wanted = CursOpt.Features | (data.Schema.Weight.HasValue ? CursOpt.Weight : 0);
        int labelColumns = task.IsClassification ? 1 : task.Outputs;
        int most = Array.MaxLength / Math.Max(columns, labelColumns);
        int capacity = (int)Math.Min(data.Data.GetRowCount() ?? FirstCapacity, most);
        var features = new float[capacity * columns];
        var labels = new float[capacity * labelColumns];
        float[]? weights = data.Schema.Weight.HasValue ? new float[capacity] : null;

        int count = 0;
        using var cursor = new LabelCursor(data, wanted, task);
        while (cursor.MoveNext())
        {
            if (count == capacity)
            {
                capacity = (int)Math.Min(Math.Max(2L * count, FirstCapacity), most);
                if (capacity == count)
                {
                    throw channel.Except($"The {purpose} data has more rows than fit into memory: at most {count} rows of {columns} features.");
                }

                Resize(ref features, ref labels, ref weights, capacity, columns, labelColumns);
            }

            cursor.Features.CopyTo(features.AsSpan(count * columns, columns));
            cursor.Labels.CopyTo(labels.AsSpan(count * labelColumns));
            if (weights is not null)
            {
                weights[count] = cursor.Weight;
            }

            count++;
        }

        ReportSkipped(channel, cursor, purpose, count);
        Resize(ref features, ref labels, ref weights, count, columns, labelColumns);
        return new TrainingRows(columns, features, labelColumns, labels, weights);
    }

    /// <summary>The rows as the engine takes them.</summary>
    public DataSet<float> ToDataSet(LearningTask task) => new(Features, Columns, task.Targets(Labels), task.Outputs, Weights);

    private static void ReportSkipped(IChannel channel, LabelCursor cursor, string purpose, int used)
    {
        if (cursor.SkippedRowCount > 0)
        {
            channel.Warning($"Skipped {cursor.SkippedRowCount} of {cursor.SkippedRowCount + used} rows of the {purpose} data: {cursor.BadLabelCount} with a missing " +
                $"label, {cursor.BadWeightCount} with a weight that is missing or not above 0, {cursor.BadFeaturesRowCount} with missing or infinite features.");
        }

        if (used == 0)
        {
            throw channel.Except(cursor.SkippedRowCount == 0
                ? $"The {purpose} data has no rows."
                : $"The {purpose} data has no usable row: all {cursor.SkippedRowCount} rows have a missing label, weight or feature.");
        }
    }

    private static void Resize(ref float[] features, ref float[] labels, ref float[]? weights, int rows, int columns, int labelColumns)
    {
        Array.Resize(ref features, rows * columns);
        Array.Resize(ref labels, rows * labelColumns);
        if (weights is not null)
        {
            Array.Resize(ref weights, rows);
        }
    }
}
