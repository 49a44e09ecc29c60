namespace BpTrainer.Losses;

/// <summary>Class weights with which all classes count the same in total; see <see cref="Loss.BalancedClassWeights"/>.</summary>
internal static class ClassWeighting
{
    public static double[] Balanced<T>(DataSet<T> data) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var counts = new double[Math.Max(data.TargetColumns, 2)];
        for (int row = 0; row < data.Rows; row++)
        {
            ReadOnlySpan<T> targets = data.TargetRow(row);
            Check(targets, row);
            double weight = double.CreateChecked(data.Weight(row));
            for (int k = 0; k < targets.Length; k++)
            {
                // A single target is the share of class 1.
                counts[targets.Length == 1 ? 1 : k] += weight * double.CreateChecked(targets[k]);
            }

            counts[0] += targets.Length == 1 ? weight * (1 - double.CreateChecked(targets[0])) : 0;
        }

        return Balanced(counts);
    }

    /// <summary>
    /// The weights for the numbers of samples of the classes, or for numbers in proportion to them: finite, not negative, not all 0.
    /// </summary>
    public static double[] Balanced(IReadOnlyList<double> counts)
    {
        foreach (double count in counts)
        {
            Guard.Require(
                count >= 0 && double.IsFinite(count),
                $"A class has {count} samples, but must have a finite number, 0 or more.", nameof(counts));
        }

        int classes = counts.Count(count => count > 0);
        Guard.Require(classes > 0, "No class has a sample; at least one class must have one.", nameof(counts));

        // A class without training samples may have some in the validation set.
        double total = counts.Sum();
        return [.. counts.Select(count => count > 0 ? total / (classes * count) : 1)];
    }

    private static void Check<T>(ReadOnlySpan<T> targets, int row) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        foreach (T target in targets)
        {
            double share = double.CreateChecked(target);
            Guard.Require(share is >= 0 and <= 1, $"Row {row} has the target {share}, but the share of a class must be in [0, 1].", "data");

            sum += share;
        }

        Guard.Require(
            targets.Length == 1 || Math.Abs(sum - 1) <= 1e-3,
            $"The targets of row {row} sum to {sum}, but the shares of classes must sum to 1.", "data");
    }
}
