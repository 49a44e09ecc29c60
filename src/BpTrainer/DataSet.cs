using System.Numerics;

namespace BpTrainer;

/// <summary>
/// Samples to train on or to validate with: a matrix of inputs and a matrix of targets with as many rows. The memory stays
/// the user's and is only read. Inputs and targets are in the user's units; the scalings of the network apply to them.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class DataSet<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Joins inputs, targets and weights.</summary>
    /// <param name="inputs">rows × <paramref name="inputColumns"/>, row after row.</param>
    /// <param name="inputColumns">The number of inputs; 1 or more.</param>
    /// <param name="targets">rows × <paramref name="targetColumns"/>: numbers for regression, 0 or 1 for binary, one-hot rows for multiclass classification.</param>
    /// <param name="targetColumns">The number of targets; 1 or more.</param>
    /// <param name="weights">The weight of each row, finite, none negative, not all 0; empty for equal weights. Only their ratios matter: a row of weight 2 counts as two rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of columns is below 1.</exception>
    /// <exception cref="ArgumentException">There is no row, the matrices differ in rows, or a weight is not allowed.</exception>
    public DataSet(ReadOnlyMemory<T> inputs, int inputColumns, ReadOnlyMemory<T> targets, int targetColumns, ReadOnlyMemory<T> weights = default)
    {
        Guard.AtLeast(inputColumns, 1);
        Guard.AtLeast(targetColumns, 1);
        Rows = inputs.Length / inputColumns;
        if (Rows == 0 || inputs.Length % inputColumns != 0)
        {
            throw new ArgumentException($"{inputs.Length} inputs do not make rows of {inputColumns} columns; at least one full row is needed.", nameof(inputs));
        }

        if (targets.Length != (long)Rows * targetColumns)
        {
            throw new ArgumentException($"There are {targets.Length} targets, but {Rows} rows of {targetColumns} columns need {(long)Rows * targetColumns}.", nameof(targets));
        }

        Inputs = inputs;
        InputColumns = inputColumns;
        Targets = targets;
        TargetColumns = targetColumns;
        Weights = weights;
        WeightScale = weights.IsEmpty ? T.One : T.CreateChecked(Rows / RowWeights.Total(weights.Span, Rows));
    }

    /// <summary>The number of samples.</summary>
    public int Rows { get; }

    /// <summary>The number of inputs of a sample.</summary>
    public int InputColumns { get; }

    /// <summary>The number of targets of a sample.</summary>
    public int TargetColumns { get; }

    /// <summary>rows × <see cref="InputColumns"/>, row after row.</summary>
    public ReadOnlyMemory<T> Inputs { get; }

    /// <summary>rows × <see cref="TargetColumns"/>, row after row.</summary>
    public ReadOnlyMemory<T> Targets { get; }

    /// <summary>The weight of each row; empty for equal weights.</summary>
    public ReadOnlyMemory<T> Weights { get; }

    /// <summary>What makes the weights average to 1.</summary>
    internal T WeightScale { get; }

    /// <summary>Copies chosen rows to a new set.</summary>
    /// <param name="rows">Indices from 0 to <see cref="Rows"/> − 1, in the order wanted; at least one.</param>
    /// <returns>The new set.</returns>
    public DataSet<T> Take(ReadOnlySpan<int> rows) => new(
        TakeRows(Inputs.Span, InputColumns, rows), InputColumns,
        TakeRows(Targets.Span, TargetColumns, rows), TargetColumns,
        Weights.IsEmpty ? default : TakeRows(Weights.Span, 1, rows));

    private static T[] TakeRows(ReadOnlySpan<T> matrix, int columns, ReadOnlySpan<int> rows)
    {
        var taken = new T[rows.Length * columns];
        for (int i = 0; i < rows.Length; i++)
        {
            matrix.Slice(rows[i] * columns, columns).CopyTo(taken.AsSpan(i * columns, columns));
        }

        return taken;
    }
}
