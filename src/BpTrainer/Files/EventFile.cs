using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace BpTrainer.Files;

/// <summary>
/// Writes event files of TensorBoard. They consist of records, each with its length and checksums, that contain the Protocol Buffers
/// message <c>Event</c> (tensorflow/core/util/event.proto and framework/summary.proto). Only the fields for scalars are used.
/// </summary>
/// <remarks>
/// A record consists of its length in 8 bytes, the checksum of these bytes, the data, and the checksum of the data, all little-endian. The
/// checksum is a CRC-32C that is rotated and shifted by a constant, so that it also works for bytes that contain checksums
/// (tsl/lib/io/record_writer.h, tsl/lib/hash/crc32c.h).
/// </remarks>
internal sealed class EventFile
{
    private const string Version = "brain.Event:2";
    private const uint MaskDelta = 0xa282ead8;

    /// <summary>The kinds of fields, in the lowest 3 bits of the tag before each field.</summary>
    private const int Varint = 0, EightBytes = 1, Bytes = 2, FourBytes = 5;

    private readonly Stream _stream;

    /// <summary>Begins a file.</summary>
    /// <param name="stream">The stream, at its beginning.</param>
    /// <param name="time">The start of the recorded training, in seconds since 1970 in UTC.</param>
    public EventFile(Stream stream, double time)
    {
        _stream = stream;
        WriteRecord(Event(time, step: 0, field: 3, Encoding.UTF8.GetBytes(Version)));
    }

    /// <summary>Adds the scalars that are not null.</summary>
    public void Write(double time, long step, ReadOnlySpan<(string Tag, double? Value)> scalars)
    {
        var summary = new MemoryStream();
        foreach ((string tag, double? value) in scalars)
        {
            if (value is { } number)
            {
                WriteBytes(summary, field: 1, Scalar(tag, (float)number));
            }
        }

        WriteRecord(Event(time, step, field: 5, Content(summary)));
    }

    private static ReadOnlySpan<byte> Event(double time, long step, int field, ReadOnlySpan<byte> content)
    {
        var message = new MemoryStream();
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(number, time);
        WriteVarint(message, Key(1, EightBytes));
        message.Write(number);
        WriteVarint(message, Key(2, Varint));
        WriteVarint(message, (ulong)step);
        WriteBytes(message, field, content);
        return Content(message);
    }

    private static ReadOnlySpan<byte> Scalar(string tag, float value)
    {
        var message = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(number, value);
        WriteBytes(message, field: 1, Encoding.UTF8.GetBytes(tag));
        WriteVarint(message, Key(2, FourBytes));
        message.Write(number);
        return Content(message);
    }

    private static void WriteBytes(MemoryStream message, int field, ReadOnlySpan<byte> content)
    {
        WriteVarint(message, Key(field, Bytes));
        WriteVarint(message, (ulong)content.Length);
        message.Write(content);
    }

    /// <summary>Writes a number in groups of 7 bits, the lowest first; the highest bit of a byte says whether another follows.</summary>
    private static void WriteVarint(MemoryStream message, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            message.WriteByte((byte)(number | 0x80));
        }

        message.WriteByte((byte)number);
    }

    private static ulong Key(int field, int kind) => (ulong)((field << 3) | kind);

    private static ReadOnlySpan<byte> Content(MemoryStream message) => message.GetBuffer().AsSpan(0, (int)message.Length);

    private void WriteRecord(ReadOnlySpan<byte> data)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, data.Length);
        _stream.Write(length);
        WriteChecksum(length);
        _stream.Write(data);
        WriteChecksum(data);
    }

    private void WriteChecksum(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        Span<byte> checksum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, BitOperations.RotateRight(~crc, 15) + MaskDelta);
        _stream.Write(checksum);
    }
}
