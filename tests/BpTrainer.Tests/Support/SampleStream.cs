using System.Numerics;

namespace BpTrainer.Tests;

/// <summary>Hands out the samples of a data set as if they did not fit into memory, and remembers how it was asked.</summary>
internal sealed class SampleStream<T>(DataSet<T> data) : IRowStream<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _order = [.. Enumerable.Range(0, data.Rows)];
    private int _next;

    public int InputColumns => data.InputColumns;

    public int TargetColumns => data.TargetColumns;

    public long Rows { get; init; } = data.Rows;

    public double? TotalWeight { get; init; } = data.HasWeights ? data.Weights.ToArray().Sum(double.CreateChecked) : null;

    /// <summary>Whether a seed changes the order.</summary>
    public bool CanShuffle { get; init; }

    /// <summary>The most rows to hand out at once.</summary>
    public int MostAtOnce { get; init; } = int.MaxValue;

    /// <summary>Called when rows are asked for, with the row that comes next.</summary>
    public Action<int> OnRead { get; init; } = _ => { };

    /// <summary>The seeds of all passes.</summary>
    public List<int?> Seeds { get; } = [];

    public void Restart(int? shuffleSeed)
    {
        Seeds.Add(shuffleSeed);
        _next = 0;
        if (CanShuffle && shuffleSeed is { } seed)
        {
            Array.Sort(_order);
            new Random(seed).Shuffle(_order);
        }
    }

    public int Read(Span<T> inputs, Span<T> targets, Span<T> weights)
    {
        OnRead(_next);
        int rows = Math.Min(Math.Min(MostAtOnce, inputs.Length / InputColumns), data.Rows - _next);
        for (int row = 0; row < rows; row++, _next++)
        {
            data.InputRow(_order[_next]).CopyTo(inputs[(row * InputColumns)..]);
            data.TargetRow(_order[_next]).CopyTo(targets[(row * TargetColumns)..]);
            if (data.HasWeights)
            {
                weights[row] = data.Weight(_order[_next]);
            }
        }

        return rows;
    }
}
