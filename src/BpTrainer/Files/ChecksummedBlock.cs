using System.Security.Cryptography;
using System.Text;

namespace BpTrainer.Files;

/// <summary>
/// What all binary formats have in common: networks, ensembles, checkpoints, the states of optimizers and ML.NET models. Numbers are
/// little-endian. Blocks may lie in the body of another block.
/// <code>
/// byte[4]  magic
/// int32    version, 1
/// int32    bytes of the body
/// byte[]   body
/// byte[32] SHA-256 of the body
/// </code>
/// </summary>
/// <param name="magic">Four letters.</param>
/// <param name="what">What the body is, in messages.</param>
internal sealed class ChecksummedBlock(string magic, string what)
{
    /// <summary>The fewest bytes that a block takes.</summary>
    public const int LeastBytes = MagicBytes + (2 * sizeof(int)) + HashBytes;

    private const int Version = 1;
    private const int MagicBytes = 4;
    private const int HashBytes = 32;

    /// <summary>A body is read in pieces of this size, so that a false length takes no more memory than the stream has bytes.</summary>
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

    /// <summary>Reads a body whose length and checksum are right, to its end.</summary>
    /// <exception cref="InvalidDataException">It is another file, a damaged one or one of another version.</exception>
    public TResult Read<TResult>(Stream stream, Func<BlockReader, TResult> readBody)
    {
        var reader = new BlockReader(ReadBody(stream), what);
        TResult result = readBody(reader);
        return reader.Left == 0 ? result : throw reader.Damaged($"it goes on for {reader.Left} bytes behind its end");
    }

    private byte[] ReadBody(Stream stream)
    {
        try
        {
            using var header = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            if (!header.ReadBytes(MagicBytes).AsSpan().SequenceEqual(_magic))
            {
                throw new InvalidDataException($"This is no {what}: it does not begin with {magic}.");
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
            throw new InvalidDataException($"The {what} says that it has {length} bytes: the file is damaged.");
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
