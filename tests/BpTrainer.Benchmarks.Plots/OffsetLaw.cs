namespace BpTrainer.Benchmarks.Plots;

/// <summary>y = offset + factor · x^exponent: memory in megabytes, which is never 0.</summary>
/// <param name="Offset">y at 0.</param>
/// <param name="Factor">The growth.</param>
/// <param name="Exponent">1 or 2.</param>
/// <param name="Residual">How far the points are from it, as a share of y: the root of the mean square.</param>
internal sealed record OffsetLaw(double Offset, double Factor, int Exponent, double Residual)
{
    /// <summary>y at x.</summary>
    public double At(double x) => Offset + (Factor * Math.Pow(x, Exponent));

    /// <summary>The law with the least relative residual.</summary>
    /// <param name="x">Three or more different sizes.</param>
    /// <param name="y">What follows the law, above 0.</param>
    public static OffsetLaw Fit(double[] x, double[] y) =>
        new[] { 1, 2 }.Select(exponent => Fit(x, y, exponent)).MinBy(law => law.Residual)!;

    /// <summary>Such as 48.0 MB + 136 B · n.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Offset:0.0} MB + {Factor * 1e6:0} B · {(Exponent == 1 ? "n" : "n²")}");

    private static OffsetLaw Fit(double[] x, double[] y, int exponent)
    {
        // Divided by y, so that small sizes count as much as large ones.
        double[] ones = [.. y.Select(value => 1 / value)];
        double[] powers = [.. x.Zip(y, (size, value) => Math.Pow(size, exponent) / value)];
        (double[] c, double residual) = LeastSquares.Fit([ones, powers], [.. y.Select(value => 1.0)]);
        return new OffsetLaw(c[0], c[1], exponent, residual);
    }
}
