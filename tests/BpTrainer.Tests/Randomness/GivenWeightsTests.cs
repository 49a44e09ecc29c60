namespace BpTrainer.Tests.Randomness;

/// <summary>The user gives the initial weights.</summary>
public class GivenWeightsTests
{
    [Fact]
    public void WeightsAndBiasesAreThoseGivenAlsoWhenTheArraysChangeLater()
    {
        double[,] weights = { { 1, 2, 3 }, { 4, 5, 6 } };
        double[] biases = [7, 8, 9];
        Initializer initializer = Initializer.Given(weights, biases);
        weights[0, 0] = biases[0] = 99;
        Layer<float> layer = Build(initializer);
        Assert.Equal(
            [7, 1, 4, 8, 2, 5, 9, 3, 6],
            Enumerable.Range(0, 3).SelectMany(o => new[] { layer.GetBias(o), layer.GetWeight(0, o), layer.GetWeight(1, o) }));
    }

    [Fact]
    public void EqualNumbersMakeEqualInitializers()
    {
        Assert.Equal(Initializer.Given(new double[,] { { 1, 2 } }, [3, 4]), Initializer.Given(new double[,] { { 1, 2 } }, [3, 4]));
        Assert.NotEqual(Initializer.Given(new double[,] { { 1, 2 } }), Initializer.Given(new double[,] { { 1 }, { 2 } }));
        Assert.NotEqual(Initializer.Given(new double[,] { { 1, 2 } }, [3, 4]), Initializer.Given(new double[,] { { 1, 2 } }));
        Assert.All(Enumerable.Range(0, 3), o => Assert.Equal(0f, Build(Initializer.Given(new double[2, 3])).GetBias(o)));
    }

    [Fact]
    public void AnotherShapeIsRefusedWithBothShapes()
    {
        var weights = Assert.Throws<ArgumentException>(() => Build(Initializer.Given(new double[3, 2])));
        Assert.StartsWith("Layer 1 of 1: The initial weights are 3 × 2, but the layer has 2 inputs × 3 outputs.", weights.Message);
        var biases = Assert.Throws<ArgumentException>(() => Build(Initializer.Given(new double[2, 3], [1, 2])));
        Assert.StartsWith("Layer 1 of 1: There are 2 initial biases, but the layer has 3 outputs.", biases.Message);
    }

    [Fact]
    public void DifferentBiasesCannotBeShared()
    {
        Initializer same = Initializer.Given(new double[2, 3], [4, 4, 4]);
        Assert.Equal(4, Build(same, BiasKind.Shared).GetBias(2));
        Initializer different = Initializer.Given(new double[2, 3], [4, 4, 5]);
        Assert.Contains("share one bias", Assert.Throws<ArgumentException>(() => Build(different, BiasKind.Shared)).Message);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void NumbersAreFinite(double number)
    {
        var weight = Assert.Throws<ArgumentException>(() => Initializer.Given(new[,] { { 0, number } }));
        Assert.Contains("from input 0 to output 1", weight.Message);
        Assert.Contains(
            "output 1", Assert.Throws<ArgumentException>("biases", () => Initializer.Given(new double[1, 2], [0, number])).Message);
        Assert.Throws<ArgumentNullException>("weights", () => Initializer.Given(null!));
    }

    public static TheoryData<Initializer> BeyondFloat =>
    [
        Initializer.Uniform(1e300),
        Initializer.Given(new double[2, 3], [0, 0, 1e39]),
        Initializer.Given(new[,] { { 0, 0, 1e39 }, { 0, 0, 0 } }),
    ];

    [Theory]
    [MemberData(nameof(BeyondFloat))]
    public void NumbersBeyondTheRangeOfFloatAreRefused(Initializer initializer)
    {
        var error = Assert.Throws<ArgumentException>(() => Build(initializer));
        Assert.StartsWith($"Layer 1 of 1, tanh with the initializer {initializer}, ", error.Message, StringComparison.Ordinal);
        Assert.Contains("range of Single", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void ADeviationIsFiniteAndAbove0(double sigma) =>
        Assert.Throws<ArgumentOutOfRangeException>("sigma", () => Initializer.Gaussian(sigma));

    private static Layer<float> Build(Initializer initializer, BiasKind bias = BiasKind.PerUnit) => new NetworkBuilder(2)
        .Add(new LayerSpec(3, Activation.Tanh) { Initializer = initializer, Bias = bias })
        .Build<float>().Layers[0];
}
