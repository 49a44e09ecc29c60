using System.Runtime.InteropServices;

namespace BpTrainer.Files;

/// <summary>
/// Saves the state of a training to a checkpoint or loads it from one. The parts of a training pass their numbers to it one after another;
/// it saves them or loads them into their places. So one method defines the order for both directions.
/// </summary>
/// <remarks>
/// A checkpoint is a <see cref="ChecksummedBlock"/> with the magic "BPCK", of at most 2 GB: first, as texts, the values that must be the
/// same when training resumes, then the epochs so far, then the state of the other parts of the training.
/// </remarks>
internal sealed class CheckpointState
{
    private static readonly ChecksummedBlock s_block = new("BPCK", "checkpoint");

    private readonly BinaryWriter? _writer;
    private readonly BlockReader? _reader;

    private CheckpointState(BinaryWriter writer) => _writer = writer;

    private CheckpointState(BlockReader reader) => _reader = reader;

    public static void Save(Stream stream, Action<CheckpointState> saveOrLoad) =>
        s_block.Write(stream, writer => saveOrLoad(new CheckpointState(writer)));

    /// <exception cref="InvalidDataException">The stream contains no checkpoint, or the checkpoint is damaged or of another
    /// version.</exception>
    /// <exception cref="ArgumentException">The checkpoint was written by another training.</exception>
    public static void Load(Stream stream, Action<CheckpointState> saveOrLoad) => s_block.Read(stream, reader =>
    {
        saveOrLoad(new CheckpointState(reader));
        return true;
    });

    /// <summary>The number of epochs so far, which is the upper limit of many other values.</summary>
    public int Epochs { get; set; }

    /// <summary>
    /// Throws <see cref="ArgumentException"/> unless a value is the same in the training that saved the checkpoint and in the one that
    /// resumes.
    /// </summary>
    public void RequireSame(string name, string value)
    {
        if (_writer is not null)
        {
            _writer.Write(value);
        }
        else if (_reader!.ReadText() is var saved && saved != value)
        {
            throw new ArgumentException($"The checkpoint does not fit: {name} was {saved}, but is {value} now.");
        }
    }

    /// <summary>Throws <see cref="InvalidDataException"/> if the loaded values are inconsistent.</summary>
    public void Require(bool makesSense, string fault)
    {
        if (_reader is not null && !makesSense)
        {
            throw _reader.Damaged(fault);
        }
    }

    /// <summary>Saves or loads an object that has its own format.</summary>
    public void SaveOrLoad(Action<BinaryWriter> save, Action<BlockReader> load)
    {
        if (_writer is not null)
        {
            save(_writer);
        }
        else
        {
            load(_reader!);
        }
    }

    /// <summary>Saves or loads the state of a random stream, if there is one.</summary>
    public void SaveOrLoad(RandomStream? random)
    {
        if (random is not null)
        {
            (ulong s0, ulong s1, ulong s2, ulong s3) = random.State;
            SaveOrLoad(ref s0);
            SaveOrLoad(ref s1);
            SaveOrLoad(ref s2);
            SaveOrLoad(ref s3);
            Require((s0 | s1 | s2 | s3) != 0, "the state of a random stream is 0");
            random.State = (s0, s1, s2, s3);
        }
    }

    public void SaveOrLoad(ref ulong value) => SaveOrLoad(new Span<ulong>(ref value));

    public void SaveOrLoad(ref double value) => SaveOrLoad(new Span<double>(ref value));

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public void SaveOrLoad(ref double value, double low, double high)
    {
        SaveOrLoad(ref value);
        Require(value >= low && value <= high, FormattableString.Invariant($"a number is {value}, but must be from {low} to {high}"));
    }

    public void SaveOrLoad(ref bool value)
    {
        int number = value ? 1 : 0;
        SaveOrLoad(ref number, 0, 1);
        value = number == 1;
    }

    public void SaveOrLoad(ref int value, int low, int high)
    {
        long number = value;
        SaveOrLoad(ref number, low, high);
        value = (int)number;
    }

    /// <summary>A count, from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public void SaveOrLoad(ref long value, long low, long high)
    {
        SaveOrLoad(new Span<long>(ref value));
        Require(value >= low && value <= high, $"a count is {value}, but must be from {low} to {high}");
    }

    public void SaveOrLoad(ref double? value)
    {
        bool isThere = value.HasValue;
        double number = value ?? 0;
        SaveOrLoad(ref isThere);
        SaveOrLoad(ref number);
        value = isThere ? number : null;
    }

    /// <summary>Saves or loads an enumeration value, which may be missing, by its index.</summary>
    public void SaveOrLoad<TEnum>(ref TEnum? value) where TEnum : struct, Enum
    {
        TEnum[] values = Enum.GetValues<TEnum>();
        int index = value is { } known ? Array.IndexOf(values, known) : -1;
        SaveOrLoad(ref index, -1, values.Length - 1);
        value = index < 0 ? null : values[index];
    }

    public void SaveOrLoad<T>(Span<T> values) where T : unmanaged
    {
        if (_writer is not null)
        {
            _writer.Write(MemoryMarshal.AsBytes(values));
        }
        else
        {
            _reader!.Read(values);
        }
    }

    /// <summary>Saves or loads weights, which must be finite.</summary>
    public void SaveOrLoadFinite<T>(Span<T> weights) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_writer is not null)
        {
            SaveOrLoad(weights);
        }
        else
        {
            _reader!.ReadFinite("weight", weights);
        }
    }

    /// <summary>Saves or loads the order of numbers: the same integers in another order.</summary>
    public void SaveOrLoadOrder(Span<int> order)
    {
        int[] expected = order.ToArray();
        SaveOrLoad(order);
        int[] found = order.ToArray();
        Array.Sort(found);
        Array.Sort(expected);
        Require(found.AsSpan().SequenceEqual(expected), "the order of the samples does not contain the samples of the training set");
    }
}
