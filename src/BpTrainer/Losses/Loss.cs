using System.Numerics;

namespace BpTrainer;

/// <summary>
/// The error E that training makes small: the mean over the samples of a batch of a figure computed from the outputs a and
/// the targets y of a sample, m of each.
/// </summary>
public abstract record Loss
{
    private protected Loss(string name) => Name = name;

    /// <summary>Half the sum of squares, ½ Σ (y − a)². The default for regression.</summary>
    public static Loss HalfSquaredError { get; } = new SquaredErrorLoss("half-squared-error", IsMean: false);

    /// <summary>The mean of squares, (1/m) Σ (y − a)².</summary>
    public static Loss MeanSquaredError { get; } = new SquaredErrorLoss("mean-squared-error", IsMean: true);

    /// <summary>The binary cross-entropy −Σ (y ln a + (1 − y) ln(1 − a)), with targets in [0, 1] and outputs in (0, 1): logistic or softmax.</summary>
    public static Loss BinaryCrossEntropy { get; } = new BinaryCrossEntropyLoss();

    /// <summary>The categorical cross-entropy −Σ y ln a, with targets that sum to 1 and outputs in (0, 1): softmax or logistic.</summary>
    public static Loss CategoricalCrossEntropy { get; } = new CategoricalCrossEntropyLoss();

    /// <summary>The lower-case name of the loss.</summary>
    public string Name { get; }

    /// <summary>Whether outputs must lie in (0, 1).</summary>
    internal virtual bool NeedsProbabilities => false;

    /// <summary>The loss behind an output layer; for a matched pair the one that works on net inputs.</summary>
    /// <exception cref="ArgumentException">The loss is not defined for the outputs of the activation.</exception>
    internal LossFunction<T> CreateFunction<T>(Activation output) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (NeedsProbabilities && !output.YieldsProbabilities)
        {
            throw new ArgumentException(
                $"The loss {Name} takes logarithms of the outputs and needs them between 0 and 1, but the output layer is {output}: use logistic or softmax.");
        }

        return CreateCheckedFunction<T>(output);
    }

    /// <summary>The name of the loss.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public sealed override string ToString() => Name;

    private protected abstract LossFunction<T> CreateCheckedFunction<T>(Activation output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
