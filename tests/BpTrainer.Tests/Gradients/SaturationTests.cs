using System.Numerics;

namespace BpTrainer.Tests.Gradients;

/// <summary>Losses and error terms where net inputs are in the thousands, so that outputs round to the limits of their range.</summary>
public class SaturationTests
{
    public static TheoryData<string, string, double[], double[], double, double[]> MatchedPairs => new()
    {
        // With z = ±1000 and the wrong target the loss is |z|, the error term ±1; with the right one both are 0.
        { "binary-cross-entropy", "logistic", [1000, -1000], [0, 1], 2000, [1, -1] },
        { "binary-cross-entropy", "logistic", [5000, -5000], [1, 0], 0, [0, 0] },
        { "binary-cross-entropy", "logistic", [-3000, 0], [0.25, 0.5], 750 + 0.6931471805599453, [-0.25, 0] },
        { "categorical-cross-entropy", "softmax", [1000, -1000, 0], [0, 1, 0], 2000, [1, -1, 0] },
        { "categorical-cross-entropy", "softmax", [-4000, 5000, 0], [0, 1, 0], 0, [0, 0, 0] },
        { "categorical-cross-entropy", "softmax", [-1000, -1000, -3000], [0.5, 0, 0.5], 1000 + 0.6931471805599453, [0, 0.5, -0.5] },

        // Smoothed by 0.1: 0.05 of each binary target lies on the wrong side, 0.1/3 of each class. Weights 0.5 and 3.
        {
            "binary-cross-entropy(smoothing=0.1, weights=0.5:3)", "logistic", [1000, -1000], [0, 1], (0.5 * 950) + (3 * 950), [0.475, -2.85]
        },
        { "binary-cross-entropy(smoothing=0.1, weights=0.5:3)", "logistic", [1000, -1000], [1, 0], (3 * 50) + (0.5 * 50), [0.15, -0.025] },
        { "categorical-cross-entropy(smoothing=0.1)", "softmax", [3000, 0, 0], [1, 0, 0], 200, [0.2 / 3, -0.1 / 3, -0.1 / 3] },

        // The rate e^(−1000) is 0: L = −y + y (ln y + 1000). At z = 0 the rate is 1.
        { "poisson", "exponential", [-1000, 0], [3, 0], 3000 - 3 + (3 * 1.0986122886681098) + 1, [-3, 1] },
    };

    [Theory]
    [MemberData(nameof(MatchedPairs))]
    public void MatchedPairsAreRightInDouble(string loss, string output, double[] z, double[] y, double expected, double[] delta) =>
        AssertRight<double>(Losses.Named(loss), output, z, y, expected, delta, 1e-12);

    [Theory]
    [MemberData(nameof(MatchedPairs))]
    public void MatchedPairsAreRightInFloat(string loss, string output, double[] z, double[] y, double expected, double[] delta) =>
        AssertRight<float>(Losses.Named(loss), output, z, y, expected, delta, 3e-7);

    [Theory]
    [InlineData("binary-cross-entropy", "softmax")]
    [InlineData("categorical-cross-entropy", "logistic")]
    [InlineData("poisson", "logistic")]
    [InlineData("poisson", "softmax")]
    public void OtherPairsStayFiniteAndNotice(string loss, string output)
    {
        AssertFinite<float>(loss, output, atLeast: 10);
        AssertFinite<double>(loss, output, atLeast: 30);
    }

    [Fact]
    public void ARateThatIsNotFiniteEndsTheTrainingAndNotTheNetwork()
    {
        Network<float> network = Saturated<float>("exponential", [100]);
        Assert.Throws<NotFiniteNumberException>(() => network.Train(
            new TrainingOptions { Loss = Loss.Poisson, Epochs = 3 }, new DataSet<float>(new float[] { 1 }, 1, new float[] { 2 }, 1)));
        Assert.Equal(0, network.Layers[0].GetWeight(0, 0));
    }

    private static void AssertRight<T>(Loss loss, string output, double[] z, double[] y, double expected, double[] delta, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = Saturated<T>(output, z);
        DataSet<T> data = OneSample<T>(y);
        Close.Relative(expected, Gradient.LossOf(network, loss, data), tolerance, "loss", floor: 1);
        foreach ((double e, double a) in delta.Zip(Gradient.Computed(network, loss, data)))
        {
            Close.Relative(e, a, tolerance, "error term", floor: 1);
        }
    }

    private static void AssertFinite<T>(string loss, string output, double atLeast) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = Saturated<T>(output, [1000, -1000]);
        DataSet<T> data = OneSample<T>([0, 1]);
        double value = Gradient.LossOf(network, Losses.Named(loss), data);
        Assert.True(double.IsFinite(value) && value > atLeast, $"The loss is {value}.");
        Assert.All(Gradient.Computed(network, Losses.Named(loss), data), slope => Assert.True(double.IsFinite(slope)));
    }

    /// <summary>One layer whose net inputs are its frozen biases; with the input 1 and weights 0, gradients are error terms.</summary>
    private static Network<T> Saturated<T>(string output, double[] z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var layer = new LayerSpec(z.Length, Activation.Parse(output)) { Bias = BiasKind.Frozen, Initializer = Initializer.Zero };
        Network<T> network = new NetworkBuilder(1).Add(layer).Build<T>();
        for (int c = 0; c < z.Length; c++)
        {
            network.Layers[0].SetBias(c, T.CreateChecked(z[c]));
        }

        return network;
    }

    private static DataSet<T> OneSample<T>(double[] y) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(new[] { T.One }, 1, y.Select(T.CreateChecked).ToArray(), y.Length);
}
