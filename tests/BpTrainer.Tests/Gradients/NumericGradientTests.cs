using BpTrainer.Training;

namespace BpTrainer.Tests.Gradients;

/// <summary>
/// Back-propagation gives the slope of the loss through layers of every shape; <see cref="EveryGradientTests"/> has every activation under
/// every loss.
/// </summary>
public class NumericGradientTests
{
    /// <summary>
    /// Every loss behind every output it is defined for, under tanh, and every hidden activation under every loss, with the
    /// first such output; each with every kind of bias.
    /// </summary>
    public static TheoryData<string, string, string, BiasKind> AllPairs()
    {
        var pairs = new HashSet<(Activation Hidden, Activation Output, Loss Loss)>();
        foreach (Loss loss in Losses.All)
        {
            Activation[] outputs = [.. Losses.Activations.Where(output => Losses.IsLegal(loss, output))];
            pairs.UnionWith(outputs.Select(output => (Activation.Tanh, output, loss)));
            pairs.UnionWith(Losses.Activations.Select(hidden => (hidden, outputs[0], loss)));
        }

        var data = new TheoryData<string, string, string, BiasKind>();
        foreach ((Activation hidden, Activation output, Loss loss) in pairs)
        {
            foreach (BiasKind bias in Enum.GetValues<BiasKind>())
            {
                data.Add(hidden.ToString(), output.ToString(), loss.ToString(), bias);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(AllPairs))]
    public void TheGradientIsTheSlopeOfTheLossBehindWideLayersAndWithWeightedRows(string hidden, string output, string loss, BiasKind bias)
    {
        Network<double> network = Networks.Random<double>(
            seed: 7,
            inputs: 2,
            new LayerSpec(9, Activation.Parse(hidden)) { Bias = bias },
            new LayerSpec(8, Activation.Parse(output)) { Bias = bias });
        Gradient.AssertRight(network, Losses.Named(loss), Samples.Random<double>(seed: 8, rows: 5, inputs: 2, targets: 8, weighted: true));
    }

    [Theory]
    [InlineData("softmax", BiasKind.PerUnit)]
    [InlineData("softmax", BiasKind.Shared)]
    [InlineData("softmax", BiasKind.Frozen)]
    [InlineData("logistic", BiasKind.PerUnit)]
    public void SoItIsWithWeightedClasses(string output, BiasKind bias)
    {
        Network<double> network = Networks.Random<double>(
            seed: 9,
            inputs: 4,
            new LayerSpec(5, Activation.Tanh) { Bias = bias },
            new LayerSpec(3, Activation.Parse(output)) { Bias = bias });
        Loss loss = Loss.CategoricalCrossEntropy(0.2, [2, 0, 0.5]);
        Gradient.AssertRight(network, loss, Samples.RandomShares(seed: 10, rows: 6, inputs: 4, targets: 3));
    }

    [Fact]
    public void SoItIsThroughSeveralLayersOfDifferentKinds()
    {
        Network<double> network = Networks.Random<double>(
            seed: 11,
            inputs: 3,
            new LayerSpec(9, Activation.Tanh),
            new LayerSpec(4, Activation.Logistic) { Bias = BiasKind.Shared },
            new LayerSpec(17, Activation.ReLU),
            new LayerSpec(5, Activation.Linear) { Bias = BiasKind.Frozen },
            new LayerSpec(2, Activation.Softmax));
        Gradient.AssertRight(network, Loss.CategoricalCrossEntropy(), Samples.Random<double>(seed: 12, rows: 9, inputs: 3, targets: 2));
    }

    [Fact]
    public void SoItIsThroughLayersThatKeepSomethingForTheBackwardPass()
    {
        Network<double> network = Networks.Random<double>(
            seed: 13,
            inputs: 3,
            new LayerSpec(9, Activation.Gelu),
            new LayerSpec(4, Activation.PReLU()) { Bias = BiasKind.Shared },
            new LayerSpec(17, Activation.Mish),
            new LayerSpec(8, Activation.PReLU(-0.2)) { Bias = BiasKind.Frozen },
            new LayerSpec(3, Activation.PReLU(2)));
        Gradient.AssertRight(network, Loss.HalfSquaredError, Samples.Random<double>(seed: 14, rows: 9, inputs: 3, targets: 3));
    }

    [Fact]
    public void SoItIsBehindALogisticOutputOfAnotherSteepness()
    {
        Network<double> network = Networks.Random<double>(
            seed: 15, inputs: 3, new LayerSpec(4, Activation.Tanh), new LayerSpec(2, Activation.ScaledLogistic(0.9, 0.5)));
        Gradient.AssertRight(network, Loss.BinaryCrossEntropy(), Samples.Random<double>(seed: 16, rows: 5, inputs: 3, targets: 2));
    }

    [Fact]
    public void SoItIsForASampleAlone()
    {
        Network<double> network = Networks.Random<double>(
            seed: 19,
            inputs: 3,
            new LayerSpec(9, Activation.PReLU()),
            new LayerSpec(4, Activation.Gelu),
            new LayerSpec(2, Activation.PReLU(-0.3)));
        Gradient.AssertRight(network, Loss.HalfSquaredError, Samples.Random<double>(seed: 20, rows: 1, inputs: 3, targets: 2));
    }

    [Fact]
    public void SoItIsForABatchOfSeveralSlices()
    {
        Network<double> network = Networks.Random<double>(
            seed: 17, inputs: 2, new LayerSpec(9, Activation.PReLU()), new LayerSpec(2, Activation.SiLU));
        Gradient.AssertRight(
            network, Loss.HalfSquaredError, Samples.Random<double>(seed: 18, Workspace<double>.MostRows + 50, inputs: 2, targets: 2));
    }

    [Fact]
    public void SoItIsWithoutAHiddenLayer()
    {
        Network<double> network = Networks.Random<double>(seed: 1, inputs: 6, new LayerSpec(2, Activation.Logistic));
        Gradient.AssertRight(network, Loss.HalfSquaredError, Samples.Random<double>(seed: 2, rows: 4, inputs: 6, targets: 2));
    }
}
