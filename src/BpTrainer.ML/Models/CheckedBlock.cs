using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>
/// A piece of a model file with a checksum: ML.NET's files have none, and a weight or a loss with a flipped bit is a number like any other.
/// </summary>
internal static class CheckedBlock
{
    // *** Binary format ***
    // int: length in bytes
    // byte[]: the content
    // byte[32]: SHA-256 of the content

    private const int HashBytes = 32;

    /// <summary>The content is read in pieces of this size, so that a false length takes no more memory than the file has bytes.</summary>
    private const int PieceBytes = 1 << 20;

    /// <summary>Writes a block.</summary>
    /// <param name="writer">Takes the block.</param>
    /// <param name="writeContent">Writes the content.</param>
    public static void Write(BinaryWriter writer, Action<BinaryWriter> writeContent)
    {
        using var content = new MemoryStream();
        using (var inner = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writeContent(inner);
        }

        ReadOnlySpan<byte> bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        writer.Write(bytes.Length);
        writer.Write(bytes);
        writer.Write(SHA256.HashData(bytes));
    }

    /// <summary>Reads a block and checks it; a damaged one throws ML.NET's decoding error.</summary>
    /// <returns>A reader of the content.</returns>
    public static BinaryReader Read(IExceptionContext context, BinaryReader reader)
    {
        try
        {
            int length = reader.ReadInt32();
            context.CheckDecode(length > 0, $"The saved model says that it has {length} bytes: the file is damaged.");
            using var content = new MemoryStream(Math.Min(length, PieceBytes));
            while (content.Length < length)
            {
                byte[] piece = reader.ReadBytes((int)Math.Min(PieceBytes, length - content.Length));
                context.CheckDecode(piece.Length > 0, $"The saved model should have {length} bytes, but ends after {content.Length}: the file is cut off.");
                content.Write(piece);
            }

            byte[] bytes = content.ToArray();
            context.CheckDecode(
                SHA256.HashData(bytes).AsSpan().SequenceEqual(reader.ReadBytes(HashBytes)), "The checksum of the saved model is wrong: the file is damaged.");
            return new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        }
        catch (EndOfStreamException e)
        {
            throw context.ExceptDecode(e, "The saved model ends too early: the file is cut off.");
        }
    }
}
