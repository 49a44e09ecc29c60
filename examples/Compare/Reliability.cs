using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// Compares predicted probabilities with the observed shares, in ten bins of equal width. With two classes, these are the probability of
/// the positive class and the share of positive rows; with more classes, the probability of the predicted class and the share of rows that
/// belong to it.
/// </summary>
internal sealed class Reliability
{
    private const int NumberOfBins = 10;

    private readonly (int Count, double Predicted, double Observed)[] _sums = new (int, double, double)[NumberOfBins];

    /// <summary>The bins, from the lowest probabilities to the highest.</summary>
    public IReadOnlyList<ReliabilityBin> Bins =>
        [.. _sums.Select(sum => new ReliabilityBin(sum.Count, sum.Predicted / sum.Count, sum.Observed / sum.Count))];

    /// <summary>
    /// The expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015): the mean, over all rows, of the gap between the mean
    /// prediction and the observed share in the row's bin.
    /// </summary>
    public double CalibrationError => _sums.Sum(sum => Math.Abs(sum.Predicted - sum.Observed)) / _sums.Sum(sum => sum.Count);

    /// <summary>Computes the reliability of scored rows; null for a regression, which does not predict probabilities.</summary>
    public static Reliability? Of(LearningTask task, IDataView scored)
    {
        var reliability = new Reliability();
        switch (task)
        {
            case LearningTask.Regression:
                return null;
            case LearningTask.Binary:
                foreach ((float probability, bool label) in scored.GetColumn<float>("Probability").Zip(scored.GetColumn<bool>("Label")))
                    reliability.Add(probability, label);
                break;
            default:
                var hits = scored.GetColumn<uint>("PredictedLabel").Zip(scored.GetColumn<uint>("Label"), (one, other) => one == other);
                foreach ((float[] probabilities, bool hit) in scored.GetColumn<float[]>("Score").Zip(hits))
                    reliability.Add(probabilities.Max(), hit);
                break;
        }
        return reliability;
    }

    /// <summary>Combines the reliability of several test parts, over all their rows.</summary>
    public static Reliability Over(IEnumerable<Reliability> parts)
    {
        var all = new Reliability();
        foreach (Reliability part in parts)
        {
            for (int b = 0; b < NumberOfBins; b++)
            {
                (int count, double predicted, double observed) = part._sums[b];
                all._sums[b] = (all._sums[b].Count + count, all._sums[b].Predicted + predicted, all._sums[b].Observed + observed);
            }
        }
        return all;
    }

    private void Add(double probability, bool isTrue)
    {
        ref (int Count, double Predicted, double Observed) sum = ref _sums[Math.Min((int)(probability * NumberOfBins), NumberOfBins - 1)];
        sum = (sum.Count + 1, sum.Predicted + probability, sum.Observed + (isTrue ? 1 : 0));
    }
}

/// <summary>Rows with similar predicted probabilities.</summary>
/// <param name="Count">The number of rows.</param>
/// <param name="Predicted">The mean of their probabilities; NaN without rows.</param>
/// <param name="Observed">The share of rows for which the prediction came true; NaN without rows.</param>
internal sealed record ReliabilityBin(int Count, double Predicted, double Observed);
