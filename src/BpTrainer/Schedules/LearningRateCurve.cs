namespace BpTrainer;

/// <summary>The losses that <see cref="NetworkTrainer{T}.FindLearningRate"/> measured.</summary>
public sealed class LearningRateCurve
{
    internal LearningRateCurve(IReadOnlyList<(double Rate, double Loss, double SmoothedLoss)> points)
    {
        Points = points;
        Suggestion = FindSteepestFall(points);
    }

    /// <summary>
    /// One point for every batch, in ascending order of the rate: the learning rate of its update, its mean loss before the update, and the
    /// loss smoothed over the batches so far, s = Σ 0.9ⁿ⁻ⁱ Lᵢ / Σ 0.9ⁿ⁻ⁱ.
    /// </summary>
    public IReadOnlyList<(double Rate, double Loss, double SmoothedLoss)> Points { get; }

    /// <summary>
    /// The rate around which the loss falls most steeply: the mean loss over the tenth of all batches before it, minus the mean loss over
    /// the tenth after it, is largest there. Such a rate trains fast and is well below the rates that do not train. The means are over many
    /// batches, because the loss varies more between batches than one step of the rate changes it. Null if the loss never fell.
    /// </summary>
    public double? Suggestion { get; }

    private static double? FindSteepestFall(IReadOnlyList<(double Rate, double Loss, double SmoothedLoss)> points)
    {
        // Rates grow by equal factors, so equal numbers of batches are equal distances.
        int width = Math.Max(points.Count / 10, 1);
        var sums = new double[points.Count + 1];
        for (int i = 0; i < points.Count; i++)
        {
            sums[i + 1] = sums[i] + points[i].Loss;
        }

        double steepest = 0;
        double? rate = null;
        for (int i = width; i < points.Count - width; i++)
        {
            double fall = sums[i] - sums[i - width] - (sums[i + 1 + width] - sums[i + 1]);
            if (fall > steepest)
            {
                (steepest, rate) = (fall, points[i].Rate);
            }
        }

        return rate;
    }
}
