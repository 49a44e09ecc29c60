namespace BpTrainer.Benchmarks.Plots;

/// <summary>y = factor · x^exponent up to a bend, and another power of x behind it.</summary>
/// <param name="Factor">y at 1.</param>
/// <param name="Exponent">The exponent up to the bend.</param>
/// <param name="Bend">Where the exponent changes; infinite without a bend.</param>
/// <param name="ExponentBehind">The exponent behind the bend.</param>
/// <param name="Residual">How far the points are from it, as a share of y: the root of the mean square.</param>
internal sealed record PowerLaw(double Factor, double Exponent, double Bend, double ExponentBehind, double Residual)
{
    /// <summary>Points of a part; two are on a line whatever the law is.</summary>
    public const int LeastPoints = 3;

    /// <summary>Whether there is a bend.</summary>
    public bool IsBent => double.IsFinite(Bend);

    /// <summary>y at x.</summary>
    public double At(double x) => Factor * Math.Pow(x, Exponent) * Math.Pow(Math.Max(1, x / Bend), ExponentBehind - Exponent);

    /// <summary>
    /// A straight line through the logarithms; or a line with a bend at the best of the points, if that leaves less than half of the
    /// residual and the residual was more than 3 %.
    /// </summary>
    /// <param name="x">The sizes, above 0; three or more, different and ascending.</param>
    /// <param name="y">What follows the law, above 0.</param>
    public static PowerLaw Fit(double[] x, double[] y)
    {
        PowerLaw straight = Fit(x, y, double.PositiveInfinity);
        PowerLaw? bent = x.Skip(LeastPoints - 1).SkipLast(LeastPoints - 1)
            .Select(bend => Fit(x, y, bend)).MinBy(law => law.Residual);
        return bent is not null && straight.Residual > 0.03 && bent.Residual < straight.Residual / 2 ? bent : straight;
    }

    /// <summary>Such as ~ n^1.02 to 500, ~ n^1.85 behind.</summary>
    public override string ToString() => FormattableString.Invariant($"~ n^{Exponent:0.00}")
        + (IsBent ? FormattableString.Invariant($" to {LogAxes.Text(Bend)}, ~ n^{ExponentBehind:0.00} behind") : "");

    private static PowerLaw Fit(double[] x, double[] y, double bend)
    {
        double[] ones = [.. x.Select(value => 1.0)];
        double[] logs = [.. x.Select(value => Math.Log(value))];
        double[] behind = [.. x.Select(value => Math.Max(0, Math.Log(value / bend)))];
        double[] logsOfY = [.. y.Select(value => Math.Log(value))];
        bool isBent = double.IsFinite(bend);
        (double[] c, double residual) = LeastSquares.Fit(isBent ? [ones, logs, behind] : [ones, logs], logsOfY);
        return new PowerLaw(Math.Exp(c[0]), c[1], bend, isBent ? c[1] + c[2] : c[1], residual);
    }
}
