namespace BpTrainer.Report.Predictions;

/// <summary>Rows with similar predicted probabilities.</summary>
/// <param name="Count">The number of rows, 1 or more.</param>
/// <param name="Predicted">The mean of their probabilities.</param>
/// <param name="Observed">The share of rows for which the prediction came true.</param>
internal readonly record struct ReliabilityBin(int Count, double Predicted, double Observed);

/// <summary>How well probabilities agree with what came true, in ten bins of equal width.</summary>
internal static class ReliabilityBins
{
    private const int NumberOfBins = 10;

    /// <summary>The bins that have rows.</summary>
    public static IReadOnlyList<ReliabilityBin> Of(IReadOnlyList<double> probabilities, IReadOnlyList<bool> isTrue) =>
    [
        .. from i in Enumerable.Range(0, probabilities.Count)
           group i by Math.Clamp((int)(probabilities[i] * NumberOfBins), 0, NumberOfBins - 1) into bin
           orderby bin.Key
           select new ReliabilityBin(bin.Count(), bin.Average(i => probabilities[i]), bin.Average(i => isTrue[i] ? 1.0 : 0)),
    ];

    /// <summary>
    /// The expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015): the mean over all rows of the difference between the mean
    /// prediction and the observed share in the row's bin.
    /// </summary>
    public static double CalibrationError(IReadOnlyList<ReliabilityBin> bins) =>
        bins.Sum(bin => bin.Count * Math.Abs(bin.Predicted - bin.Observed)) / bins.Sum(bin => bin.Count);
}
