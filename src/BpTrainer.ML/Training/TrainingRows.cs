using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>Reads the usable rows of data into memory.</summary>
internal static class TrainingRows
{
    /// <summary>Reads all rows, unless that takes too much memory.</summary>
    /// <param name="warnings">Takes a warning of the rows that were left out.</param>
    /// <param name="source">The rows.</param>
    /// <param name="purpose">What the data is for, as messages say it.</param>
    /// <param name="maximumMemory">The most bytes that the rows may take.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The rows; null when they take more bytes than allowed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static HeldRows? Read(WarningList warnings, RowSource source, string purpose, long maximumMemory, CancellationToken cancellationToken)
    {
        int bytesOfGroup = source.Group is null ? 0 : sizeof(ulong);
        long? expected = source.Data.Data.GetRowCount();
        if (!source.IsSparse && expected > maximumMemory / (source.BytesPerRow + bytesOfGroup))
        {
            return null;
        }

        IRowStore rows = source.IsSparse
            ? new SparseRowStore(source.Inputs, source.Task.Outputs, source.HasWeights)
            : source.MakeStore(expected);
        var groups = new List<ulong>();
        using var reader = new RowReader(source);
        while (reader.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Add(reader);
            if (rows.Bytes + ((long)rows.Count * bytesOfGroup) > maximumMemory || rows.Count == int.MaxValue)
            {
                return null;
            }

            if (source.Group is not null)
            {
                groups.Add(reader.Group);
            }
        }

        reader.Report(warnings, purpose);
        return new HeldRows(rows.ToDataSet(), [.. groups], rows.Bytes);
    }
}
