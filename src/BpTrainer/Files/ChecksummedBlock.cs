using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace BpTrainer.Files;

/// <summary>
/// The common format of all binary files: networks, ensembles, checkpoints, optimizer states and ML.NET models. Numbers are little-endian.
/// The body of a block may contain other blocks.
/// <code>
/// byte[4]  magic
/// int32    version, 1
/// int32    bytes of the body
/// byte[]   body
/// byte[32] SHA-256 of the body
/// </code>
/// </summary>
internal sealed class ChecksummedBlock(string magic, string what)
{
    /// <summary>The minimum number of bytes of a block.</summary>
    public const int LeastBytes = MagicBytes + (2 * sizeof(int)) + HashBytes;

    private const int Version = 1;
    private const int MagicBytes = 4;
    private const int HashBytes = 32;

    /// <summary>A body is read in pieces of this size, so that a wrong length does not allocate more memory than the stream has
    /// bytes.</summary>
    private const int PieceBytes = 1 << 20;

    private readonly byte[] _magic = Encoding.ASCII.GetBytes(magic);

    public void Write(Stream stream, Action<BinaryWriter> writeBody)
    {
        using var body = new MemoryStream();
        using (var writer = new BinaryWriter(body, Encoding.UTF8, leaveOpen: true))
        {
            writeBody(writer);
        }

        ReadOnlySpan<byte> bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        using var header = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        header.Write(_magic);
        header.Write(Version);
        header.Write(bytes.Length);
        header.Write(bytes);
        header.Write(SHA256.HashData(bytes));
    }

    /// <summary>Checks the length and the checksum of a body and reads it to its end.</summary>
    public TResult Read<TResult>(Stream stream, Func<BlockReader, TResult> readBody)
    {
        var reader = new BlockReader(ReadBody(stream), what);
        TResult result = readBody(reader);
        return reader.Left == 0 ? result : throw reader.Damaged($"there are {reader.Left} bytes after its end");
    }

    private byte[] ReadBody(Stream stream)
    {
        try
        {
            using var header = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            if (!header.ReadBytes(MagicBytes).AsSpan().SequenceEqual(_magic))
            {
                throw new InvalidDataException($"The data is not of type {what}: it does not begin with {magic}.");
            }

            int version = header.ReadInt32();
            if (version != Version)
            {
                throw new InvalidDataException($"The {what} has format version {version}, but this library reads version {Version}.");
            }

            byte[] body = ReadBytes(header, header.ReadInt32());
            return SHA256.HashData(body).AsSpan().SequenceEqual(header.ReadBytes(HashBytes))
                ? body
                : throw new InvalidDataException($"The checksum of the {what} is wrong: the file is damaged.");
        }
        catch (EndOfStreamException error)
        {
            throw new InvalidDataException($"The {what} ends too early: the file is cut off.", error);
        }
    }

    private byte[] ReadBytes(BinaryReader header, int length)
    {
        if (length < 0)
        {
            throw new InvalidDataException($"The {what} has a length of {length} bytes: the file is damaged.");
        }

        using var body = new MemoryStream(Math.Min(length, PieceBytes));
        while (body.Length < length)
        {
            byte[] piece = header.ReadBytes((int)Math.Min(PieceBytes, length - body.Length));
            if (piece.Length == 0)
            {
                throw new EndOfStreamException();
            }

            body.Write(piece);
        }

        return body.ToArray();
    }
}

/// <summary>
/// Reads the body of a <see cref="ChecksummedBlock"/>. A checksum protects against accidents, not against attackers, so nothing in a body
/// is trusted: every count is compared with the remaining bytes before memory is allocated, and every value with its range.
/// </summary>
internal sealed class BlockReader(byte[] body, string what)
{
    private readonly MemoryStream _body = new(body, writable: false);

    public long Left => _body.Length - _body.Position;

    /// <summary>The rest of the body, to read a block that it contains.</summary>
    public Stream Rest => _body;

    public void Read<T>(Span<T> numbers) where T : unmanaged
    {
        if ((long)numbers.Length * Unsafe.SizeOf<T>() > Left)
        {
            throw Damaged("it ends too early");
        }

        _body.ReadExactly(MemoryMarshal.AsBytes(numbers));
    }

    /// <summary>Reads a known number of values, which must be finite.</summary>
    public void ReadFinite<T>(string name, Span<T> numbers) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Read(numbers);
        foreach (T number in numbers)
        {
            if (!T.IsFinite(number))
            {
                throw Damaged(FormattableString.Invariant($"a {name} is {number}, which is not a finite number"));
            }
        }
    }

    public T Read<T>() where T : unmanaged
    {
        T number = default;
        Read(new Span<T>(ref number));
        return number;
    }

    /// <summary>Reads a number that is at least <paramref name="least"/> and at most <paramref name="most"/>, and so not NaN.</summary>
    public T Read<T>(string name, T least, T most) where T : unmanaged, IComparable<T>
    {
        // CompareTo puts NaN before all other numbers.
        T number = Read<T>();
        return number.CompareTo(least) >= 0 && number.CompareTo(most) <= 0
            ? number
            : throw Damaged(FormattableString.Invariant($"the {name} is {number}, but must be from {least} to {most}"));
    }

    /// <summary>Reads the number of bytes per number, which must be that of T.</summary>
    public void RequireNumbersOf<T>() where T : unmanaged
    {
        int size = Read<byte>();
        if (size != Unsafe.SizeOf<T>())
        {
            throw new InvalidDataException($"The {what} has numbers of {size} bytes, but {typeof(T).Name} has {Unsafe.SizeOf<T>()}.");
        }
    }

    public bool ReadBoolean(string name) => Read<byte>(name, 0, 1) == 1;

    /// <summary>Reads the number of items that follow; each item takes at least <paramref name="bytesOfEach"/> bytes.</summary>
    public int ReadCount(string name, int least, int bytesOfEach)
    {
        int count = Read<int>();
        return count < least
            ? throw Damaged($"the number of {name} is {count}, but must be {least} or more")
            : count > Left / bytesOfEach
            ? throw Damaged($"{count} {name} do not fit into the {Left} bytes that are left")
            : count;
    }

    /// <summary>Reads the length of an array and the array.</summary>
    public T[] ReadArray<T>(string name) where T : unmanaged
    {
        var numbers = new T[ReadCount(name, 0, Unsafe.SizeOf<T>())];
        Read<T>(numbers);
        return numbers;
    }

    /// <summary>Reads a text that a <see cref="BinaryWriter"/> wrote.</summary>
    public string ReadText()
    {
        try
        {
            using var reader = new BinaryReader(_body, Encoding.UTF8, leaveOpen: true);
            return reader.ReadString();
        }
        catch (Exception error) when (error is FormatException or IOException)
        {
            throw Damaged("a text has an invalid length", error);
        }
    }

    /// <summary>Creates an object from what was read; if this fails, the block is damaged.</summary>
    public TResult Make<TResult>(Func<TResult> make)
    {
        try
        {
            return make();
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw Damaged(error.Message.TrimEnd('.'), error);
        }
    }

    public InvalidDataException Damaged(string fault, Exception? cause = null) => new($"The {what} is damaged: {fault}.", cause);
}
