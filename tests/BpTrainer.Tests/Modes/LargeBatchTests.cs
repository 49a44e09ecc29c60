using BpTrainer.Training;

namespace BpTrainer.Tests.Modes;

/// <summary>A batch with more rows than the work buffers hold goes through in slices.</summary>
public class LargeBatchTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Workspace<double>.MostRows)]
    [InlineData(Workspace<double>.MostRows + 3)]
    public void ItsGradientIsTheMeanOverAllRows(int more)
    {
        int rows = Workspace<double>.MostRows + more;
        DataSet<double> data = Samples.Random<double>(1, rows, inputs: 2, targets: 1, weighted: true);
        Network<double> network = Networks.Random<double>(2, 2, new LayerSpec(3, Activation.Tanh), new LayerSpec(1, Activation.Linear));

        // Row by row, each with its weight.
        var expected = new double[Parameter.Trained(network).Count()];
        double totalWeight = data.Weights.ToArray().Sum();
        double loss = 0;
        for (int row = 0; row < rows; row++)
        {
            double share = data.Weights.Span[row] / totalWeight;
            if (share == 0)
            {
                continue;
            }

            DataSet<double> single = data.Take([row]);
            loss += share * Gradient.LossOf(network, Loss.HalfSquaredError, single);
            double[] slopes = Gradient.Computed(network, Loss.HalfSquaredError, single);
            for (int i = 0; i < slopes.Length; i++)
            {
                expected[i] += share * slopes[i];
            }
        }

        double[] actual = Gradient.Computed(network, Loss.HalfSquaredError, data);
        for (int i = 0; i < expected.Length; i++)
        {
            Close.Absolute(expected[i], actual[i], 1e-13, $"slope {i}");
        }

        Close.Relative(loss, Gradient.LossOf(network, Loss.HalfSquaredError, data), 1e-12);
    }

    [Fact]
    public void ALargeValidationSetCountsInFull()
    {
        // The last row alone is missed by far: its loss is the whole validation loss.
        int rows = (2 * Workspace<double>.MostRows) + 3;
        var validation = new (double X, double Y)[rows];
        validation[^1] = (0, 10);
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(Training.FullBatch(0.1, epochs: 1), Samples.Pairs((1, 1)), Samples.Pairs(validation));
        Close.Relative(0.5 * 100 / rows, result.History[0].ValidationLoss!.Value, 1e-14);
    }
}
