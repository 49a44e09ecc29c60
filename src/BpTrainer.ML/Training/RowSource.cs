using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML;

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
