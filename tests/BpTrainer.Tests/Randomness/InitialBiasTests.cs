namespace BpTrainer.Tests.Randomness;

/// <summary>Initial biases are zero, uniform, normal or given, for biases of every kind, and leave the weights as they are.</summary>
public class InitialBiasTests
{
    private const int Inputs = 3;
    private const int Units = 4;

    public static TheoryData<Initializer> Choices =>
    [
        Initializer.He.WithZeroBiases(),
        Initializer.He.WithUniformBiases(),
        Initializer.He.WithUniformBiases(0.2),
        Initializer.He.WithNormalBiases(0.2),
        Initializer.He.WithBiases(0.35),
        Initializer.He.WithBiases(1, 2, 3, 4),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(25)]
    public void UniformOnesLieWithin1OverTheRootOfTheInputs(int inputs) =>
        AssertUniform(Biases(Initializer.Glorot.WithUniformBiases(), inputs), range: 1 / Math.Sqrt(inputs));

    [Fact]
    public void OrWithinARange() => AssertUniform(Biases(Initializer.Glorot.WithUniformBiases(3), inputs: 5), range: 3);

    [Fact]
    public void NormalOnesHaveTheStandardDeviation()
    {
        double[] biases = Biases(Initializer.Glorot.WithNormalBiases(2), inputs: 5);
        Assert.InRange(biases.Average(), -0.3, 0.3);
        Assert.InRange(Math.Sqrt(biases.Average(bias => bias * bias)), 1.8, 2.2);
        Assert.Contains(biases, bias => Math.Abs(bias) > 4);
    }

    [Theory]
    [InlineData(BiasKind.PerUnit)]
    [InlineData(BiasKind.Frozen)]
    public void GivenOnesAreThoseOfTheUnits(BiasKind kind)
    {
        Assert.Equal([1, 2, 3, 4], Build(kind, Initializer.He.WithBiases(1, 2, 3, 4)).Biases.ToArray());
        Assert.Equal([0.35, 0.35, 0.35, 0.35], Build(kind, Initializer.He.WithBiases(0.35)).Biases.ToArray());
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void TheWeightsAreThoseOfTheInitializer(Initializer initializer)
    {
        double[] with = new double[Inputs * Units], without = new double[Inputs * Units];
        Build(BiasKind.PerUnit, initializer).CopyWeightsTo(with);
        Build(BiasKind.PerUnit, Initializer.He).CopyWeightsTo(without);
        Assert.Equal(without, with);
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void FrozenBiasesAreThoseThatTrainedOnesStartFrom(Initializer initializer) => Assert.Equal(
        Build(BiasKind.PerUnit, initializer).Biases.ToArray(), Build(BiasKind.Frozen, initializer).Biases.ToArray());

    [Fact]
    public void ASharedBiasIsDrawnOnce()
    {
        foreach (Initializer initializer in new[]
        {
            Initializer.He.WithUniformBiases(), Initializer.He.WithNormalBiases(1), Initializer.NguyenWidrow,
        })
        {
            double first = Build(BiasKind.PerUnit, initializer).GetBias(0);
            Assert.NotEqual(0, first);
            Assert.Equal([first, first, first, first], Build(BiasKind.Shared, initializer).Biases.ToArray());
        }
    }

    [Fact]
    public void ThoseChosenLastCount()
    {
        Assert.Equal(Initializer.He.WithNormalBiases(1), Initializer.He.WithUniformBiases().WithBiases(1, 2).WithNormalBiases(1));
        var given = Initializer.Given(new double[Inputs, Units], [1, 2, 3, 4]);
        Assert.Equal([0, 0, 0, 0], Build(BiasKind.PerUnit, given.WithZeroBiases()).Biases.ToArray());
        Assert.Equal([0, 0, 0, 0], Build(BiasKind.PerUnit, Initializer.NguyenWidrow.WithZeroBiases()).Biases.ToArray());
    }

    [Fact]
    public void WhatDoesNotSuitTheLayerIsRefused()
    {
        Initializer three = Initializer.He.WithBiases(1, 2, 3);
        Assert.Contains("3 initial biases, but the layer has 4", Message(() => Build(BiasKind.PerUnit, three)));
        Assert.Contains("share one bias", Message(() => Build(BiasKind.Shared, Initializer.He.WithBiases(1, 2, 3, 4))));
        Assert.Contains("biases is empty", Message(() => Initializer.He.WithBiases()));
        Assert.Contains("bias of output 1 is NaN", Message(() => Initializer.He.WithBiases(0, double.NaN)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void FiguresOutOfTheirRangeAreRefused(double figure)
    {
        Assert.Contains("range is", Message(() => Initializer.He.WithUniformBiases(figure)));
        Assert.Contains("sigma is", Message(() => Initializer.He.WithNormalBiases(figure)));
    }

    [Fact]
    public void TheSameAreEqual()
    {
        Assert.Equal(Initializer.He.WithUniformBiases(), Initializer.He.WithUniformBiases());
        Assert.Equal(Initializer.He.WithBiases(1, 2), Initializer.He.WithBiases(1, 2));
        Assert.NotEqual(Initializer.He.WithUniformBiases(), Initializer.He.WithUniformBiases(1));
    }

    private static string Message(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;

    private static void AssertUniform(double[] biases, double range)
    {
        double[] shares = [.. biases.Select(bias => bias / range)];
        Assert.All(shares, share => Assert.InRange(share, -1, 1));
        Assert.InRange(shares.Average(), -0.1, 0.1);
        Assert.InRange(shares.Average(share => share * share), 0.28, 0.39);
    }

    private static double[] Biases(Initializer initializer, int inputs) =>
        Build(BiasKind.PerUnit, initializer, inputs, units: 400).Biases.ToArray();

    private static Layer<double> Build(BiasKind bias, Initializer initializer, int inputs = Inputs, int units = Units) =>
        new NetworkBuilder(inputs)
            .Add(new LayerSpec(units, Activation.Tanh) { Bias = bias, Initializer = initializer })
            .Build<double>(seed: 5).Layers[0];
}
