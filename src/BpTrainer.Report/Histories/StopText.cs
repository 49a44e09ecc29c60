namespace BpTrainer.Report.Histories;

/// <summary>Why a training stopped, for who reads of it for the first time.</summary>
internal static class StopText
{
    public static string Of(StopReason reason, TrainingHistory history, int bestEpoch) => reason switch
    {
        StopReason.EpochsReached => "All epochs that it was allowed were used up.",
        StopReason.TargetLossReached => "The training loss reached the target that was set.",
        StopReason.EarlyStopping =>
            $"The validation loss, measured on rows that did not teach, found no new low in the {history.Count - bestEpoch} epochs after " +
            $"epoch {bestEpoch} (early stopping).",
        StopReason.Cancelled => "It was cancelled.",
        StopReason.NonFinite => "The numbers grew beyond all bounds (divergence). A lower learning rate usually helps.",
        StopReason.MinimumGradientReached => "The gradient became so small that nothing was left to learn.",
        StopReason.MaximumDampingReached => "Levenberg–Marquardt found no step that lowers the loss (the maximum damping was reached).",
        StopReason.NoLowerLossFound => "The line search found no lower loss; it is as low as the precision of the numbers allows.",
        StopReason.UpdatesReached => "All updates that it was allowed were used up.",
        StopReason.TimeBudgetReached => "The time that it was allowed was over.",
        StopReason.StopRequested => "The program that trained it asked it to stop.",
        StopReason.OneClass => "All training rows were of one class, so there was nothing to learn: it always predicts that class.",
        _ => $"{reason}.",
    };
}
