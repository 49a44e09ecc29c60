namespace BpTrainer.Data;

/// <summary>Checks the weights of rows.</summary>
internal static class RowWeights
{
    /// <summary>Returns the sum of the weights.</summary>
    /// <exception cref="ArgumentException">There is not one weight per row, a weight is negative or not finite, or their sum is not finite
    /// or 0.</exception>
    public static double Total<T>(ReadOnlySpan<T> weights, int rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (weights.Length != rows)
        {
            throw new ArgumentException(
                $"There are {weights.Length} weights, but {rows} rows; give one weight per row, or none.", nameof(weights));
        }

        double total = 0;
        for (int row = 0; row < weights.Length; row++)
        {
            Check(weights[row], row);
            total += double.CreateChecked(weights[row]);
        }

        return CheckTotal(total);
    }

    /// <summary>Returns the sum of the weights of a set, which have already been checked.</summary>
    public static double Total<T>(DataSet<T> data) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double total = 0;
        for (int row = 0; row < data.Rows; row++)
        {
            total += double.CreateChecked(data.Weight(row));
        }

        return CheckTotal(total);
    }

    /// <summary>Throws if a weight is negative or not finite.</summary>
    public static void Check<T>(T weight, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(weight) || weight < T.Zero)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The weight of row {row} is {weight}, but it must be finite and not negative."), "weights");
        }
    }

    /// <summary>The factor that makes the weights of the rows average to 1.</summary>
    /// <exception cref="ArgumentException">The weights are too small for such a factor in T.</exception>
    public static T Scale<T>(long rows, double total) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.CreateChecked(rows / total);
        return T.IsFinite(scale)
            ? scale
            : throw new ArgumentException(
                FormattableString.Invariant($"The weights of the {rows} rows add up to {total}, which is too small for {typeof(T).Name}; ")
                + "only their ratios matter, so multiply them by a common factor.",
                "weights");
    }

    private static double CheckTotal(double total) => total switch
    {
        0 => throw new ArgumentException("All weights are 0; at least one row must count.", "weights"),
        double.PositiveInfinity => throw new ArgumentException(
            "The sum of the weights is not a finite number; only their ratios matter, so divide them by a common factor.", "weights"),
        _ => total,
    };
}
