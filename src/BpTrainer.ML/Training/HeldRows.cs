namespace BpTrainer.ML;

/// <summary>Rows in memory.</summary>
/// <param name="Data">The rows.</param>
/// <param name="Groups">The group of every row; empty without a group column.</param>
internal sealed record HeldRows(DataSet<float> Data, ulong[] Groups);
