using System.Globalization;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// Formats one metric in a column of the table: about four digits of the best mean, and the same number of decimals in each row. A value
/// that is far beyond the best one, because a trainer diverged, is shown as a power of ten.
/// </summary>
internal sealed class MetricFormat
{
    private const double FarBeyond = 1e4;

    private readonly string _format;
    private readonly double _best;

    /// <summary>Chooses the format for the means of all trainers.</summary>
    public MetricFormat(Metric metric, IEnumerable<double> means)
    {
        double[] finite = means.Where(double.IsFinite).DefaultIfEmpty(double.NaN).ToArray();
        _best = metric.HigherIsBetter ? finite.Max() : finite.Min();
        int digitsBeforePoint = Math.Abs(_best) >= 1 ? (int)Math.Floor(Math.Log10(Math.Abs(_best))) + 1 : 0;
        _format = "F" + Math.Clamp(4 - digitsBeforePoint, 0, 4).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a mean is the best of all trainers.</summary>
    public bool IsBest(double mean) => mean == _best;

    /// <summary>Returns a mean or a standard deviation as text.</summary>
    public string Text(double value)
    {
        if (!double.IsFinite(value))
            return "–";
        bool isFar = Math.Abs(value) > FarBeyond * Math.Max(1, Math.Abs(_best));
        return value.ToString(isFar ? "0.0E+0" : _format, CultureInfo.InvariantCulture);
    }
}
