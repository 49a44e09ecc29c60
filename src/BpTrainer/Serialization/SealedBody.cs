using System.Security.Cryptography;
using System.Text;

namespace BpTrainer.Serialization;

/// <summary>
/// What the binary formats have in common. Numbers are little-endian.
/// <code>
/// byte[4]  magic
/// int32    version
/// int32    bytes of the body
/// byte[]   body
/// byte[32] SHA-256 of the body
/// </code>
/// </summary>
/// <param name="magic">Four letters.</param>
/// <param name="version">The version that is written, and the highest that is read.</param>
/// <param name="what">What a body is, in messages.</param>
internal sealed class SealedBody(string magic, int version, string what)
{
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
        header.Write(version);
        header.Write(bytes.Length);
        header.Write(bytes);
        header.Write(SHA256.HashData(bytes));
    }

    /// <summary>Reads a body whose length and checksum are right, in memory.</summary>
    /// <exception cref="InvalidDataException">It is another file, a damaged one or one of a newer version.</exception>
    public TResult Read<TResult>(Stream stream, Func<BinaryReader, TResult> readBody)
    {
        try
        {
            using var header = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            using var reader = new BinaryReader(new MemoryStream(ReadBody(header)), Encoding.UTF8);
            return readBody(reader);
        }
        catch (EndOfStreamException error)
        {
            throw new InvalidDataException($"The {what} ends too early: the file is cut off.", error);
        }
    }

    /// <summary>Reads a text of a body.</summary>
    /// <param name="reader">The body.</param>
    /// <param name="what">What the body is, in messages.</param>
    /// <exception cref="InvalidDataException">It has no proper length.</exception>
    public static string ReadString(BinaryReader reader, string what)
    {
        try
        {
            return reader.ReadString();
        }
        catch (Exception error) when (error is FormatException or IOException and not EndOfStreamException)
        {
            throw new InvalidDataException($"The {what} is damaged: a text has no proper length.", error);
        }
    }

    private byte[] ReadBody(BinaryReader header)
    {
        if (!header.ReadBytes(_magic.Length).AsSpan().SequenceEqual(_magic))
        {
            throw new InvalidDataException($"This is no {what}: it does not begin with {magic}.");
        }

        int found = header.ReadInt32();
        if (found < 1 || found > version)
        {
            throw new InvalidDataException($"The {what} has format version {found}, but this library reads versions 1 to {version}.");
        }

        int length = header.ReadInt32();
        if (length <= 0)
        {
            throw new InvalidDataException($"The {what} says it has {length} bytes: the file is damaged.");
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

        byte[] bytes = body.ToArray();
        if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(header.ReadBytes(HashBytes)))
        {
            throw new InvalidDataException($"The checksum of the {what} is wrong: the file is damaged.");
        }

        return bytes;
    }
}
