using BpTrainer.Scalings;

namespace BpTrainer.ML;

/// <summary>
/// How a network maps columns to numbers that are easy to learn from: <see cref="Standardize"/>, <c>Scaling.MinMax(0, 1)</c>,
/// <c>Scaling.MinMax(-1, 1)</c>, <see cref="Limit"/> or <see cref="None"/>. The map is found from the training rows and is part of the
/// network, so that features and predictions stay in the user's units.
/// </summary>
/// <remarks>
/// All except <see cref="None"/> limit features: a value beyond the range of the training values by more than half that range is replaced
/// by the limit, and a feature that is constant in training never changes a prediction; see <see cref="ColumnScaling"/>. Labels have no
/// limits: predictions may lie outside the range of the training labels if the output activation allows it.
/// </remarks>
public sealed record Scaling
{
    private readonly Kind _kind;
    private readonly double _low;
    private readonly double _high;

    private Scaling(Kind kind, double low = 0, double high = 0) => (_kind, _low, _high) = (kind, low, high);

    private enum Kind
    {
        None,
        Limit,
        Standardize,
        MinMax,
    }

    /// <summary>
    /// Scales to mean 0 and standard deviation 1. If a feature has the same value in at least half of the training rows, that value becomes
    /// 0, and the other values get the root mean square 1.
    /// </summary>
    public static Scaling Standardize { get; } = new(Kind.Standardize);

    /// <summary>Leaves features unscaled, but limits them. Not for labels, which have no limits.</summary>
    public static Scaling Limit { get; } = new(Kind.Limit);

    /// <summary>Neither scales nor limits.</summary>
    public static Scaling None { get; } = new(Kind.None);

    /// <summary>The smallest training value of a column becomes <paramref name="low"/>, the largest <paramref name="high"/>.</summary>
    /// <param name="low">The number that the smallest value becomes; finite. Default: −1.</param>
    /// <param name="high">The number that the largest value becomes; finite and above <paramref name="low"/>. Default: 1.</param>
    /// <returns>The scaling. A constant column becomes <paramref name="low"/>.</returns>
    /// <exception cref="ArgumentException">The range is empty or not finite.</exception>
    public static Scaling MinMax(double low = -1, double high = 1)
    {
        ColumnScaling.CheckRange(low, high);
        return new Scaling(Kind.MinMax, low, high);
    }

    /// <summary>A text such as <c>Standardize</c> or <c>MinMax(0, 1)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        _kind == Kind.MinMax ? FormattableString.Invariant($"{_kind}({_low}, {_high})") : $"{_kind}";

    /// <summary>The scaling of inputs with these statistics; null for none.</summary>
    internal ColumnScaling? OfInputs(ColumnStatistics inputs) => _kind switch
    {
        Kind.Standardize => inputs.StandardizeInputs<float>(),
        Kind.Limit => inputs.Limit<float>(),
        Kind.MinMax => inputs.MinMax<float>(_low, _high),
        _ => null,
    };

    /// <summary>The scaling of the inputs of a data set; null for none.</summary>
    internal ColumnScaling? OfInputs(DataSet<float> rows) => _kind switch
    {
        Kind.Standardize => ColumnScaling.StandardizeInputs(rows),
        Kind.Limit => ColumnScaling.LimitInputs(rows),
        Kind.MinMax => ColumnScaling.MinMaxInputs(rows, _low, _high),
        _ => null,
    };

    /// <summary>The scaling of targets with these statistics; null for none.</summary>
    internal ColumnScaling? OfTargets(ColumnStatistics targets) => _kind switch
    {
        Kind.Standardize => targets.Standardize<float>(),
        Kind.MinMax => targets.MinMax<float>(_low, _high),
        _ => null,
    };
}
