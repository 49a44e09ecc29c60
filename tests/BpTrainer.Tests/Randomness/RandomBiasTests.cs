namespace BpTrainer.Tests.Randomness;

/// <summary>Random biases lie within 1 / √inputs and leave the weights of the initializer as they are.</summary>
public class RandomBiasTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(25)]
    public void TheyAreUniformWithinTheRange(int inputs)
    {
        Layer<double> layer = Build(inputs, 400, BiasKind.PerUnit, Initializer.Glorot.WithRandomBiases());
        double[] biases = [.. Enumerable.Range(0, 400).Select(o => layer.GetBias(o) * Math.Sqrt(inputs))];
        Assert.All(biases, bias => Assert.InRange(bias, -1, 1));
        Assert.InRange(biases.Average(), -0.1, 0.1);
        Assert.InRange(biases.Average(bias => bias * bias), 0.28, 0.39);
    }

    [Fact]
    public void TheWeightsAreThoseOfTheInitializer()
    {
        Layer<double> with = Build(3, 8, BiasKind.PerUnit, Initializer.He.WithRandomBiases());
        Layer<double> without = Build(3, 8, BiasKind.PerUnit, Initializer.He);
        Assert.All(
            Enumerable.Range(0, 24),
            k => Assert.Equal(without.GetWeight(k / 8, k % 8), with.GetWeight(k / 8, k % 8)));
    }

    [Theory]
    [InlineData(BiasKind.Shared)]
    [InlineData(BiasKind.Frozen)]
    public void ABiasThatIsNotTheUnitsOwnStays0(BiasKind bias)
    {
        Layer<double> layer = Build(3, 4, bias, Initializer.Glorot.WithRandomBiases());
        Assert.All(Enumerable.Range(0, 4), o => Assert.Equal(0, layer.GetBias(o)));
    }

    [Fact]
    public void TheSameAreEqual() => Assert.Equal(Initializer.He.WithRandomBiases(), Initializer.He.WithRandomBiases());

    private static Layer<double> Build(int inputs, int outputs, BiasKind bias, Initializer initializer) => new NetworkBuilder(inputs)
        .Add(new LayerSpec(outputs, Activation.Tanh) { Bias = bias, Initializer = initializer })
        .Build<double>(seed: 5).Layers[0];
}
