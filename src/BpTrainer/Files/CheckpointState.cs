using System.Numerics;
using System.Runtime.InteropServices;

namespace BpTrainer.Files;

/// <summary>
/// The body of a checkpoint on its way out or in. The parts of a training hand it their numbers one after another: it
/// writes them, or reads them into their places, so that there is one description of the order for both.
/// </summary>
internal sealed class CheckpointState
{
    private readonly BinaryWriter? _writer;
    private readonly BlockReader? _reader;

    public CheckpointState(BinaryWriter writer) => _writer = writer;

    public CheckpointState(BlockReader reader) => _reader = reader;

    /// <summary>The number of epochs so far, which is the most that many other figures can be.</summary>
    public int Epochs { get; private set; }

    /// <summary>A figure that must be the same in the training that wrote the checkpoint and in the one that goes on.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
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

    /// <summary>Refuses what was read if it makes no sense.</summary>
    /// <exception cref="InvalidDataException">It makes none.</exception>
    public void Require(bool makesSense, string fault)
    {
        if (_reader is not null && !makesSense)
        {
            throw _reader.Damaged(fault);
        }
    }

    /// <summary>The epochs so far. They come before whatever is compared with <see cref="Epochs"/>.</summary>
    public void Exchange(List<EpochRecord> history)
    {
        if (_writer is not null)
        {
            HistoryFile.Write(_writer, history);
        }
        else
        {
            history.AddRange(HistoryFile.Read(_reader!));
        }

        Epochs = history.Count;
    }

    public void Exchange(ref ulong value) => Exchange(new Span<ulong>(ref value));

    public void Exchange(ref double value) => Exchange(new Span<double>(ref value));

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public void Exchange(ref double value, double low, double high)
    {
        Exchange(ref value);
        Require(value >= low && value <= high, FormattableString.Invariant($"a number is {value}, but must be from {low} to {high}"));
    }

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
        Exchange(new Span<long>(ref value));
        Require(value >= low && value <= high, $"a count is {value}, but must be from {low} to {high}");
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

    /// <summary>Numbers whose count is known.</summary>
    public void Exchange<T>(Span<T> values) where T : unmanaged
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

    /// <summary>Weights, which are finite.</summary>
    public void ExchangeFinite<T>(Span<T> weights) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_writer is not null)
        {
            Exchange(weights);
        }
        else
        {
            _reader!.ReadFinite("weight", weights);
        }
    }

    /// <summary>The same whole numbers in another order.</summary>
    public void ExchangeOrder(Span<int> order)
    {
        int[] expected = order.ToArray();
        Exchange(order);
        int[] found = order.ToArray();
        Array.Sort(found);
        Array.Sort(expected);
        Require(found.AsSpan().SequenceEqual(expected), "the order of the samples has others than the training set");
    }
}
