namespace BpTrainer.Stopping;

/// <summary>The message about a training that ended with numbers that are not finite.</summary>
internal static class Divergence
{
    /// <summary>Describes what happened, what was kept, and what to do about it.</summary>
    public static string Describe(TrainingResult result, TrainingOptions options)
    {
        const string Data = "scale inputs and targets, and check for values that are not finite or far from all others";
        string kept = result.BestEpoch == 0 ? "there was no good epoch" : $"the weights are those of epoch {result.BestEpoch}";
        string remedy = options.Optimizer.LearningRate is { } rate
            ? FormattableString.Invariant($"The learning rate was {rate}: lower it, for example to {rate / 10:G3}; or {Data}.")
            : $"The optimizer {options.Optimizer} takes no learning rate: {Data}, or use another optimizer.";
        return FormattableString.Invariant(
            $"Training diverged: the loss, the gradient or the weights became infinite or NaN in epoch {result.History.Count}; ")
            + $"{kept}. {remedy}";
    }
}
