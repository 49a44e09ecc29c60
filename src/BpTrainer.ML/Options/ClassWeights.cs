using BpTrainer.Losses;
using BpTrainer.Numbers;

namespace BpTrainer.ML;

/// <summary>How much the rows of each class count in training, besides the weights of the rows.</summary>
/// <remarks>
/// <para>
/// Use weights for classes that are rare or whose errors cost more. They change what the scores mean: a class of weight 2 gets the
/// probability that it would have if it were twice as frequent.
/// </para>
/// <para>
/// The loss of a row is multiplied by the weight of its class. Class weights are not normalized: doubling all of them acts like doubling
/// the learning rate. The row weights of a weight column are divided by their mean over the training rows. Class weights and row weights
/// are multiplied. Reported losses include the weights.
/// </para>
/// </remarks>
public sealed record ClassWeights
{
    private readonly ValueList? _given;

    private ClassWeights(ValueList? given) => _given = given;

    /// <summary>
    /// All classes count the same in total: of n training rows of K classes, a class with nₖ rows gets the weight n / (K nₖ), as with
    /// class_weight='balanced' of scikit-learn. K counts the classes that have rows; a row of weight w counts as w rows. The mean
    /// weight of a training row is then 1. See <see cref="Loss.BalancedClassWeights{T}(DataSet{T})"/>.
    /// </summary>
    public static ClassWeights Balanced { get; } = new((ValueList?)null);

    /// <summary>Weights that the user gives.</summary>
    /// <param name="weights">One for each class, finite, not negative, not all 0: for a key label in the order of its values; for a Boolean
    /// label first false, then true.</param>
    /// <returns>The weights.</returns>
    /// <exception cref="ArgumentException">There are fewer than two weights, or one is not allowed.</exception>
    public static ClassWeights Given(params double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new ClassWeights(CrossEntropyLoss.Checked(weights, nameof(ClassWeights)));
    }

    /// <summary>The number of weights; null if they are computed from the data.</summary>
    internal int? Count => _given?.Count;

    /// <summary>The weights, if the classes have these shares of the training rows.</summary>
    internal IReadOnlyList<double> For(ReadOnlySpan<double> shares) =>
        (IReadOnlyList<double>?)_given ?? ClassWeighting.Balanced(shares.ToArray());

    /// <summary>The weights as text.</summary>
    /// <returns>The weights, or <c>balanced</c>.</returns>
    public override string ToString() =>
        _given is null ? "balanced" : string.Join(':', _given.Select(weight => FormattableString.Invariant($"{weight}")));
}
