using System.Runtime.CompilerServices;
using BpTrainer.Numbers;

namespace BpTrainer.Losses;

/// <summary>What the cross-entropies of probabilities have in common: label smoothing and class weights.</summary>
internal abstract record CrossEntropyLoss(string Name, double LabelSmoothing, ValueList? ClassWeights) : Loss(Name)
{
    private protected sealed override string Parameters => string.Join(", ", new[]
    {
        LabelSmoothing == 0 ? "" : FormattableString.Invariant($"smoothing={LabelSmoothing}"),
        ClassWeights is null ? "" : $"weights={string.Join(':', ClassWeights.Select(w => FormattableString.Invariant($"{w}")))}",
    }.Where(text => text.Length > 0));

    /// <summary>A copy of class weights; throws if there are fewer than two, one is negative or not finite, or all are 0.</summary>
    public static ValueList? Checked(IReadOnlyList<double>? classWeights, [CallerArgumentExpression(nameof(classWeights))] string name = "")
    {
        if (classWeights is null)
        {
            return null;
        }

        var weights = new ValueList(classWeights);
        if (weights.Count < 2)
        {
            throw new ArgumentException(
                $"{name} has {weights.Count} weights, but must have one for each of two or more classes.", name);
        }

        foreach (double weight in weights.Where(weight => !(weight >= 0 && double.IsFinite(weight))))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{name} has the weight {weight}, but each must be finite and not negative."),
                name);
        }

        return weights.Any(weight => weight > 0)
            ? weights
            : throw new ArgumentException($"{name} are all 0; at least one class must count.", name);
    }

    /// <summary>Throws if the output layer does not give probabilities, or has another number of classes than there are weights.</summary>
    private protected void CheckOutput(LayerSpec output, int classes)
    {
        if (!output.Activation.YieldsProbabilities)
        {
            throw new ArgumentException(
                $"The loss {Name} takes logarithms of the outputs and needs them between 0 and 1, but the output layer is {output.Activation}: use logistic or softmax.");
        }

        if (ClassWeights is not null && ClassWeights.Count != classes)
        {
            throw new ArgumentException(
                $"{nameof(ClassWeights)} of the loss {Name} has {ClassWeights.Count} weights, but there are {classes} classes.");
        }
    }
}
