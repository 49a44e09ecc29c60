using System.Globalization;

namespace BpTrainer.Examples.Compare;

/// <summary>How a column of the table shows one metric: about four digits, the same number of decimals in each row.</summary>
internal sealed class MetricFormat
{
    private readonly string _format;
    private readonly double _best;

    /// <summary>Chooses the format for the means of all trainers.</summary>
    public MetricFormat(Metric metric, IEnumerable<double> means)
    {
        double[] finite = means.Where(double.IsFinite).ToArray();
        double largest = finite.Select(Math.Abs).DefaultIfEmpty(1).Max();
        int digitsBeforePoint = largest < 1 ? 0 : (int)Math.Floor(Math.Log10(largest)) + 1;
        _format = "F" + Math.Clamp(4 - digitsBeforePoint, 0, 4).ToString(CultureInfo.InvariantCulture);
        _best = metric.HigherIsBetter ? finite.DefaultIfEmpty(double.NaN).Max() : finite.DefaultIfEmpty(double.NaN).Min();
    }

    /// <summary>Whether a mean is the best of all trainers.</summary>
    public bool IsBest(double mean) => mean == _best;

    /// <summary>A mean or a spread as text.</summary>
    public string Text(double value) => double.IsFinite(value) ? value.ToString(_format, CultureInfo.InvariantCulture) : "–";
}
