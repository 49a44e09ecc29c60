using System.Globalization;

namespace BpTrainer.Report.Drawing;

/// <summary>Formats numbers for readers, in the invariant culture.</summary>
internal static class NumberText
{
    private const string Thin = "\u202F";

    /// <summary>A measured value with four significant digits.</summary>
    public static string Of(double value) => value switch
    {
        0 => "0",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        double.NaN => "not a number",
        _ when Math.Abs(value) is >= 1e6 or < 1e-4 => Sign(value.ToString("0.###e0", CultureInfo.InvariantCulture)),
        _ when Math.Abs(value) >= 1000 => Sign(value.ToString("#,0", CultureInfo.InvariantCulture)),
        _ => Sign(((double)(decimal)Significant(value)).ToString("#,0.########", CultureInfo.InvariantCulture)),
    };

    /// <summary>A number of rows, epochs or parameters.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number with the word for one item or for several.</summary>
    public static string Count(long count, string one, string? many = null) => $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>A share in percent, with one decimal near 0 % and near 100 %.</summary>
    public static string Percent(double share) => double.IsFinite(share)
        ? Sign((share * 100).ToString(Math.Abs(share) is (> 0 and < 0.1) or (> 0.9 and < 1) ? "0.0" : "0", CultureInfo.InvariantCulture))
            + Thin + "%"
        : Of(share);

    /// <summary>A mean and its spread, both with as many decimals as the spread needs for two significant digits.</summary>
    public static string WithSpread(double mean, double spread)
    {
        if (!double.IsFinite(spread) || spread <= 0 || spread >= 1e6 || spread < 1e-6)
        {
            return $"{Of(mean)} ± {Of(spread)}";
        }

        string format = "#,0." + new string('0', Math.Max(0, 1 - (int)Math.Floor(Math.Log10(spread))));
        return Sign($"{mean.ToString(format, CultureInfo.InvariantCulture)} ± {spread.ToString(format, CultureInfo.InvariantCulture)}");
    }

    /// <summary>A time.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 1 => Of(Math.Round(seconds * 1000, seconds < 0.01 ? 2 : 0)) + Thin + "ms",
        < 120 => Of(seconds) + Thin + "s",
        < 7200 => Of(seconds / 60) + Thin + "min",
        _ => Of(seconds / 3600) + Thin + "h",
    };

    /// <summary>The value of a tick, with as many decimals as the step between ticks needs.</summary>
    public static string Tick(double value, double step)
    {
        if (value == 0)
        {
            return "0";
        }

        if (Math.Abs(value) >= 1e6 || step < 1e-4)
        {
            return Sign(value.ToString("0.###e0", CultureInfo.InvariantCulture));
        }

        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step * 1.0000001)));
        return Sign(value.ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture));
    }

    private static double Significant(double value)
    {
        int digits = 3 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return digits is >= 0 and <= 15 ? Math.Round(value, digits) : value;
    }

    /// <summary>Replaces the hyphen by the minus sign, which has the width of a digit.</summary>
    private static string Sign(string number) => number.Replace('-', '−');
}
