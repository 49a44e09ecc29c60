namespace BpTrainer.Tests;

/// <summary>The normal equations of a network's squared errors, naively: J by differences of the outputs, elimination in full.</summary>
internal static class PlainLeastSquares
{
    /// <summary>
    /// JᵀJ and Jᵀe of the errors e = (a − y)·√(s·c), with weights s of mean 1, and c = 1, or 2/m for the mean over m outputs.
    /// </summary>
    public static (double[,] Matrix, double[] Gradient) Equations(
        Network<double> network, Parameter[] parameters, DataSet<double> data, bool isMean)
    {
        const double H = 1e-6;
        int n = parameters.Length;
        double[] outputs = network.Predict<double>(data.Inputs.Span);
        double[][] jacobian = [.. parameters.Select(parameter =>
        {
            double[] At(double h)
            {
                Network<double> moved = network.Clone();
                parameter.Set(moved, parameter.Get(network) + h);
                return moved.Predict<double>(data.Inputs.Span);
            }

            return At(H).Zip(At(-H), (above, below) => (above - below) / (2 * H)).ToArray();
        })];
        double[] factors = Factors(network, data, isMean);
        var matrix = new double[n, n];
        var gradient = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                matrix[i, j] = Enumerable.Range(0, outputs.Length).Sum(k => factors[k] * jacobian[i][k] * jacobian[j][k]);
            }

            gradient[i] = Enumerable.Range(0, outputs.Length).Sum(k => factors[k] * jacobian[i][k] * (outputs[k] - data.Targets.Span[k]));
        }

        return (matrix, gradient);
    }

    /// <summary>Σe².</summary>
    public static double SumOfSquares(Network<double> network, DataSet<double> data, bool isMean) =>
        network.Predict<double>(data.Inputs.Span).Zip(data.Targets.ToArray(), (a, y) => (a - y) * (a - y))
            .Zip(Factors(network, data, isMean), (square, factor) => square * factor).Sum();

    /// <summary>A⁻¹b.</summary>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        double[,] a = (double[,])matrix.Clone();
        double[] b = [.. right];
        for (int k = 0; k < b.Length; k++)
        {
            for (int i = 0; i < b.Length; i++)
            {
                double factor = i == k ? 0 : a[i, k] / a[k, k];
                for (int j = k; j < b.Length; j++)
                {
                    a[i, j] -= factor * a[k, j];
                }

                b[i] -= factor * b[k];
            }
        }

        return [.. b.Select((value, k) => value / a[k, k])];
    }

    /// <summary>tr(A⁻¹), column by column.</summary>
    public static double TraceOfInverse(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        return Enumerable.Range(0, n).Sum(
            k => Solve(matrix, [.. Enumerable.Range(0, n).Select(i => i == k ? 1.0 : 0)])[k]);
    }

    private static double[] Factors(Network<double> network, DataSet<double> data, bool isMean)
    {
        double share = isMean ? 2.0 / network.Outputs : 1;
        return [.. Enumerable.Range(0, data.Rows * network.Outputs).Select(
            k => share * (data.HasWeights ? data.Weights.Span[k / network.Outputs] / data.Weights.ToArray().Average() : 1))];
    }
}
