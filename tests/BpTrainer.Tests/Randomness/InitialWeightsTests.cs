namespace BpTrainer.Tests.Randomness;

/// <summary>
/// Initial weights are uniform in [−r, r], so that their variance is r²/3, or normal; biases are 0.
/// </summary>
public class InitialWeightsTests
{
    private const int Inputs = 150, Outputs = 100;

    private static readonly double s_glorot = Math.Sqrt(6.0 / (Inputs + Outputs));
    private static readonly double s_he = Math.Sqrt(6.0 / Inputs);

    [Fact]
    public void GlorotCountsInputsAndOutputs() => AssertUniform(s_glorot, Draw(Activation.ReLU, Initializer.Glorot));

    [Fact]
    public void HeCountsInputs() => AssertUniform(s_he, Draw(Activation.Tanh, Initializer.He));

    [Fact]
    public void UniformHasTheRangeGiven() => AssertUniform(0.3, Draw(Activation.Tanh, Initializer.Uniform(0.3)));

    [Fact]
    public void LeCunCountsInputsOnce() => AssertUniform(Math.Sqrt(3.0 / Inputs), Draw(Activation.Tanh, Initializer.LeCun));

    [Fact]
    public void GlorotNormalHasTheVarianceOfGlorot() =>
        AssertNormal(Math.Sqrt(2.0 / (Inputs + Outputs)), Draw(Activation.Tanh, Initializer.GlorotNormal));

    [Fact]
    public void HeNormalHasTheVarianceOfHe() => AssertNormal(Math.Sqrt(2.0 / Inputs), Draw(Activation.Tanh, Initializer.HeNormal));

    [Fact]
    public void LeCunNormalHasTheVarianceOfLeCun() =>
        AssertNormal(Math.Sqrt(1.0 / Inputs), Draw(Activation.Tanh, Initializer.LeCunNormal));

    [Fact]
    public void GaussianHasTheDeviationGiven() => AssertNormal(0.05, Draw(Activation.Tanh, Initializer.Gaussian(0.05)));

    [Fact]
    public void ZeroIsZero() => Assert.All(Draw(Activation.Tanh, Initializer.Zero), weight => Assert.Equal(0.0, weight));

    [Theory]
    [InlineData("relu", true)]
    [InlineData("leaky-relu", true)]
    [InlineData("prelu", true)]
    [InlineData("elu", true)]
    [InlineData("gelu", true)]
    [InlineData("silu", true)]
    [InlineData("mish", true)]
    [InlineData("linear", false)]
    [InlineData("logistic", false)]
    [InlineData("tanh", false)]
    [InlineData("softplus", false)]
    [InlineData("softmax", false)]
    public void HeIsTheDefaultBeforeReLUAndItsRelativesAndGlorotBeforeTheOthers(string activation, bool isHe) =>
        AssertUniform(isHe ? s_he : s_glorot, Draw(Activation.Parse(activation), null));

    [Fact]
    public void LeCunIsTheDefaultBeforeSELU() => AssertNormal(Math.Sqrt(1.0 / Inputs), Draw(Activation.Selu, null));

    [Fact]
    public void LayersHaveWeightsOfTheirOwn()
    {
        Network<double> network = new NetworkBuilder(5).Add(5, Activation.Tanh).Add(5, Activation.Tanh).Build<double>();
        Assert.NotEqual(network.Layers[0].GetWeight(0, 0), network.Layers[1].GetWeight(0, 0));
    }

    [Fact]
    public void FloatWeightsAreTheDoubleOnesRounded()
    {
        NetworkBuilder builder = new NetworkBuilder(3).Add(4, Activation.Tanh).Add(2, Activation.Linear);
        Network<float> single = builder.Build<float>(seed: 8);
        Network<double> exact = builder.Build<double>(seed: 8);
        Assert.All(Parameter.All(exact), p => Assert.Equal((float)p.Get(exact), (float)p.Get(single)));
    }

    private static double[] Draw(Activation activation, Initializer? initializer)
    {
        Network<double> network = new NetworkBuilder(Inputs)
            .Add(new LayerSpec(Outputs, activation) { Initializer = initializer })
            .Build<double>(seed: 12);
        Assert.All(Enumerable.Range(0, Outputs), o => Assert.Equal(0.0, network.Layers[0].GetBias(o)));
        return [.. Parameter.All(network).Where(p => p.Input >= 0).Select(p => p.Get(network))];
    }

    private static void AssertNormal(double deviation, double[] weights)
    {
        // Of 15000 draws the mean has a standard error of 0.0082 σ, the variance one of 1.2 %, and the shares of the draws
        // within σ and 2σ one of 0.4 % and 0.2 %.
        Close.Absolute(0, weights.Average(), 0.035 * deviation, "mean");
        Close.Relative(deviation * deviation, weights.Average(w => w * w), 0.05, "variance");
        Close.Absolute(0.6827, weights.Count(w => Math.Abs(w) < deviation) / (double)weights.Length, 0.015, "share within σ");
        Close.Absolute(0.9545, weights.Count(w => Math.Abs(w) < 2 * deviation) / (double)weights.Length, 0.007, "share within 2σ");
    }

    private static void AssertUniform(double range, double[] weights)
    {
        Assert.Equal(Inputs * Outputs, weights.Length);
        Assert.All(weights, w => Assert.InRange(w, -range, range));
        Assert.InRange(weights.Max(), 0.99 * range, range);
        Assert.InRange(weights.Min(), -range, -0.99 * range);

        // Of 15000 draws the mean has a standard error of 0.0047 r, the variance one of 0.7 %.
        Close.Absolute(0, weights.Average(), 0.02 * range, "mean");
        Close.Relative(range * range / 3, weights.Average(w => w * w), 0.03, "variance");
    }
}
