namespace BpTrainer.Tests.Gradients;

/// <summary>Widths around the edges of vectors and tiles, where padding begins and ends.</summary>
public class WidthTests
{
    private static readonly int[] s_edges = [1, 3, 7, 8, 9, 15, 16, 17];

    public static TheoryData<int, int> EdgePairs()
    {
        var pairs = new TheoryData<int, int>();
        foreach (int first in s_edges)
        {
            foreach (int second in s_edges)
            {
                pairs.Add(first, second);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(EdgePairs))]
    public void TheGradientIsRightForEveryWidthOfInputsAndHiddenLayer(int inputs, int hidden)
    {
        Network<double> network = Networks.Random<double>(
            1, inputs, new LayerSpec(hidden, Activation.Tanh), new LayerSpec(2, Activation.Linear));
        Gradient.AssertRight(network, Loss.HalfSquaredError, Samples.Random<double>(2, rows: 3, inputs, targets: 2));
    }

    [Theory]
    [MemberData(nameof(EdgePairs))]
    public void TheGradientIsRightForEveryWidthOfHiddenLayerAndOutputs(int hidden, int outputs)
    {
        Network<double> network = Networks.Random<double>(
            3, 2, new LayerSpec(hidden, Activation.Logistic), new LayerSpec(outputs, Activation.Softmax));
        Gradient.AssertRight(network, Loss.CategoricalCrossEntropy(), Samples.RandomShares(4, rows: 3, inputs: 2, outputs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(33)]
    public void TheGradientIsRightForEveryNumberOfRows(int rows)
    {
        Network<double> network = Networks.Random<double>(5, 3, new LayerSpec(9, Activation.Tanh), new LayerSpec(3, Activation.Logistic));
        Gradient.AssertRight(network, Loss.BinaryCrossEntropy(), Samples.Random<double>(6, rows, inputs: 3, targets: 3));
    }
}
