namespace BpTrainer.Stopping;

/// <summary>The message about a training that ended with numbers that are not finite.</summary>
internal static class Divergence
{
    /// <summary>What happened, what was kept, and what to do about it.</summary>
    public static string Describe(TrainingResult result, TrainingOptions options)
    {
        const string Data = "scale inputs and targets, and look for values that are not finite or far from all others";
        string kept = result.BestEpoch == 0 ? "there was no good epoch" : $"the weights are those of epoch {result.BestEpoch}";
        string remedy = options.Optimizer.LearningRate is { } rate
            ? FormattableString.Invariant($"The learning rate was {rate}: lower it, such as to {rate / 10:G3}; or {Data}.")
            : $"The optimizer {options.Optimizer} takes no learning rate: {Data}, or use another optimizer.";
        return FormattableString.Invariant(
            $"Training diverged: loss, gradient or weights became infinite or NaN in epoch {result.History.Count}; {kept}. {remedy}");
    }
}
