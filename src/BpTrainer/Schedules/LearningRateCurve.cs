namespace BpTrainer;

/// <summary>The loss of one batch of a range test.</summary>
/// <param name="Rate">The learning rate of its update.</param>
/// <param name="Loss">Its mean loss, before the update.</param>
/// <param name="SmoothedLoss">The loss smoothed over the batches before: s = Σ 0.9ⁿ⁻ⁱ Lᵢ / Σ 0.9ⁿ⁻ⁱ.</param>
public sealed record LearningRatePoint(double Rate, double Loss, double SmoothedLoss);

/// <summary>What a <see cref="LearningRateFinder"/> saw.</summary>
public sealed class LearningRateCurve
{
    internal LearningRateCurve(IReadOnlyList<LearningRatePoint> points)
    {
        Points = points;
        Suggestion = FindSteepestFall(points);
    }

    /// <summary>A point for every batch, by growing rate.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>
    /// The rate where the smoothed loss falls most steeply, over the logarithm of the rate, before it reaches its lowest: a rate that learns fast and
    /// is well below those that do not learn. Null when the loss never fell.
    /// </summary>
    public double? Suggestion { get; }

    private static double? FindSteepestFall(IReadOnlyList<LearningRatePoint> points)
    {
        int lowest = 0;
        for (int i = 1; i < points.Count; i++)
        {
            lowest = points[i].SmoothedLoss < points[lowest].SmoothedLoss ? i : lowest;
        }

        // Rates grow by equal factors, so that the fall from one neighbour to the other is as good as a slope.
        double steepest = 0;
        double? rate = null;
        for (int i = 1; i < lowest; i++)
        {
            double fall = points[i - 1].SmoothedLoss - points[i + 1].SmoothedLoss;
            if (fall > steepest)
            {
                (steepest, rate) = (fall, points[i].Rate);
            }
        }

        return rate;
    }
}
