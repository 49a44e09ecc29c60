using System.Buffers.Binary;

namespace BpTrainer.Tests.Files;

/// <summary>Files behind a right checksum that an attacker wrote: sizes are compared with what is left, figures with their range.</summary>
public class HostileFileTests
{
    /// <summary>A file takes this much memory at most, however much it asks for.</summary>
    private const long MostMemory = 1 << 20;

    private static readonly byte[] s_network = Examples.Network<float>().ToBytes();

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void ParametersThatAreNotFiniteAreRefused(float value)
    {
        Range body = Examples.Body(s_network);
        int parameters = Examples.Network<float>().Layers.Sum(layer => (layer.Inputs + 1) * layer.Outputs);
        for (int i = 1; i <= parameters; i++)
        {
            byte[] file = [.. s_network];
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(body)[^(i * sizeof(float))..], value);
            Assert.Contains("not a finite number", AssertRefused(() => Network<float>.Load(Sealed(file))), StringComparison.Ordinal);
        }
    }

    private static readonly int[] s_wrongCounts = [int.MaxValue, 1 << 28, 0, -1, int.MinValue];

    public static TheoryData<int> WrongCounts => [.. s_wrongCounts];

    /// <summary>At the places of the numbers of inputs and layers and of the units of the first layer.</summary>
    public static TheoryData<int, int> WrongCountsAtPlaces => Combinations.Of(s_wrongCounts, [1, 5, 9]);

    [Theory]
    [MemberData(nameof(WrongCountsAtPlaces))]
    public void CountsOfANetworkAreComparedWithWhatIsLeft(int count, int place)
    {
        byte[] file = [.. s_network];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(Examples.Body(file))[place..], count);
        AssertRefused(() => Network<float>.Load(Sealed(file)));
    }

    [Theory]
    [MemberData(nameof(WrongCounts))]
    public void TheNumberOfNetworksIsComparedWithWhatIsLeft(int count)
    {
        using var ensemble = new MemoryStream();
        new NetworkEnsemble<float>(Examples.Network<float>()).Save(ensemble);
        byte[] networks = ensemble.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(networks.AsSpan(Examples.Body(networks)), count);
        AssertRefused(() => NetworkEnsemble<float>.Load(Sealed(networks)));
    }

    [Theory]
    [InlineData("logistic(1e999)")]
    [InlineData("leaky-relu(NaN)")]
    [InlineData("prelu(1;2)")]
    [InlineData("magic")]
    [InlineData("")]
    public void AnActivationMustBeOne(string activation)
    {
        byte[] expected = "\u0004tanh"u8.ToArray();
        int place = s_network.AsSpan().IndexOf(expected);
        byte[] file =
        [
            .. s_network[..place], (byte)activation.Length, .. System.Text.Encoding.ASCII.GetBytes(activation),
            .. s_network[(place + expected.Length)..]
        ];
        BinaryPrimitives.WriteInt32LittleEndian(
            file.AsSpan(8), file.Length - s_network.Length + BinaryPrimitives.ReadInt32LittleEndian(s_network.AsSpan(8)));
        AssertRefused(() => Network<float>.Load(Sealed(file)));
    }

    [Fact]
    public void BytesBehindTheEndAreRefused()
    {
        (int start, int length) = Examples.Body(s_network).GetOffsetAndLength(s_network.Length);
        byte[] file = [.. s_network[..(start + length)], 0, .. s_network[(start + length)..]];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), length + 1);
        AssertRefused(() => Network<float>.Load(Sealed(file)));
    }

    private static MemoryStream Sealed(byte[] file) => new(Examples.Reseal(file));

    private static string AssertRefused(Action load)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(load);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostMemory);
        return error.Message;
    }
}
