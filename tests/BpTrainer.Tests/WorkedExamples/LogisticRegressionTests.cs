namespace BpTrainer.Tests.WorkedExamples;

/// <summary>One logistic unit with binary cross-entropy: ∂J/∂w = (1/m) Xᵀ(a − y), ∂J/∂b = mean(a − y).</summary>
public class LogisticRegressionTests
{
    [Fact]
    public void Its_gradient_is_the_mean_of_input_times_error()
    {
        const int Rows = 40, Inputs = 3;
        DataSet<double> data = Samples.Random<double>(seed: 5, Rows, Inputs, targets: 1);
        Network<double> unit = Networks.Of(BiasKind.PerNeuron, new GivenLayer(Activation.Logistic, new[,] { { 0.3 }, { -0.8 }, { 0.5 } }, [0.1]));

        var expected = new double[Inputs + 1];
        for (int row = 0; row < Rows; row++)
        {
            double[] x = [1, .. data.Inputs.Span.Slice(row * Inputs, Inputs)];
            double z = (0.1 * x[0]) + (0.3 * x[1]) - (0.8 * x[2]) + (0.5 * x[3]);
            double error = (1 / (1 + Math.Exp(-z))) - data.Targets.Span[row];
            for (int i = 0; i <= Inputs; i++)
            {
                expected[i] += x[i] * error / Rows;
            }
        }

        // The bias comes first, as in the list of parameters.
        double[] actual = Gradient.Computed(unit, Loss.BinaryCrossEntropy, data);
        foreach ((double e, double a) in expected.Zip(actual))
        {
            Close.Absolute(e, a, 1e-14);
        }
    }
}
