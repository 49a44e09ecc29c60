namespace BpTrainer.Tests.Gradients;

/// <summary>Float computes what double does, to the precision of float: its vectors are twice as long, its padding differs.</summary>
public class FloatTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 7, 2, 5)]
    [InlineData(5, 8, 9, 8)]
    [InlineData(8, 15, 1, 9)]
    [InlineData(9, 16, 3, 16)]
    [InlineData(16, 17, 10, 17)]
    [InlineData(17, 31, 15, 31)]
    [InlineData(31, 32, 16, 33)]
    [InlineData(33, 33, 17, 64)]
    [InlineData(64, 65, 33, 65)]
    public void GradientsAgree(int inputs, int hidden, int outputs, int rows)
    {
        LayerSpec[] layers = [new(hidden, Activation.Tanh), new(hidden, Activation.ReLU), new(outputs, Activation.Logistic)];
        double[] expected = Gradient.Computed(
            Networks.Random<double>(1, inputs, layers), Loss.BinaryCrossEntropy(), Samples.Random<double>(2, rows, inputs, outputs));
        double[] actual = Gradient.Computed(
            Networks.Random<float>(1, inputs, layers), Loss.BinaryCrossEntropy(), Samples.Random<float>(2, rows, inputs, outputs));

        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            // A few dozen roundings of 6e-8, on sums of terms up to 1.
            Close.Absolute(expected[i], actual[i], 5e-6, $"slope {i}");
        }
    }
}
