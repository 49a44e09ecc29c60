using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace BpTrainer.Serialization;

/// <summary>
/// The binary format of a network, version 1. Numbers are little-endian.
/// <code>
/// byte[4]  magic "BPNN"
/// int32    version
/// int32    bytes of the body
/// body:
///   byte     bytes of a number: 4 for float, 8 for double
///   int32    inputs
///   int32    number of layers
///   for each layer
///     int32    units
///     uint16   bytes of the activation's text
///     byte[]   activation as Activation.ToString gives it, UTF-8
///     byte     BiasKind
///   for inputs, then outputs
///     byte     1 if a scaling follows, else 0
///     double   offset and scale of each column
///   for each layer
///     number   weights, inputs × units
///     number   biases, units
///     number   learned slopes, units; only if the activation is prelu
/// byte[32] SHA-256 of the body
/// </code>
/// </summary>
internal static class NetworkFile
{
    private const int Version = 1;

    private const int HashBytes = 32;

    /// <summary>A body is read in pieces of this size, so that a false length takes no more memory than the stream has bytes.</summary>
    private const int PieceBytes = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "BPNN"u8;

    public static void Write<T>(Network<T> network, Stream stream) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var body = new MemoryStream();
        using (var writer = new BinaryWriter(body, Encoding.UTF8, leaveOpen: true))
        {
            NetworkBody.Write(network, writer);
        }

        ReadOnlySpan<byte> bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        using var header = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        header.Write(Magic);
        header.Write(Version);
        header.Write(bytes.Length);
        header.Write(bytes);
        header.Write(SHA256.HashData(bytes));
    }

    public static Network<T> Read<T>(Stream stream) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            using var header = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            byte[] body = ReadBody(header);
            using var reader = new BinaryReader(new MemoryStream(body), Encoding.UTF8);
            return NetworkBody.Read<T>(reader);
        }
        catch (EndOfStreamException error)
        {
            throw new InvalidDataException("The network ends too early: the file is cut off.", error);
        }
    }

    private static byte[] ReadBody(BinaryReader header)
    {
        if (!header.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
        {
            throw new InvalidDataException("This is no network: it does not begin with BPNN.");
        }

        int version = header.ReadInt32();
        if (version is < 1 or > Version)
        {
            throw new InvalidDataException($"The network has format version {version}, but this library reads versions 1 to {Version}.");
        }

        int length = header.ReadInt32();
        if (length <= 0)
        {
            throw new InvalidDataException($"The network says it has {length} bytes: the file is damaged.");
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
            throw new InvalidDataException("The checksum of the network is wrong: the file is damaged.");
        }

        return bytes;
    }
}
