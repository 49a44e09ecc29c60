namespace BpTrainer.Tests.Options;

/// <summary>What a network cannot be is refused where it is said.</summary>
public class NetworkBuilderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void ALayerHasAUnit(int units)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("Units", () => new NetworkBuilder(2).Add(units, Activation.Tanh));
        Assert.StartsWith($"Units is {units}, but must be 1 or more", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void ANetworkHasAnInput(int inputs)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("inputs", () => new NetworkBuilder(inputs));
        Assert.StartsWith($"inputs is {inputs}, but must be 1 or more", error.Message);
    }

    [Fact]
    public void ANetworkHasALayer()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new NetworkBuilder(2).Build<float>());
        Assert.Contains("at least one layer", error.Message);
    }

    [Fact]
    public void ANetworkTooLargeForMemoryIsRefusedWithItsLayer()
    {
        var builder = new NetworkBuilder(10).Add(100_000, Activation.Tanh).Add(50_000, Activation.Tanh);
        var error = Assert.Throws<ArgumentException>(() => builder.Build<float>());
        Assert.Contains("layer 2 of 2, 100000 inputs × 50000 units", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALayerHasAnActivationAndAKnownKindOfBias()
    {
        Assert.Throws<ArgumentNullException>(() => new NetworkBuilder(2).Add(3, null!));
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "Bias", () => new NetworkBuilder(2).Add(new LayerSpec(1, Activation.Tanh) { Bias = (BiasKind)9 }));
        Assert.StartsWith("Bias is 9, but must be PerUnit, Shared or Frozen", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AUniformRangeIsFiniteAndAbove0(double range)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("range", () => Initializer.Uniform(range));
        Assert.Contains("a finite number above 0", error.Message);
    }

    [Fact]
    public void ScalingsHaveAColumnForEachInputAndOutput()
    {
        var two = new ColumnScaling([0, 0], [1, 1]);
        var inputs = Assert.Throws<ArgumentException>(() => new NetworkBuilder(3).ScaleInputs(two));
        Assert.StartsWith("The scaling has 2 columns, but the network has 3 inputs.", inputs.Message);
        var outputs = Assert.Throws<ArgumentException>(
            () => new NetworkBuilder(3).Add(1, Activation.Linear).ScaleOutputs(two).Build<float>());
        Assert.StartsWith("The output scaling has 2 columns, but the network has 1 outputs.", outputs.Message);
    }

    [Fact]
    public void ANetworkHasTheShapeThatWasSaid()
    {
        Network<float> network = new NetworkBuilder(4)
            .Add(5, Activation.Tanh)
            .Add(new LayerSpec(3, Activation.ReLU) { Bias = BiasKind.Shared })
            .Add(2, Activation.Softmax)
            .Build<float>();
        Assert.Equal(4, network.Inputs);
        Assert.Equal(2, network.Outputs);
        Assert.Equal([4, 5, 3], network.Layers.Select(layer => layer.Inputs));
        Assert.Equal([5, 3, 2], network.Layers.Select(layer => layer.Outputs));
        Assert.Equal([Activation.Tanh, Activation.ReLU, Activation.Softmax], network.Layers.Select(layer => layer.Activation));

        // 4·5 + 5, 5·3 + 1 shared, 3·2 + 2
        Assert.Equal(25 + 16 + 8, network.ParameterCount);
    }

    [Fact]
    public void ABuilderMakesNetworksThatShareNothing()
    {
        NetworkBuilder builder = new NetworkBuilder(1).Add(1, Activation.Linear);
        Network<float> first = builder.Build<float>(seed: 1);
        Network<float> second = builder.Build<float>(seed: 1);
        Assert.Equal(first.ToBytes(), second.ToBytes());
        first.Layers[0].SetWeight(0, 0, 9);
        Assert.NotEqual(9, second.Layers[0].GetWeight(0, 0));
    }
}
