using BpTrainer.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Training;

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
    public static MLRows? Read(WarningList warnings, RowSource source, string purpose, long maximumMemory, CancellationToken cancellationToken)
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
        return new MLRows(rows.ToDataSet(), [.. groups], rows.Bytes);
    }
}

/// <summary>Rows in memory.</summary>
/// <param name="Data">The rows.</param>
/// <param name="Groups">The group of every row; empty without a group column.</param>
/// <param name="Bytes">What the rows take.</param>
internal sealed record MLRows(DataSet<float> Data, ulong[] Groups, long Bytes);

/// <summary>A data view, and how its rows become samples.</summary>
/// <param name="Data">The data view and the roles of its columns.</param>
/// <param name="Task">What is to be learned.</param>
internal sealed record RowSource(RoleMappedData Data, LearningTask Task)
{
    /// <summary>The column of which rows with the same value belong together; null for none.</summary>
    public DataViewSchema.Column? Group { get; init; }

    /// <summary>What stands for missing features; null to leave out the rows that lack one.</summary>
    public MeanImputation? Imputation { get; init; }

    /// <summary>Whether rows in memory are kept without their zeros.</summary>
    public bool IsSparse { get; init; }

    /// <summary>The number of features of a row.</summary>
    public int Features { get; } = ((VectorDataViewType)Data.Schema.Feature!.Value.Type).Size;

    /// <summary>The slot names of the features; empty if they have none.</summary>
    public string[] FeatureNames => SlotNames.Of(Data.Schema.Feature!.Value);

    /// <summary>The number of inputs of a sample.</summary>
    public int Inputs => Imputation?.Inputs ?? Features;

    /// <summary>Whether rows have weights.</summary>
    public bool HasWeights => Data.Schema.Weight.HasValue;

    /// <summary>What a sample with its zeros takes in memory.</summary>
    public long BytesPerRow => RowStore.BytesPerRow(Inputs, Task.Outputs, HasWeights);

    /// <summary>Room for samples with their zeros.</summary>
    /// <param name="expectedRows">How many rows will come, if that is known.</param>
    public RowStore MakeStore(long? expectedRows = null) => new(Inputs, Task.Outputs, HasWeights, expectedRows);
}
