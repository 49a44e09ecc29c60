using System.Runtime.InteropServices;
using BpTrainer.Files;
using BpTrainer.Shards;

namespace BpTrainer;

/// <summary>
/// A task for the workers of a training on shards: the parameters of the network, and the work to do with them. See
/// <see cref="IShardedRows{T}"/>.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class ShardTask<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // *** Format: a ChecksummedBlock with the magic "BPST". ***
    // byte     bytes of a number
    // uint64   plan; int64 number of the task; int32 kind
    // int64    pass, first, end, divisor and update of the place
    // int32    number of parameters; number[] parameters
    private static readonly ChecksummedBlock s_block = new("BPST", "task for shards");

    internal ShardTask(ulong plan, long number, ShardWork work, BatchPlace place, ReadOnlyMemory<T> parameters)
    {
        Plan = plan;
        Number = number;
        Work = work;
        Place = place;
        Parameters = parameters;
    }

    /// <summary>The number of the task in its training, from 1. A worker may get the same task again.</summary>
    public long Number { get; }

    /// <summary>The plan that the task belongs to.</summary>
    internal ulong Plan { get; }

    internal ShardWork Work { get; }

    internal BatchPlace Place { get; }

    /// <summary>The parameters, in their memory layout.</summary>
    internal ReadOnlyMemory<T> Parameters { get; }

    /// <summary>Converts the task to bytes that <see cref="FromBytes"/> can read.</summary>
    /// <returns>The bytes, with a checksum.</returns>
    public unsafe byte[] ToBytes()
    {
        using var stream = new MemoryStream((Parameters.Length * sizeof(T)) + 256);
        s_block.Write(stream, writer =>
        {
            writer.Write((byte)sizeof(T));
            writer.Write(Plan);
            writer.Write(Number);
            writer.Write((int)Work);
            writer.Write(Place.Pass);
            writer.Write(Place.First);
            writer.Write(Place.End);
            writer.Write(Place.Divisor);
            writer.Write(Place.Update);
            writer.Write(Parameters.Length);
            writer.Write(MemoryMarshal.AsBytes(Parameters.Span));
        });
        return stream.ToArray();
    }

    /// <summary>Reads a task.</summary>
    /// <param name="bytes">The result of <see cref="ToBytes"/>.</param>
    /// <returns>The task.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a task, or a damaged task, or one of another version or number
    /// type.</exception>
    public static ShardTask<T> FromBytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return s_block.Read(new MemoryStream(bytes, writable: false), reader =>
        {
            reader.RequireNumbersOf<T>();
            ulong plan = reader.Read<ulong>();
            long number = reader.Read<long>();
            var work = (ShardWork)reader.Read("kind of a task", 0, (int)ShardWork.ValidationTargets);
            long pass = reader.Read("pass", 0L, int.MaxValue);
            long first = reader.Read("first row", 0L, long.MaxValue);
            long end = reader.Read("end of the rows", first, long.MaxValue);
            long divisor = reader.Read("divisor", 1L, long.MaxValue);
            long update = reader.Read("update", 0L, long.MaxValue);
            return new ShardTask<T>(
                plan, number, work, new BatchPlace(pass, first, end, divisor, update), reader.ReadArray<T>("parameters"));
        });
    }
}
