namespace BpTrainer.Tests.Modes;

/// <summary>What lies between the parameters of a network is 0 and stays 0, since products run over it.</summary>
public class PaddingTests
{
    private static readonly (string Loss, string Activation, int Units)[] s_outputs =
    [
        ("half-squared-error", "linear", 1),
        ("half-squared-error", "tanh", 7),
        ("binary-cross-entropy", "logistic", 8),
        ("binary-cross-entropy", "softmax", 9),
        ("categorical-cross-entropy", "softmax", 3),
        ("categorical-cross-entropy", "softmax", 17),
    ];

    public static TheoryData<string, string, int, BiasKind, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string, int, BiasKind, string>();
            foreach ((string loss, string activation, int units) in s_outputs)
            {
                foreach (BiasKind bias in Enum.GetValues<BiasKind>())
                {
                    foreach (Activation hidden in Losses.Activations)
                    {
                        data.Add(loss, activation, units, bias, hidden.ToString());
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void PaddingStaysZeroInTraining(string loss, string output, int outputs, BiasKind bias, string hiddenName)
    {
        Activation hidden = Activation.Parse(hiddenName);
        Network<float> network = Networks.Random<float>(
            1,
            inputs: 5,
            new LayerSpec(3, hidden) { Bias = bias },
            new LayerSpec(11, hidden) { Bias = bias },
            new LayerSpec(outputs, Activation.Parse(output)) { Bias = bias });
        AssertPaddingIsZero(network);
        network.Train(
            new TrainingOptions { Loss = Losses.Named(loss), Epochs = 3, BatchSize = 4 },
            Samples.Random<float>(2, rows: 13, inputs: 5, outputs));
        AssertPaddingIsZero(network);
    }

    /// <summary>When every parameter that can be reached is 0, so is the whole block.</summary>
    private static void AssertPaddingIsZero(Network<float> network)
    {
        Network<float> cleared = network.Clone();
        foreach (Parameter parameter in Parameter.All(cleared))
        {
            parameter.Set(cleared, 0);
        }

        Assert.Equal(-1, cleared.Parameters.Span.IndexOfAnyExcept(0f));
    }
}
