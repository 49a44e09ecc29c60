namespace BpTrainer.ML;

/// <summary>Rows in memory.</summary>
/// <param name="Data">The rows.</param>
/// <param name="Groups">The group of every row; empty without a group column.</param>
/// <param name="Bytes">What the rows take.</param>
internal sealed record HeldRows(DataSet<float> Data, ulong[] Groups, long Bytes);
