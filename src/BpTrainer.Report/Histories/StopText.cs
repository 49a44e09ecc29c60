namespace BpTrainer.Report.Histories;

/// <summary>Explains why a training stopped, for readers who are new to the subject.</summary>
internal static class StopText
{
    public static string Of(StopReason reason, TrainingHistory history, int bestEpoch) => reason switch
    {
        StopReason.EpochsReached => "It reached the maximum number of epochs.",
        StopReason.TargetLossReached => "The training loss reached the target loss.",
        StopReason.EarlyStopping =>
            "The validation loss, measured on rows that were not used for training, reached no new low in the " +
            $"{history.Count - bestEpoch} epochs after epoch {bestEpoch} (early stopping).",
        StopReason.Cancelled => "It was cancelled.",
        StopReason.NonFinite => "The numbers grew without limit (divergence). A lower learning rate usually helps.",
        StopReason.MinimumGradientReached => "The gradient became so small that nothing was left to learn.",
        StopReason.MaximumDampingReached => "Levenberg–Marquardt found no step that lowers the loss (the maximum damping was reached).",
        StopReason.NoLowerLossFound => "The line search found no lower loss; it is as low as the precision of the numbers allows.",
        StopReason.UpdatesReached => "It reached the maximum number of updates.",
        StopReason.TimeBudgetReached => "It reached the time limit.",
        StopReason.StopRequested => "The program that trained it requested the stop.",
        StopReason.OneClass => "All training rows belonged to one class, so there was nothing to learn: it always predicts that class.",
        _ => $"{reason}.",
    };
}
