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
    /// The weights for the number of samples of each class, or for numbers in proportion to them: finite, none negative, not all 0.
    /// </summary>
    public static double[] Balanced(ReadOnlySpan<double> counts)
    {
        double total = 0;
        int classes = 0;
        foreach (double count in counts)
        {
            if (!(count >= 0 && double.IsFinite(count)))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"A class has {count} samples, but must have a finite number, 0 or more."),
                    nameof(counts));
            }

            total += count;
            classes += count > 0 ? 1 : 0;
        }

        if (classes == 0)
        {
            throw new ArgumentException("No class has a sample; at least one must have.", nameof(counts));
        }

        // A class without training samples may have some in the validation set.
        var weights = new double[counts.Length];
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = counts[k] > 0 ? total / (classes * counts[k]) : 1;
        }

        return weights;
    }

    private static void Check<T>(ReadOnlySpan<T> targets, int row) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        foreach (T target in targets)
        {
            double share = double.CreateChecked(target);
            if (!(share is >= 0 and <= 1))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"Row {row} has the target {share}, but the share of a class must be in [0, 1]."),
                    "data");
            }

            sum += share;
        }

        if (targets.Length > 1 && Math.Abs(sum - 1) > 1e-3)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The targets of row {row} sum to {sum}, but the shares of classes must sum to 1."),
                "data");
        }
    }
}
