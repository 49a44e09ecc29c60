using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Histories;

/// <summary>Whether a training overfitted, judged by training and validation loss at the best epoch and after it.</summary>
internal static class TrainingVerdict
{
    /// <summary>A rise of the validation loss by less is taken for noise.</summary>
    private const double Noise = 0.02;

    /// <summary>A validation loss above the training loss by more is a gap worth naming.</summary>
    private const double Gap = 0.25;

    /// <summary>The answer in a few words, and the sentences with its numbers.</summary>
    public static (string Answer, string Reasons) Of(TrainingHistory history, int bestEpoch)
    {
        if (history.Count == 0 || bestEpoch < 1 || bestEpoch > history.Count)
        {
            return ("Nothing to judge", "No epoch was good, so the weights are those from before the training.");
        }

        EpochRecord best = history[bestEpoch - 1], last = history[^1];
        if (best.ValidationLoss is not { } validation)
        {
            return (
                "Overfitting cannot be told",
                "No rows were held out to validate, so nothing says how the network does on rows that it has not learned. Test rows do.");
        }

        (bool isGap, string atBest) = AtBest(bestEpoch, best.TrainingLoss, validation);
        string gapOrNot = isGap ? "Somewhat: it does better on its training rows than on others" : "No overfitting seen";
        if (bestEpoch == history.Count || last.ValidationLoss is not { } end)
        {
            return (gapOrNot, $"{atBest} The best epoch is the last one.");
        }

        double rise = Ratio(end, validation) - 1, fall = 1 - Ratio(last.TrainingLoss, best.TrainingLoss);
        string after = $"At the last epoch, {history.Count}, the training loss was {NumberText.Of(last.TrainingLoss)} " +
            $"({Change(last.TrainingLoss, best.TrainingLoss)}) and the validation loss {NumberText.Of(end)} ({Change(end, validation)})";
        if (!double.IsFinite(rise) || !double.IsFinite(fall))
        {
            return (gapOrNot, $"{atBest} {after}. The model keeps the weights of epoch {bestEpoch}.");
        }

        if (rise > Noise && fall > 0)
        {
            return (
                $"It began to overfit after epoch {bestEpoch}, but the model is from before that",
                $"{atBest} {after}: the network was learning its training rows by heart and became worse on others. " +
                $"The model keeps the weights of epoch {bestEpoch}.");
        }

        string stayed = rise > Noise
            ? "both became worse, which is no overfitting but a training that wandered off"
            : "the validation loss stayed about where it was or below, so that nothing was learned by heart";
        return (gapOrNot, $"{atBest} {after}: {stayed}. The model keeps the weights of epoch {bestEpoch}.");
    }

    private static (bool IsGap, string Text) AtBest(int epoch, double training, double validation)
    {
        double times = Ratio(validation, training);
        string losses = $"At the best epoch, {epoch}, the training loss was {NumberText.Of(training)} and the validation loss " +
            NumberText.Of(validation);
        string more = times > 2 ? $"{NumberText.Of(times)} times that" : $"{NumberText.Percent(times - 1)} more";
        return times switch
        {
            > 1 + Gap => (true, $"{losses}, {more}: on new rows the network is that much worse than on those it has learned. More rows, " +
                "fewer units or more regularization narrow the gap."),
            > 1 => (false, $"{losses}, only {NumberText.Percent(times - 1)} more."),
            _ => (false, $"{losses}, which is not higher."),
        };
    }

    private static string Change(double now, double before)
    {
        double change = Ratio(now, before) - 1;
        return double.IsFinite(change) ? $"{(change < 0 ? "" : "+")}{NumberText.Percent(change)}" : "no comparison";
    }

    private static double Ratio(double a, double b) => b > 0 ? a / b : double.NaN;
}
