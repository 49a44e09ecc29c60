using System.Numerics;

namespace BpTrainer.Tests.Files;

/// <summary>A network comes back from a file bit for bit.</summary>
public class NetworkFileTests
{
    [Fact]
    public void AFloatNetworkComesBackBitForBit() => AssertRoundTrip(Examples.Network<float>());

    [Fact]
    public void ADoubleNetworkComesBackBitForBit() => AssertRoundTrip(Examples.Network<double>());

    [Theory]
    [InlineData(BiasKind.PerUnit)]
    [InlineData(BiasKind.Shared)]
    [InlineData(BiasKind.Frozen)]
    public void EveryActivationComesBackWithAnyBias(BiasKind bias)
    {
        LayerSpec[] layers = [.. Activations.All.Select(activation => new LayerSpec(9, activation) { Bias = bias })];
        AssertRoundTrip(Networks.Random<float>(1, 3, layers));
    }

    [Theory]
    [InlineData(float.MaxValue)]
    [InlineData(float.MinValue)]
    [InlineData(-0f)]
    [InlineData(float.Epsilon)]
    public void OddNumbersComeBack(float weight)
    {
        Network<float> network = Examples.Network<float>();
        network.Layers[0].SetWeight(1, 1, weight);
        AssertRoundTrip(network);
    }

    [Fact]
    public void SeveralNetworksFollowEachOtherInAStreamThatOnlyRunsForward()
    {
        Network<float> first = Examples.Network<float>();
        Network<double> second = Examples.Network<double>();
        using var stream = new ForwardOnlyStream([.. first.ToBytes(), .. second.ToBytes()]);
        Assert.Equal(first.ToBytes(), Network<float>.Load(stream).ToBytes());
        Assert.Equal(second.ToBytes(), Network<double>.Load(stream).ToBytes());
    }

    [Fact]
    public void AStreamIsNeeded()
    {
        Assert.Throws<ArgumentNullException>("stream", () => Examples.Network<float>().Save((Stream)null!));
        Assert.Throws<ArgumentNullException>("stream", () => Network<float>.Load((Stream)null!));
    }

    private static void AssertRoundTrip<T>(Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        byte[] bytes = network.ToBytes();
        Network<T> loaded = Network<T>.Load(new MemoryStream(bytes));
        Assert.Equal(bytes, loaded.ToBytes());
        Assert.Equal(
            network.Layers.Select(l => (l.Inputs, l.Outputs, l.Activation, l.Bias)),
            loaded.Layers.Select(l => (l.Inputs, l.Outputs, l.Activation, l.Bias)));
        Assert.Equal(network.InputScaling?.Offsets.ToArray(), loaded.InputScaling?.Offsets.ToArray());
        Assert.Equal(network.InputScaling?.Lowest.ToArray(), loaded.InputScaling?.Lowest.ToArray());
        Assert.Equal(network.InputScaling?.Highest.ToArray(), loaded.InputScaling?.Highest.ToArray());
        Assert.Equal(network.OutputScaling?.Scales.ToArray(), loaded.OutputScaling?.Scales.ToArray());
        Assert.Equal(network.OutputScaling?.HasLimits, loaded.OutputScaling?.HasLimits);
        Assert.Equal(Bits(network), Bits(loaded));

        T[] x = [.. Samples.Random<T>(1, rows: 5, network.Inputs, targets: 1).Inputs.ToArray()];
        Assert.Equal(network.Predict<T>(x), loaded.Predict<T>(x));
    }

    private static IEnumerable<long> Bits<T>(Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Parameter.All(network).Select(p => BitConverter.DoubleToInt64Bits(p.Get(network)));
}
