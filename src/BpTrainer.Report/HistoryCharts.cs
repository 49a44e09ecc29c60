using BpTrainer.Report.Drawing;
using BpTrainer.Report.Histories;

namespace BpTrainer.Report;

/// <summary>Charts of a training, epoch by epoch. The tooltip of each mark shows everything that the history contains about the
/// epoch.</summary>
public static class HistoryCharts
{
    /// <summary>
    /// Plots the training and validation losses, and the losses on test rows if they are given. The best epoch and rejected steps are
    /// marked.
    /// </summary>
    /// <param name="history">The epochs.</param>
    /// <param name="bestEpoch">The epoch to mark; 0 for none. Default: the epoch with the lowest validation loss, if there are validation
    /// losses.</param>
    /// <param name="testLosses">The mean loss over test rows after each epoch, for example as measured by a callback. Default:
    /// none.</param>
    /// <param name="isLogScale">
    /// Whether the loss axis is logarithmic, if there are losses above 0; losses at or below 0 then have no mark. Default: false.
    /// </param>
    /// <returns>The chart.</returns>
    /// <exception cref="ArgumentException">The number of test losses is not the number of epochs.</exception>
    public static Chart PlotLoss(
        this TrainingHistory history, int? bestEpoch = null, IReadOnlyList<double>? testLosses = null, bool isLogScale = false)
    {
        ArgumentNullException.ThrowIfNull(history);
        return new Chart(LossPlot.Of(history, bestEpoch ?? Best(history), testLosses, isLogScale));
    }

    /// <summary>Plots the learning rate of every epoch.</summary>
    /// <param name="history">The epochs.</param>
    /// <returns>The chart.</returns>
    public static Chart PlotLearningRate(this TrainingHistory history) => One(
        history, "Learning rate", "The learning rate of every epoch; with a schedule, that of its first update.", "Learning rate",
        epoch => epoch.LearningRate);

    /// <summary>Plots the Euclidean norm of the gradient after every epoch, if it was measured, on a logarithmic scale.</summary>
    /// <param name="history">The epochs.</param>
    /// <returns>The chart.</returns>
    public static Chart PlotGradientNorm(this TrainingHistory history) => One(
        history, "Gradient norm", "The length of the gradient over all rows after every epoch: how steep the loss still is.",
        "Norm of the gradient", epoch => epoch.GradientNorm, isLogScale: true);

    /// <summary>Plots the validation checks of early stopping: the number of epochs since the last new low of the validation
    /// loss.</summary>
    /// <param name="history">The epochs.</param>
    /// <returns>The chart.</returns>
    public static Chart PlotValidationChecks(this TrainingHistory history) => One(
        history, "Epochs without a new low",
        "How many epochs in a row had no new low of the validation loss; early stopping ends the training when there are too many.",
        "Validation checks", epoch => epoch.ValidationChecks);

    /// <summary>Plots the time from the start of the training to the end of every epoch.</summary>
    /// <param name="history">The epochs.</param>
    /// <returns>The chart.</returns>
    public static Chart PlotTime(this TrainingHistory history) => One(
        history, "Time", "Seconds from the start of the training to the end of every epoch.", "Seconds since the start",
        epoch => epoch.Seconds);

    private static Chart One(
        TrainingHistory history, string title, string description, string axis, Func<EpochRecord, double?> value, bool isLogScale = false)
    {
        ArgumentNullException.ThrowIfNull(history);
        return new Chart(new EpochPlot(history, bestEpoch: 0).OneLine(title, description, axis, value, isLogScale));
    }

    private static int Best(TrainingHistory history) => history
        .Where(epoch => epoch.IsAccepted && epoch.ValidationLoss is { } loss && double.IsFinite(loss))
        .MinBy(epoch => epoch.ValidationLoss)?.Epoch ?? 0;
}
