namespace BpTrainer.Tests.Randomness;

/// <summary>Nguyen and Widrow: the weights of each unit have the length 0.7·outputs^(1/inputs), biases lie within it.</summary>
public class NguyenWidrowTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(3, 40)]
    [InlineData(20, 5)]
    public void LengthsAndBiasesAreThoseOfThePaper(int inputs, int outputs)
    {
        Layer<double> layer = Build(inputs, outputs, BiasKind.PerUnit);
        double length = 0.7 * Math.Pow(outputs, 1.0 / inputs);
        double[] biases = [.. Enumerable.Range(0, outputs).Select(layer.GetBias)];
        for (int o = 0; o < outputs; o++)
        {
            double squares = Enumerable.Range(0, inputs).Sum(i => layer.GetWeight(i, o) * layer.GetWeight(i, o));
            Close.Relative(length, Math.Sqrt(squares), 1e-12, $"length of unit {o}");
            Assert.InRange(biases[o], -length, length);
        }

        Assert.InRange(biases.Max() - biases.Min(), 0.5 * length, 2 * length);
        Assert.NotEqual(layer.GetWeight(0, 0), layer.GetWeight(0, 1));
    }

    [Fact]
    public void FrozenBiasesAreDrawnLikeOthers() => Assert.Equal(
        Build(3, 4, BiasKind.PerUnit).Biases.ToArray(), Build(3, 4, BiasKind.Frozen).Biases.ToArray());

    private static Layer<double> Build(int inputs, int outputs, BiasKind bias) => new NetworkBuilder(inputs)
        .Add(new LayerSpec(outputs, Activation.Tanh) { Bias = bias, Initializer = Initializer.NguyenWidrow })
        .Build<double>(seed: 5).Layers[0];
}
