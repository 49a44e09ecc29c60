namespace BpTrainer.Tests.Gradients;

/// <summary>The loss that training reports is the formula's, computed here from the predictions.</summary>
public class LossTests
{
    public static TheoryData<string, string> LegalPairs() => Pairs(legal: true);

    public static TheoryData<string, string> IllegalPairs() => Pairs(legal: false);

    [Theory]
    [MemberData(nameof(LegalPairs))]
    public void The_loss_is_the_formula(string loss, string output)
    {
        const int Rows = 5, Outputs = 3;
        Network<double> network = Networks.Random<double>(1, 4, new LayerSpec(6, Activation.Tanh), new LayerSpec(Outputs, Activation.Parse(output)));
        DataSet<double> data = Samples.Random<double>(2, Rows, inputs: 4, Outputs);
        IEnumerable<(double A, double Y)> pairs = network.Predict(data.Inputs.Span).Zip(data.Targets.ToArray());

        double expected = pairs.Sum(p => Formula(loss, p.A, p.Y, Outputs)) / Rows;
        Close.Relative(expected, Gradient.LossOf(network, Losses.Named(loss), data), 1e-13);
    }

    [Theory]
    [MemberData(nameof(IllegalPairs))]
    public void A_loss_that_is_not_defined_for_the_outputs_is_refused(string loss, string output)
    {
        Network<double> network = new NetworkBuilder(2).Add(3, Activation.Parse(output)).Build<double>();
        var error = Assert.Throws<ArgumentException>(
            () => new NetworkTrainer<double>(network, new TrainingOptions { Loss = Losses.Named(loss) }));
        Assert.Contains(loss, error.Message);
        Assert.Contains(output, error.Message);
        Assert.Contains("logistic or softmax", error.Message);
    }

    [Fact]
    public void Cross_entropies_refuse_all_activations_but_two() => Assert.Equal(2 * (Losses.Activations.Count - 2), IllegalPairs().Count);

    [Theory]
    [InlineData("binary-cross-entropy", "logistic")]
    [InlineData("binary-cross-entropy", "softmax")]
    [InlineData("categorical-cross-entropy", "softmax")]
    [InlineData("categorical-cross-entropy", "logistic")]
    public void A_cross_entropy_stays_finite_when_outputs_are_wrong_and_round_to_0_or_1(string loss, string output)
    {
        // Net inputs ±1000: the outputs are 0 and 1 to the last bit, the targets the reverse.
        Network<double> network = Networks.Of(
            BiasKind.PerNeuron, new GivenLayer(Activation.Parse(output), new[,] { { 1000.0, -1000.0 } }, [0, 0]));
        DataSet<double> data = Samples.One([1], [0, 1]);
        double value = Gradient.LossOf(network, Losses.Named(loss), data);
        Assert.True(double.IsFinite(value) && value > 30, $"The loss is {value}.");
        Assert.All(Gradient.Computed(network, Losses.Named(loss), data), slope => Assert.True(double.IsFinite(slope)));
    }

    private static double Formula(string loss, double a, double y, int outputs) => loss switch
    {
        "half-squared-error" => (y - a) * (y - a) / 2,
        "mean-squared-error" => (y - a) * (y - a) / outputs,
        "binary-cross-entropy" => -(y * Math.Log(a)) - ((1 - y) * Math.Log(1 - a)),
        "categorical-cross-entropy" => -y * Math.Log(a),
        _ => throw new ArgumentException($"No formula for {loss}.", nameof(loss)),
    };

    private static TheoryData<string, string> Pairs(bool legal)
    {
        var pairs = new TheoryData<string, string>();
        foreach (Loss loss in Losses.All)
        {
            foreach (Activation output in Losses.Activations.Where(output => Losses.IsLegal(loss, output) == legal))
            {
                pairs.Add(loss.Name, output.ToString());
            }
        }

        return pairs;
    }
}
