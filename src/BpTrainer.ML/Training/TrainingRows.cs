using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>The usable rows of the training data, dense and in memory.</summary>
/// <param name="Columns">The number of features.</param>
/// <param name="Features">rows × <paramref name="Columns"/>, row after row.</param>
/// <param name="Labels">One label a row: the number itself, 0 or 1, or the index of the class.</param>
/// <param name="Weights">One weight a row, or none.</param>
internal sealed record TrainingRows(int Columns, float[] Features, float[] Labels, float[]? Weights)
{
    private const int FirstCapacity = 1024;

    public int Count => Labels.Length;

    /// <summary>
    /// Reads the rows as ML.NET's own trainers do: a row with a missing or infinite feature or label, or with a weight that is
    /// missing or not above 0, is left out, and one warning says how many there were.
    /// </summary>
    public static TrainingRows Read(IChannel channel, RoleMappedData data, int columns, string purpose)
    {
        var wanted = CursOpt.Features | CursOpt.Label | (data.Schema.Weight.HasValue ? CursOpt.Weight : 0);
        int capacity = (int)Math.Min(data.Data.GetRowCount() ?? FirstCapacity, Array.MaxLength / columns);
        var features = new float[capacity * columns];
        var labels = new float[capacity];
        float[]? weights = data.Schema.Weight.HasValue ? new float[capacity] : null;

        int count = 0;
        using var cursor = new FloatLabelCursor(data, wanted);
        while (cursor.MoveNext())
        {
            if (count == labels.Length)
            {
                int room = (int)Math.Min(Math.Max(2L * count, FirstCapacity), Array.MaxLength / columns);
                if (room == count)
                {
                    throw channel.Except($"The {purpose} data has more rows than fit into memory: at most {count} rows of {columns} features.");
                }

                Resize(ref features, ref labels, ref weights, room, columns);
            }

            cursor.Features.CopyTo(features.AsSpan(count * columns, columns));
            labels[count] = cursor.Label;
            if (weights is not null)
            {
                weights[count] = cursor.Weight;
            }

            count++;
        }

        ReportSkipped(channel, cursor, purpose, count);
        Resize(ref features, ref labels, ref weights, count, columns);
        return new TrainingRows(columns, features, labels, weights);
    }

    /// <summary>The rows as the engine takes them.</summary>
    public DataSet<float> ToDataSet(LearningTask task) => new(Features, Columns, task.Targets(Labels), task.Outputs, Weights);

    private static void ReportSkipped(IChannel channel, FloatLabelCursor cursor, string purpose, int used)
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

    private static void Resize(ref float[] features, ref float[] labels, ref float[]? weights, int rows, int columns)
    {
        Array.Resize(ref features, rows * columns);
        Array.Resize(ref labels, rows);
        if (weights is not null)
        {
            Array.Resize(ref weights, rows);
        }
    }
}
