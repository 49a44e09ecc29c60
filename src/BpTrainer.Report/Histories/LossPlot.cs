using BpTrainer.Numbers;
using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Histories;

/// <summary>The losses of every epoch.</summary>
internal static class LossPlot
{
    public static Plot Of(TrainingHistory history, int bestEpoch, IReadOnlyList<double>? testLosses, bool isLogScale)
    {
        CheckTestLosses(history, testLosses);
        var plot = new EpochPlot(history, bestEpoch, testLosses);
        double[] training = plot.Values(epoch => epoch.TrainingLoss), validation = plot.Values(epoch => epoch.ValidationLoss);
        bool hasValidation = history.Any(epoch => epoch.ValidationLoss is not null);
        List<IMarks> marks = [plot.Line("training", Palette.Training, training)];
        if (hasValidation)
        {
            marks.Add(plot.Line("validation", Palette.Validation, validation));
        }

        if (testLosses is not null)
        {
            marks.Add(plot.Line("test", Palette.Test, testLosses, isDashed: true));
        }

        marks.AddRange(plot.Best(hasValidation ? validation : training));
        marks.AddRange(plot.Undone(training));

        const string Axis = "Mean loss per row";
        double[] losses = [.. training, .. validation, .. testLosses ?? []];
        Axis y = (isLogScale ? LogAxis.For($"{Axis}, logarithmic", losses) : null) as Axis ?? LinearAxis.For(Axis, losses);
        return plot.Over("Loss by epoch", Description(history, bestEpoch, hasValidation), y, marks);
    }

    /// <summary>Whether a logarithmic scale can show the losses: all of them must be above 0.</summary>
    public static bool HasLogScale(TrainingHistory history) =>
        history.Count > 0 && history.All(epoch => epoch.TrainingLoss > 0 && epoch.ValidationLoss is null or > 0);

    /// <exception cref="ArgumentException">There is not one test loss for every epoch.</exception>
    public static void CheckTestLosses(TrainingHistory history, IReadOnlyList<double>? testLosses) => Guard.Require(
        testLosses is null || testLosses.Count == history.Count,
        $"There are {testLosses?.Count} test losses, but {history.Count} epochs; give one for each epoch.",
        nameof(testLosses));

    private static string Description(TrainingHistory history, int bestEpoch, bool hasValidation)
    {
        if (history.Count == 0)
        {
            return "No epochs.";
        }

        string training = Course("training", epoch => epoch.TrainingLoss);
        string validation = hasValidation ? " and " + Course("validation", epoch => epoch.ValidationLoss ?? double.NaN) : "";
        string best = bestEpoch > 0 ? $" The best epoch is {bestEpoch}." : "";
        string why = hasValidation ? " Where the training loss keeps falling while the validation loss rises, the network overfits." : "";
        string epochs = NumberText.Count(history.Count, "epoch");
        return $"Training minimizes the loss. Over {epochs}, {training}{validation}.{best}{why}";

        string Course(string name, Func<EpochRecord, double> loss) =>
            $"the {name} loss went from {NumberText.Of(loss(history[0]))} to {NumberText.Of(loss(history[^1]))}";
    }
}
