namespace BpTrainer.Tests.Files;

/// <summary>A file that is no network, or no longer one, is refused with <see cref="InvalidDataException"/> and nothing else.</summary>
public class DamagedFileTests
{
    private static readonly byte[] s_file = Examples.Network<float>().ToBytes();

    [Fact]
    public void AFileCutOffAnywhereIsRefused()
    {
        for (int length = 0; length < s_file.Length; length++)
        {
            AssertRefused(s_file[..length]);
        }
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void AFileWithAnyByteChangedIsRefused(byte change)
    {
        for (int i = 0; i < s_file.Length; i++)
        {
            AssertRefused(Changed(i, change));
        }
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void ABodyThatMakesNoSenseIsRefusedEvenWithTheRightChecksum(byte change)
    {
        foreach (int i in BodyBytes())
        {
            AssertLoadsOrIsRefused(Changed(i, change), $"byte {i} changed by {change:X2}");
        }
    }

    [Fact]
    public void SoIsABodyWithAPieceOfOnesOrNoise()
    {
        var random = new Random(1);
        foreach (int i in BodyBytes())
        {
            for (int length = 2; length <= 12; length++)
            {
                int end = Math.Min(i + length, s_file.Length - 1);
                byte[] ones = [.. s_file];
                ones.AsSpan(i..end).Fill(0xFF);
                AssertLoadsOrIsRefused(ones, $"ones in {i}..{end}");
                byte[] noise = [.. s_file];
                random.NextBytes(noise.AsSpan(i..end));
                AssertLoadsOrIsRefused(noise, $"noise in {i}..{end}");
            }
        }
    }

    [Fact]
    public void ANewerVersionIsRefusedByItsNumber()
    {
        byte[] file = [.. s_file];
        file[4] = 2;
        InvalidDataException error = AssertRefused(file);
        Assert.Contains("version 2", error.Message);
    }

    [Fact]
    public void TheOtherNumberTypeIsRefusedWithBothSizes()
    {
        var error = Assert.Throws<InvalidDataException>(() => Network<double>.Load(new MemoryStream(s_file)));
        Assert.Contains("4 bytes", error.Message);
        Assert.Contains("Double has 8", error.Message);
        Assert.Throws<InvalidDataException>(() => Network<float>.Load(new MemoryStream(Examples.Network<double>().ToBytes())));
    }

    [Fact]
    public void SomeOtherFileIsRefusedByItsFirstBytes()
    {
        InvalidDataException error = AssertRefused("PK\x03\x04 and much more text"u8.ToArray());
        Assert.Contains("BPNN", error.Message);
    }

    [Fact]
    public void ALengthBeyondTheEndTakesNoMemory()
    {
        byte[] file = [.. s_file];
        BitConverter.TryWriteBytes(file.AsSpan(8), int.MaxValue);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    /// <summary>A weight or a scaling may have been changed to another good one; what is not refused must load.</summary>
    private static void AssertLoadsOrIsRefused(byte[] file, string damage)
    {
        try
        {
            Network<float>.Load(new MemoryStream(Examples.Reseal(file)));
        }
        catch (InvalidDataException)
        {
        }
        catch (Exception error)
        {
            Assert.Fail($"With {damage} it is a {error.GetType().Name}: {error.Message}");
        }
    }

    private static IEnumerable<int> BodyBytes()
    {
        (int start, int length) = Examples.Body(s_file).GetOffsetAndLength(s_file.Length);
        return Enumerable.Range(start, length);
    }

    private static byte[] Changed(int index, byte change)
    {
        byte[] file = [.. s_file];
        file[index] ^= change;
        return file;
    }

    private static InvalidDataException AssertRefused(byte[] file) =>
        Assert.Throws<InvalidDataException>(() => Network<float>.Load(new MemoryStream(file)));
}
