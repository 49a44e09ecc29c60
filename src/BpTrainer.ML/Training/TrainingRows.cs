using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>Reads the usable rows of data, dense and into memory.</summary>
internal static class TrainingRows
{
    /// <summary>Reads all rows, unless that takes too much memory.</summary>
    /// <param name="channel">Takes a warning of the rows that were left out.</param>
    /// <param name="data">The data.</param>
    /// <param name="columns">The number of features.</param>
    /// <param name="task">What is to be learned.</param>
    /// <param name="group">The column of which rows with the same value belong together; null for none.</param>
    /// <param name="purpose">What the data is for, as messages say it.</param>
    /// <param name="maximumMemory">The most bytes that the rows may take.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The rows; null when they take more bytes than allowed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static HeldRows? Read(
        IChannel channel,
        RoleMappedData data,
        int columns,
        LearningTask task,
        DataViewSchema.Column? group,
        string purpose,
        long maximumMemory,
        CancellationToken cancellationToken)
    {
        bool hasWeights = data.Schema.Weight.HasValue;
        long bytesPerRow = RowStore.BytesPerRow(columns, task.Outputs, hasWeights) + (group is null ? 0 : sizeof(ulong));
        long most = Math.Min(maximumMemory / bytesPerRow, int.MaxValue);
        long? expected = data.Data.GetRowCount();
        if (expected > most)
        {
            return null;
        }

        var rows = new RowStore(columns, task.Outputs, hasWeights, expected);
        var groups = new List<ulong>();
        using var reader = new RowReader(data, task, group);
        while (reader.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (rows.Count == most)
            {
                return null;
            }

            rows.Add(reader);
            if (group is not null)
            {
                groups.Add(reader.Group);
            }
        }

        reader.Report(channel, purpose);
        return new HeldRows(rows.ToDataSet(), [.. groups]);
    }
}
