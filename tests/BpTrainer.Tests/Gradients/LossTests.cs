using BpTrainer.Losses;

namespace BpTrainer.Tests.Gradients;

/// <summary>The loss that training reports is the formula's, computed here from the predictions.</summary>
public class LossTests
{
    public static TheoryData<string, string> LegalPairs() => Pairs(legal: true);

    public static TheoryData<string, string> IllegalPairs() => Pairs(legal: false);

    [Theory]
    [MemberData(nameof(LegalPairs))]
    public void TheLossIsTheFormula(string loss, string output)
    {
        const int Rows = 5, Outputs = 3;
        Network<double> network = Networks.Random<double>(
            1, 4, new LayerSpec(6, Activation.Tanh), new LayerSpec(Outputs, Activation.Parse(output)));
        DataSet<double> data = Samples.Random<double>(2, Rows, inputs: 4, Outputs);
        IEnumerable<(double A, double Y)> pairs = network.Predict(data.Inputs.Span).Zip(data.Targets.ToArray());

        double expected = pairs.Sum(p => Formula(Losses.Named(loss), p.A, p.Y, Outputs)) / Rows;
        Close.Relative(expected, Gradient.LossOf(network, Losses.Named(loss), data), 1e-13);
    }

    [Theory]
    [MemberData(nameof(IllegalPairs))]
    public void ALossThatIsNotDefinedForTheOutputsIsRefused(string loss, string output)
    {
        Network<double> network = new NetworkBuilder(2).Add(3, Activation.Parse(output)).Build<double>();
        var error = Assert.Throws<ArgumentException>(
            () => new NetworkTrainer<double>(network, new TrainingOptions { Loss = Losses.Named(loss) }));
        Assert.Contains(Losses.Named(loss).Name, error.Message);
        Assert.Contains(output, error.Message);
        Assert.Contains(loss == "poisson" ? "use exponential" : "logistic or softmax", error.Message);
    }

    [Fact]
    public void CrossEntropiesRefuseAllActivationsButTwoAndPoissonAllButSix()
    {
        int all = Losses.Activations.Count;
        Assert.Equal((4 * (all - 2)) + (all - 6), IllegalPairs().Count);
    }

    private static double Formula(Loss loss, double a, double y, int outputs)
    {
        double smoothing = (loss as CrossEntropyLoss)?.LabelSmoothing ?? 0;
        double WeightedBinary(double smooth) =>
            (loss.ToString().Contains("weights") ? (0.5 * (1 - y)) + (3 * y) : 1) * -(
                (smooth * Math.Log(a)) + ((1 - smooth) * Math.Log(1 - a)));
        return loss.Name switch
        {
            "half-squared-error" => (y - a) * (y - a) / 2,
            "mean-squared-error" => (y - a) * (y - a) / outputs,
            "mean-absolute-error" => Math.Abs(y - a) / outputs,
            "huber" => Math.Abs(y - a) <= 0.3 ? (y - a) * (y - a) / 2 : 0.3 * (Math.Abs(y - a) - 0.15),
            "quantile" => (y > a ? 0.8 * (y - a) : 0.2 * (a - y)) / outputs,
            "poisson" => a - y + (y * Math.Log(y / a)),
            "binary-cross-entropy" => WeightedBinary((y * (1 - smoothing)) + (smoothing / 2)),
            "categorical-cross-entropy" => -((y * (1 - smoothing)) + (smoothing / outputs)) * Math.Log(a),
            _ => throw new ArgumentException($"No formula for {loss}.", nameof(loss)),
        };
    }

    private static TheoryData<string, string> Pairs(bool legal)
    {
        var pairs = new TheoryData<string, string>();
        foreach (Loss loss in Losses.All)
        {
            foreach (Activation output in Losses.Activations.Where(output => Losses.IsLegal(loss, output) == legal))
            {
                pairs.Add(loss.ToString(), output.ToString());
            }
        }

        return pairs;
    }
}
