namespace BpTrainer.ML;

/// <summary>How much the rows of each class count in training, beside the weights of the rows themselves.</summary>
/// <remarks>
/// Weights make up for classes that are rare, or whose mistakes cost more. They change what the scores mean: a class of
/// weight 2 gets the probability that it would have if it came up twice as often.
/// </remarks>
public sealed record ClassWeights
{
    private readonly double[]? _given;

    private ClassWeights(double[]? given) => _given = given;

    /// <summary>
    /// All classes count the same in total: with the share pₖ of the training rows, a class of K gets the weight 1 / (K pₖ).
    /// K counts the classes that have rows.
    /// </summary>
    public static ClassWeights Balanced { get; } = new((double[]?)null);

    /// <summary>Weights that the user gives.</summary>
    /// <param name="weights">One a class, finite, none negative, not all 0: of a key label in the order of its values, of a Boolean label for false and for true.</param>
    /// <returns>The weights.</returns>
    /// <exception cref="ArgumentException">There are fewer than two weights, or one is not allowed.</exception>
    public static ClassWeights Given(params double[] weights)
    {
        // The loss says what weights are allowed.
        CrossEntropyLoss checkedLoss = Loss.CategoricalCrossEntropy with { ClassWeights = weights };
        return new ClassWeights([.. checkedLoss.ClassWeights!]);
    }

    /// <summary>The number of weights, or none when they follow from the data.</summary>
    internal int? Count => _given?.Length;

    /// <summary>The weights, when classes have these shares of the training rows.</summary>
    internal double[] For(ReadOnlySpan<double> shares)
    {
        if (_given is not null)
        {
            return _given;
        }

        int classes = 0;
        foreach (double share in shares)
        {
            classes += share > 0 ? 1 : 0;
        }

        // A class without training rows may have rows in the validation data.
        var weights = new double[shares.Length];
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = shares[k] > 0 ? 1 / (classes * shares[k]) : 1;
        }

        return weights;
    }

    /// <summary>Whether the other weights are the same.</summary>
    /// <param name="other">The other weights.</param>
    /// <returns>True if both are equal.</returns>
    public bool Equals(ClassWeights? other) =>
        other is not null && (_given is null ? other._given is null : other._given is not null && _given.SequenceEqual(other._given));

    /// <summary>A hash code that equal weights share.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => HashCode.Combine(_given?.Length, _given?[0], _given?[^1]);

    /// <summary>The weights as text.</summary>
    /// <returns>The weights, or <c>balanced</c>.</returns>
    public override string ToString() =>
        _given is null ? "balanced" : string.Join(':', _given.Select(weight => FormattableString.Invariant($"{weight}")));
}
