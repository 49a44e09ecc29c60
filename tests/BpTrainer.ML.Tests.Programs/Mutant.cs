using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BpTrainer.ML.Tests.Programs;

/// <summary>Damages files, by chance but always the same, and makes their checksums right again, as an attacker would.</summary>
internal static class Mutant
{
    private const int HeaderBytes = 12;
    private const int HashBytes = 32;

    /// <summary>Half of the damage is done here, where counts and shapes are.</summary>
    private const int FirstBytes = 200;

    private static readonly int[] s_counts = [0, 1, -1, 2, 3, 7, 255, 65536, 1 << 24, int.MaxValue, int.MaxValue / 2, int.MinValue];
    private static readonly double[] s_numbers =
    [
        0, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, -1e300, double.Epsilon, long.MaxValue
    ];
    private static readonly byte[][] s_magics =
    [
        "BPNN"u8.ToArray(), "BPNE"u8.ToArray(), "BPCK"u8.ToArray(), "BPUS"u8.ToArray(), "BPML"u8.ToArray(), "BPLF"u8.ToArray()
    ];

    /// <summary>A damaged copy.</summary>
    public static byte[] Of(byte[] file, Random random)
    {
        byte[] mutant = [.. file];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            mutant = Change(mutant, random);
        }

        return mutant;
    }

    /// <summary>Makes the length of the whole and all checksums right again, those of inner blocks first.</summary>
    public static void Seal(byte[] file)
    {
        if (file.Length >= HeaderBytes + HashBytes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), file.Length - HeaderBytes - HashBytes);
        }

        for (int start = file.Length - HeaderBytes - HashBytes; start >= 0; start--)
        {
            ReadOnlySpan<byte> magic = file.AsSpan(start, 4);
            int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(start + 8));
            if (length >= 0 && length <= file.Length - start - HeaderBytes - HashBytes && IsMagic(magic))
            {
                SHA256.HashData(file.AsSpan(start + HeaderBytes, length), file.AsSpan(start + HeaderBytes + length));
            }
        }
    }

    private static bool IsMagic(ReadOnlySpan<byte> bytes)
    {
        foreach (byte[] magic in s_magics)
        {
            if (bytes.SequenceEqual(magic))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Change(byte[] file, Random random)
    {
        int place = random.Next(random.Next(2) == 0 ? Math.Min(FirstBytes, file.Length) : file.Length);
        int length = Math.Min(random.Next(1, 40), file.Length - place);
        Span<byte> from = file.AsSpan(place);
        switch (random.Next(8))
        {
            case 0:
                from[0] ^= (byte)(1 << random.Next(8));
                return file;
            case 1:
                from[0] = (byte)random.Next(256);
                return file;
            case 2:
                random.NextBytes(from[..length]);
                return file;
            case 3:
                from[..length].Fill((byte)(random.Next(2) * 255));
                return file;
            case 4:
                Write(from, BitConverter.GetBytes(s_counts[random.Next(s_counts.Length)]));
                return file;
            case 5:
                Write(from, BitConverter.GetBytes(s_numbers[random.Next(s_numbers.Length)]));
                return file;
            case 6:
                return [.. file[..place], .. file[(place + length)..]];
            default:
                return [.. file[..(place + length)], .. file[place..]];
        }
    }

    private static void Write(Span<byte> to, ReadOnlySpan<byte> value) => value[..Math.Min(value.Length, to.Length)].CopyTo(to);
}
