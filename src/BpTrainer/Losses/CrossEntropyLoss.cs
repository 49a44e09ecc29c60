using BpTrainer.Numbers;

namespace BpTrainer;

/// <summary>What the cross-entropies of probabilities have in common: label smoothing and class weights.</summary>
public abstract record CrossEntropyLoss : Loss
{
    private readonly double _labelSmoothing;
    private readonly double[]? _classWeights;

    private protected CrossEntropyLoss(string name)
        : base(name)
    {
    }

    /// <summary>
    /// ε, at least 0 and below 1: every target y becomes (1 − ε)y + ε/K, with K classes, so that no probability is driven
    /// to 0 or 1 (Szegedy et al., Rethinking the Inception Architecture, 2016). Default 0, no smoothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public double LabelSmoothing
    {
        get => _labelSmoothing;
        init => _labelSmoothing = Guard.InRange(value, 0, 1, nameof(LabelSmoothing));
    }

    /// <summary>
    /// What the loss of a sample is multiplied by, for each class: a class of weight 2 counts as if each of its samples were
    /// there twice. A target y that is no single class is given Σ yₖ wₖ, before smoothing. Finite, none negative, not all 0.
    /// <see cref="BpTrainer.ClassWeighting.Balanced{T}(DataSet{T})"/> gives those that make up for rare classes. Null for equal weights. Default null.
    /// </summary>
    /// <remarks>
    /// They multiply and are not normalized: the error of a batch of B samples is (1/B) Σᵢ w(yᵢ) Lᵢ, so that weights twice as large
    /// act like a learning rate twice as large; scikit-learn's class_weight multiplies in the same way. The weights of rows differ,
    /// they are divided by their mean: with m the mean of w(yᵢ) over the training set, class weights w at a learning rate η teach
    /// like row weights w(yᵢ) at mη. For balanced weights m is 1.
    /// Losses that are reported, those of validation too, contain the weights.
    /// </remarks>
    /// <exception cref="ArgumentException">There are fewer than two weights, or one is not allowed, or all are 0.</exception>
    public IReadOnlyList<double>? ClassWeights
    {
        get => _classWeights;
        init => _classWeights = value is null ? null : Check([.. value]);
    }

    /// <summary>The smoothing and the weights, if there are any.</summary>
    private protected sealed override string Parameters => string.Join(", ", new[]
    {
        LabelSmoothing == 0 ? "" : FormattableString.Invariant($"smoothing={LabelSmoothing}"),
        ClassWeights is null ? "" : $"weights={string.Join(':', ClassWeights.Select(w => FormattableString.Invariant($"{w}")))}",
    }.Where(text => text.Length > 0));

    /// <summary>Whether the other loss is of the same kind and has the same smoothing and the same weights.</summary>
    /// <param name="other">The other loss.</param>
    /// <returns>True if both are equal.</returns>
    public virtual bool Equals(CrossEntropyLoss? other) =>
        base.Equals(other)
        && LabelSmoothing == other.LabelSmoothing
        && (_classWeights is null ? other._classWeights is null : other._classWeights is not null && _classWeights.SequenceEqual(other._classWeights));

    /// <summary>A hash code that equal losses share.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), LabelSmoothing, _classWeights?.Length, _classWeights?[0], _classWeights?[^1]);

    /// <summary>Refuses an output layer that gives no probabilities, or has another number of classes than there are weights.</summary>
    private protected void Check(LayerSpec output, int classes)
    {
        if (!output.Activation.YieldsProbabilities)
        {
            throw new ArgumentException(
                $"The loss {Name} takes logarithms of the outputs and needs them between 0 and 1, but the output layer is {output.Activation}: use logistic or softmax.");
        }

        if (_classWeights is not null && _classWeights.Length != classes)
        {
            throw new ArgumentException(
                $"{nameof(ClassWeights)} of the loss {Name} has {_classWeights.Length} weights, but there are {classes} classes.");
        }
    }

    private static double[] Check(double[] weights)
    {
        if (weights.Length < 2)
        {
            throw new ArgumentException($"{nameof(ClassWeights)} has {weights.Length} weights, but must have one for each of two or more classes.", nameof(ClassWeights));
        }

        foreach (double weight in weights)
        {
            if (!(weight >= 0 && double.IsFinite(weight)))
            {
                throw new ArgumentException(FormattableString.Invariant($"{nameof(ClassWeights)} has the weight {weight}, but each must be finite and not negative."), nameof(ClassWeights));
            }
        }

        return Array.Exists(weights, weight => weight > 0)
            ? weights
            : throw new ArgumentException($"{nameof(ClassWeights)} are all 0; at least one class must count.", nameof(ClassWeights));
    }
}
