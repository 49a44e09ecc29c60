namespace BpTrainer.Tests.Gradients;

/// <summary>Several quantiles of one target: the loss is the mean of theirs, and the outputs rise.</summary>
public class QuantilesTests
{
    private static readonly double[] s_taus = [0.1, 0.5, 0.8];

    [Theory]
    [InlineData("cumulative-softplus")]
    [InlineData("linear")]
    [InlineData("softplus")]
    public void BackPropagationGivesTheSlopeOfTheError(string output)
    {
        Network<double> network = Networks.Random<double>(
            23, 2, new LayerSpec(4, Activation.Tanh), new LayerSpec(3, Activation.Parse(output)));
        DataSet<double> data = Samples.Random<double>(seed: 22, rows: 5, inputs: 2, targets: 3);
        Gradient.AssertRight(network, Loss.Quantiles(s_taus), data, new TrainingOptions());
    }

    [Fact]
    public void TheLossIsTheMeanOfTheQuantileLosses()
    {
        Network<double> network = Networks.Random<double>(1, 4, new LayerSpec(3, Activation.CumulativeSoftplus));
        DataSet<double> data = Samples.Random<double>(2, rows: 5, inputs: 4, targets: 3);
        double[] outputs = network.Predict(data.Inputs.Span);
        double[] targets = data.Targets.ToArray();
        double expected = outputs.Select(
            (a, i) => Math.Max(s_taus[i % 3] * (targets[i] - a), (s_taus[i % 3] - 1) * (targets[i] - a))).Sum() / 15;
        Close.Relative(expected, Gradient.LossOf(network, Loss.Quantiles(s_taus), data), 1e-13);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(-3, 2, -1)]
    [InlineData(5, -80, 80)]
    [InlineData(1e5, 1e5, -1e5)]
    public void OutputsAreSumsOfSoftplusAndNeverFall(double first, double second, double third)
    {
        Network<float> network = new NetworkBuilder(1).Add(3, Activation.CumulativeSoftplus).Build<float>();
        float[] biases = [(float)first, (float)second, (float)third];
        for (int i = 0; i < 3; i++)
        {
            network.Layers[0].SetBias(i, biases[i]);
        }

        float[] outputs = network.Predict([0f]);
        double second2 = first + ActivationFormulas.Of("softplus", second).Value;
        double[] expected = [first, second2, second2 + ActivationFormulas.Of("softplus", third).Value];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(expected[i], outputs[i], 1e-6 * Math.Max(1, Math.Abs(expected[i])));
        }

        Assert.True(outputs[0] <= outputs[1] && outputs[1] <= outputs[2]);
    }

    [Fact]
    public void ItIsAValueAndNeedsAnOutputAQuantile()
    {
        Assert.Equal(Loss.Quantiles(0.1, 0.9), Loss.Quantiles(0.1, 0.9));
        Assert.Equal(Loss.Quantiles(0.1, 0.9).GetHashCode(), Loss.Quantiles(0.1, 0.9).GetHashCode());
        Assert.NotEqual(Loss.Quantiles(0.1, 0.9), Loss.Quantiles(0.1, 0.8));
        Assert.Equal("quantiles(0.1;0.9)", Loss.Quantiles(0.1, 0.9).ToString());
        Network<float> network = new NetworkBuilder(1).Add(3, Activation.Linear).Build<float>();
        var error = Assert.Throws<ArgumentException>(
            () => new NetworkTrainer<float>(network, new TrainingOptions { Loss = Loss.Quantiles(0.1, 0.9) }));
        Assert.Contains("2 quantiles, but the network has 3 outputs", error.Message);
        Assert.Throws<ArgumentException>(() => Loss.Quantiles());
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.Quantiles(0.5, 1));
    }
}
