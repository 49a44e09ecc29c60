using BpTrainer.Files;

namespace BpTrainer.Data;

/// <summary>Samples from a stream, which are read block after block into the same memory.</summary>
/// <remarks>
/// The next block is not read while the network learns from the current one: that would need memory for a second block, or blocks of half
/// the size, in which the samples are mixed less well.
/// </remarks>
internal sealed class StreamedRows<T> : TrainingRows<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of rows between two checks of the cancellation token.</summary>
    private const int RowsAtOnce = 32;

    private readonly IRowStream<T> _stream;
    private readonly RandomStream _seeds;
    private readonly Memory<T> _inputs;
    private readonly Memory<T> _targets;
    private readonly Memory<T> _weights;
    private long _read;

    private StreamedRows(IRowStream<T> stream, int seed, Memory<T> inputs, Memory<T> targets, Memory<T> weights, T weightScale)
        : base(new DataSet<T>(new(inputs, targets, weights), stream.InputColumns, stream.TargetColumns, weightScale), stream.Rows)
    {
        _stream = stream;
        _seeds = new RandomStream(seed, RandomPurpose.StreamOrder);
        _inputs = inputs;
        _targets = targets;
        _weights = weights;
    }

    /// <summary>Allocates memory for a block of samples.</summary>
    public static StreamedRows<T> Create(IRowStream<T> stream, int seed, int blockRows)
    {
        // Every element is written before it is read.
        var inputs = GC.AllocateUninitializedArray<T>(blockRows * stream.InputColumns);
        var targets = GC.AllocateUninitializedArray<T>(blockRows * stream.TargetColumns);
        T[] weights = stream.TotalWeight is null ? [] : GC.AllocateUninitializedArray<T>(blockRows);
        T weightScale = stream.TotalWeight is { } total ? RowWeights.Scale<T>(stream.Rows, total) : T.One;
        return new StreamedRows<T>(stream, seed, inputs, targets, weights, weightScale);
    }

    public override void Restart(bool isShuffled)
    {
        _read = 0;
        _stream.Restart(isShuffled ? _seeds.NextInt(int.MaxValue) : null);
    }

    public override void SaveOrLoad(CheckpointState state) => state.SaveOrLoad(_seeds);

    public override int Next(CancellationToken cancellationToken, int most)
    {
        int room = Math.Min(Block.Rows, most);
        int rows = 0;
        while (rows < room)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return 0;
            }

            int got = Read(rows, Math.Min(RowsAtOnce, room - rows));
            if (got == 0)
            {
                return _read == Rows
                    ? rows
                    : throw new InvalidOperationException($"The stream returned {_read} rows in one pass, but it has {Rows}.");
            }

            rows += got;
        }

        return rows;
    }

    private int Read(int first, int wanted)
    {
        Span<T> weights = _weights.IsEmpty ? default : _weights.Span.Slice(first, wanted);
        int got = _stream.Read(
            _inputs.Span.Slice(first * Block.InputColumns, wanted * Block.InputColumns),
            _targets.Span.Slice(first * Block.TargetColumns, wanted * Block.TargetColumns),
            weights);
        if (got < 0 || got > wanted)
        {
            throw new InvalidOperationException($"The stream reported that it returned {got} rows, but there was room for {wanted}.");
        }

        for (int row = 0; row < weights.Length && row < got; row++)
        {
            RowWeights.Check(weights[row], _read + row);
        }

        _read += got;
        if (_read > Rows)
        {
            throw new InvalidOperationException($"The stream returned more than its {Rows} rows in one pass.");
        }

        return got;
    }
}
