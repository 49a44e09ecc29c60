using System.Runtime.InteropServices;
using BpTrainer.Files;

namespace BpTrainer;

/// <summary>
/// The state of an optimizer between steps, such as the last step of the momentum method or the mean squares of Adam, from which another
/// training can start; see <see cref="TrainingOptions.KeepOptimizerState"/>. It belongs to the weights that the network had when the state
/// was kept; with <see cref="TrainingOptions.Averaging"/>, to the weights that were last added to the average.
/// </summary>
public abstract class OptimizerState
{
    private protected OptimizerState(string optimizer) => Optimizer = optimizer;

    /// <summary>The name of the optimizer; for AdamW, it is the name of Adam.</summary>
    public string Optimizer { get; }

    /// <summary>Whether an optimizer can start from the state: it must be of the same kind, but may have other parameters.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <returns><see langword="true"/> if it can; otherwise <see langword="false"/>.</returns>
    public bool Fits(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        return optimizer.StateName == Optimizer;
    }

    /// <summary>Writes the state in the versioned binary format that <see cref="Load{T}"/> reads.</summary>
    /// <param name="stream">A writable stream; it stays open.</param>
    public abstract void Save(Stream stream);

    /// <summary>Reads a state that <see cref="Save"/> wrote, from the current position of the stream.</summary>
    /// <typeparam name="T">float or double, the number type of the network.</typeparam>
    /// <param name="stream">A stream that can be read; it stays open.</param>
    /// <returns>The state, bit for bit the one that was saved.</returns>
    /// <exception cref="InvalidDataException">The stream contains no state, or the state is damaged, of another version or of the other
    /// number type.</exception>
    public static OptimizerState Load<T>(Stream stream) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        OptimizerState<T>.Read(stream);
}

/// <summary>The state of an optimizer on a network of one number type.</summary>
internal sealed class OptimizerState<T> : OptimizerState where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // *** Format: a ChecksummedBlock with the magic "BPUS". ***
    // string   name of the optimizer
    // then twice, for the blocks of state of the parameters and for single numbers:
    //   int32  bytes of a number
    //   int32  number of blocks
    //   for each block
    //     int32   its length
    //     T[] or double[] its numbers, in the layout of the optimizer
    private static readonly ChecksummedBlock s_block = new("BPUS", "optimizer state");

    private readonly T[][] _memory;
    private readonly double[][] _numbers;

    private OptimizerState(string optimizer, T[][] memory, double[][] numbers)
        : base(optimizer)
    {
        _memory = memory;
        _numbers = numbers;
    }

    public override void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        s_block.Write(stream, writer =>
        {
            writer.Write(Optimizer);
            Write<T>(writer, _memory);
            Write<double>(writer, _numbers);
        });
    }

    public static OptimizerState<T> Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return s_block.Read(stream, reader => new OptimizerState<T>(reader.ReadText(), Read<T>(reader), Read<double>(reader)));
    }

    /// <summary>The state for an optimizer to start from, if there is one.</summary>
    /// <exception cref="ArgumentException">It is the state of another optimizer or number type.</exception>
    public static OptimizerState<T>? Check(OptimizerState? state, Optimizer optimizer) => state switch
    {
        null => null,
        _ when !state.Fits(optimizer) => throw new ArgumentException(
            $"The state is of the optimizer {state.Optimizer}, but the optimizer is {optimizer}."),
        OptimizerState<T> fitting => fitting,
        _ => throw new ArgumentException($"The optimizer state is not of a network with numbers of type {typeof(T).Name}."),
    };

    /// <summary>Copies a state.</summary>
    public static OptimizerState<T> Of(Optimizer optimizer, IReadOnlyList<AlignedBuffer<T>> memory, IReadOnlyList<double[]> numbers) =>
        new(optimizer.StateName, [.. memory.Select(block => block.Span.ToArray())], [.. numbers.Select(block => block.ToArray())]);

    /// <summary>Copies a later state of the same optimizer.</summary>
    public void Take(IReadOnlyList<AlignedBuffer<T>> memory, IReadOnlyList<double[]> numbers)
    {
        for (int k = 0; k < _memory.Length; k++)
        {
            memory[k].Span.CopyTo(_memory[k]);
        }

        for (int k = 0; k < _numbers.Length; k++)
        {
            numbers[k].CopyTo(_numbers[k], 0);
        }
    }

    /// <summary>Copies the state into an optimizer of the same kind.</summary>
    /// <exception cref="ArgumentException">The state is of a network with another shape.</exception>
    public void CopyTo(IReadOnlyList<AlignedBuffer<T>> memory, IReadOnlyList<double[]> numbers)
    {
        if (!_memory.Select(block => block.Length).SequenceEqual(memory.Select(block => block.Length))
            || !_numbers.Select(block => block.Length).SequenceEqual(numbers.Select(block => block.Length)))
        {
            throw new ArgumentException("The optimizer state is of a network with another shape.");
        }

        for (int k = 0; k < _memory.Length; k++)
        {
            _memory[k].CopyTo(memory[k].Span);
        }

        for (int k = 0; k < _numbers.Length; k++)
        {
            _numbers[k].CopyTo(numbers[k], 0);
        }
    }

    public void SaveOrLoad(CheckpointState state)
    {
        foreach (T[] block in _memory)
        {
            state.SaveOrLoad<T>(block);
        }

        foreach (double[] numbers in _numbers)
        {
            state.SaveOrLoad<double>(numbers);
        }
    }

    private static unsafe void Write<TNumber>(BinaryWriter writer, TNumber[][] blocks) where TNumber : unmanaged
    {
        writer.Write(sizeof(TNumber));
        writer.Write(blocks.Length);
        foreach (TNumber[] block in blocks)
        {
            writer.Write(block.Length);
            writer.Write(MemoryMarshal.AsBytes(block.AsSpan()));
        }
    }

    private static unsafe TNumber[][] Read<TNumber>(BlockReader reader) where TNumber : unmanaged
    {
        int size = reader.Read<int>();
        if (size != sizeof(TNumber))
        {
            throw new InvalidDataException(
                $"The optimizer state has numbers of {size} bytes, but must have numbers of {sizeof(TNumber)} bytes: "
                + "it is of the other number type.");
        }

        var blocks = new TNumber[reader.ReadCount("blocks", 0, sizeof(int))][];
        for (int k = 0; k < blocks.Length; k++)
        {
            blocks[k] = reader.ReadArray<TNumber>("numbers");
        }

        return blocks;
    }
}
