namespace BpTrainer.Tests;

/// <summary>Numbers that should be equal but for rounding. NaN is close to nothing.</summary>
internal static class Close
{
    /// <summary>|expected − actual| ≤ tolerance.</summary>
    public static void Absolute(double expected, double actual, double tolerance, string what = "value")
    {
        if (!(Math.Abs(expected - actual) <= tolerance))
        {
            Assert.Fail(FormattableString.Invariant(
                $"{what}: expected {expected:R} ± {tolerance}, but it is {actual:R}, off by {expected - actual:G3}."));
        }
    }

    /// <summary>|expected − actual| ≤ tolerance · the larger of |expected| and floor.</summary>
    public static void Relative(double expected, double actual, double tolerance, string what = "value", double floor = 0) =>
        Absolute(expected, actual, tolerance * Math.Max(Math.Abs(expected), floor), what);
}
