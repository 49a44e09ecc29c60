namespace BpTrainer.Benchmarks.Plots;

/// <summary>Fits sums of a few functions to points.</summary>
internal static class LeastSquares
{
    /// <summary>The factors c of least Σᵢ (Σₖ cₖ·xₖᵢ − yᵢ)², and the root of the mean of the squares that are left.</summary>
    /// <param name="x">The functions xₖ at the points, none of them a sum of the others.</param>
    /// <param name="y">The values.</param>
    public static (double[] Factors, double Residual) Fit(double[][] x, double[] y)
    {
        // The normal equations (xxᵀ) c = x y, by elimination: xxᵀ is positive definite, so that no rows need to be exchanged.
        int n = x.Length;
        double[][] left = [.. x.Select(a => x.Select(b => Product(a, b)).ToArray())];
        double[] c = [.. x.Select(a => Product(a, y))];
        for (int k = 0; k < n; k++)
        {
            for (int row = 0; row < n; row++)
            {
                double times = row == k ? 0 : left[row][k] / left[k][k];
                c[row] -= times * c[k];
                for (int column = k; column < n; column++)
                {
                    left[row][column] -= times * left[k][column];
                }
            }
        }

        for (int k = 0; k < n; k++)
        {
            c[k] /= left[k][k];
        }

        IEnumerable<double> rest = y.Select((value, i) => Enumerable.Range(0, n).Sum(k => c[k] * x[k][i]) - value);
        return (c, Math.Sqrt(rest.Average(value => value * value)));
    }

    private static double Product(double[] a, double[] b) => a.Zip(b, (one, other) => one * other).Sum();
}
