using System.Numerics;

namespace BpTrainer;

/// <summary>Finds weights for <see cref="CrossEntropyLoss.ClassWeights"/>.</summary>
public static class ClassWeighting
{
    /// <summary>
    /// Weights with which all classes count the same in total: wₖ = n / (K nₖ), for n samples of which nₖ are of class k, and K
    /// classes that have samples; the rule that scikit-learn calls balanced (after King and Zeng, Political Analysis 9, 2001).
    /// Their mean over the samples is 1.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="data">
    /// The training samples. One target column: 0 and 1 are two classes; several: one for each class, such as one-hot rows. A row with a
    /// weight counts as so many samples.
    /// </param>
    /// <returns>A weight for each class; 1 for a class without samples.</returns>
    /// <exception cref="ArgumentException">The targets are not shares of classes: one is not in [0, 1], or the several of a row do not sum to 1.</exception>
    public static double[] Balanced<T>(DataSet<T> data) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(data);
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

    /// <summary>The same from the number of samples of each class, or from numbers in proportion to them.</summary>
    /// <param name="counts">One a class; finite, none negative, not all 0.</param>
    /// <returns>A weight for each class; 1 for a class without samples.</returns>
    /// <exception cref="ArgumentException">A number is not allowed, or all are 0.</exception>
    public static double[] Balanced(ReadOnlySpan<double> counts)
    {
        double total = 0;
        int classes = 0;
        foreach (double count in counts)
        {
            if (!(count >= 0 && double.IsFinite(count)))
            {
                throw new ArgumentException(FormattableString.Invariant($"A class has {count} samples, but must have a finite number, 0 or more."), nameof(counts));
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
                throw new ArgumentException(FormattableString.Invariant($"Row {row} has the target {share}, but the share of a class must be in [0, 1]."), "data");
            }

            sum += share;
        }

        if (targets.Length > 1 && Math.Abs(sum - 1) > 1e-3)
        {
            throw new ArgumentException(FormattableString.Invariant($"The targets of row {row} sum to {sum}, but the shares of classes must sum to 1."), "data");
        }
    }
}
