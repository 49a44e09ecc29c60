using System.Numerics;
using System.Runtime.InteropServices;
using BpTrainer.Serialization;

namespace BpTrainer;

/// <summary>
/// The body of a checkpoint on its way out or in. The parts of a training hand it their numbers one after another: it
/// writes them, or reads them into their places, so that there is one description of the order for both.
/// </summary>
internal sealed class CheckpointState
{
    private readonly BinaryWriter? _writer;
    private readonly BinaryReader? _reader;

    public CheckpointState(BinaryWriter writer) => _writer = writer;

    public CheckpointState(BinaryReader reader) => _reader = reader;

    /// <summary>A figure that must be the same in the training that wrote the checkpoint and in the one that goes on.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public void RequireSame(string name, string value)
    {
        if (_writer is not null)
        {
            _writer.Write(value);
        }
        else if (SealedBody.ReadString(_reader!, "checkpoint") is var saved && saved != value)
        {
            throw new ArgumentException($"The checkpoint does not fit: {name} was {saved}, but is {value} now.");
        }
    }

    public void Exchange(ref ulong value) => Exchange(MemoryMarshal.AsBytes(new Span<ulong>(ref value)));

    public void Exchange(ref double value) => Exchange(MemoryMarshal.AsBytes(new Span<double>(ref value)));

    public void Exchange(ref bool value)
    {
        int number = value ? 1 : 0;
        Exchange(ref number, 0, 1);
        value = number == 1;
    }

    /// <summary>A count, from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public void Exchange(ref int value, int low, int high)
    {
        long number = value;
        Exchange(ref number, low, high);
        value = (int)number;
    }

    /// <summary>A count, from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public void Exchange(ref long value, long low, long high)
    {
        Exchange(MemoryMarshal.AsBytes(new Span<long>(ref value)));
        if (value < low || value > high)
        {
            throw Damaged($"a count is {value}, but should be from {low} to {high}");
        }
    }

    /// <summary>Numbers whose count is known.</summary>
    public void Exchange<T>(Span<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Exchange(MemoryMarshal.AsBytes(values));

    /// <summary>The same whole numbers in another order.</summary>
    public void ExchangeOrder(Span<int> order)
    {
        int[] expected = order.ToArray();
        Exchange(MemoryMarshal.AsBytes(order));
        if (_reader is not null)
        {
            int[] found = order.ToArray();
            Array.Sort(found);
            Array.Sort(expected);
            if (!found.AsSpan().SequenceEqual(expected))
            {
                throw Damaged("the order of the samples has others than the training set");
            }
        }
    }

    /// <summary>The epochs so far.</summary>
    public void Exchange(List<EpochRecord> history)
    {
        const int RecordBytes = 5 * sizeof(double);
        int most = _reader is null ? int.MaxValue : (int)((_reader.BaseStream.Length - _reader.BaseStream.Position) / RecordBytes);
        int count = history.Count;
        Exchange(ref count, 0, most);
        for (int i = 0; i < count; i++)
        {
            EpochRecord record = _reader is null ? history[i] : new EpochRecord(i + 1, 0, null, 0, 0);
            (double training, double rate, double seconds) = (record.TrainingLoss, record.LearningRate, record.Seconds);
            double? validation = record.ValidationLoss;
            Exchange(ref training);
            Exchange(ref validation);
            Exchange(ref rate);
            Exchange(ref seconds);
            if (_reader is not null)
            {
                history.Add(new EpochRecord(i + 1, training, validation, rate, seconds));
            }
        }
    }

    /// <summary>A number that may be missing.</summary>
    public void Exchange(ref double? value)
    {
        bool isThere = value.HasValue;
        double number = value ?? 0;
        Exchange(ref isThere);
        Exchange(ref number);
        value = isThere ? number : null;
    }

    /// <summary>A reason that may be missing.</summary>
    public void Exchange(ref StopReason? value)
    {
        int number = value is { } reason ? (int)reason : -1;
        Exchange(ref number, -1, (int)Enum.GetValues<StopReason>()[^1]);
        value = number < 0 ? null : (StopReason)number;
    }

    /// <summary>Makes sure that a body has been read to its end.</summary>
    public void End()
    {
        if (_reader is not null && _reader.BaseStream.Position != _reader.BaseStream.Length)
        {
            throw Damaged("it goes on behind its end");
        }
    }

    private void Exchange(Span<byte> bytes)
    {
        if (_writer is not null)
        {
            _writer.Write(bytes);
        }
        else
        {
            _reader!.BaseStream.ReadExactly(bytes);
        }
    }

    private static InvalidDataException Damaged(string fault) => new($"The checkpoint is damaged: {fault}.");
}
