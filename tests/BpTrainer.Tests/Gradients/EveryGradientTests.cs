namespace BpTrainer.Tests.Gradients;

/// <summary>
/// Back-propagation gives the slope of the error for every hidden activation under every output and loss that go together.
/// </summary>
public class EveryGradientTests
{
    private static readonly DataSet<double> s_data = Samples.Random<double>(seed: 22, rows: 5, inputs: 2, targets: 2);
    private static readonly Regularization s_penalties = new() { L1 = 0.03, L2 = 0.4 };

    public static TheoryData<string, BiasKind> Hidden()
    {
        var data = new TheoryData<string, BiasKind>();
        foreach (Activation activation in Activations.ThatLearn)
        {
            foreach (BiasKind bias in Enum.GetValues<BiasKind>())
            {
                data.Add(activation.ToString(), bias);
            }
        }

        return data;
    }

    private static (Activation Output, Loss Loss)[] Outputs { get; } =
        [.. Losses.All.SelectMany(
            loss => Activations.ThatLearn.Where(output => Losses.IsLegal(loss, output)).Select(output => (output, loss)))];

    [Theory]
    [MemberData(nameof(Hidden))]
    public void ItIsRightUnderEveryOutputAndLoss(string hidden, BiasKind bias) =>
        AssertAll(hidden, bias, new TrainingOptions());

    [Theory]
    [MemberData(nameof(Hidden))]
    public void SoItIsWithPenalties(string hidden, BiasKind bias) =>
        AssertAll(hidden, bias, new TrainingOptions { Regularization = s_penalties });

    private static void AssertAll(string hidden, BiasKind bias, TrainingOptions options) => Assert.All(Outputs, pair =>
    {
        Network<double> network = Networks.Random<double>(
            seed: 23,
            inputs: 2,
            new LayerSpec(3, Activation.Parse(hidden)) { Bias = bias },
            new LayerSpec(2, pair.Output) { Bias = bias });
        Gradient.AssertRight(network, pair.Loss, s_data, options);
    });
}
