using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Histories;

/// <summary>
/// Decides whether a training overfitted. It looks at the training and validation loss at the best epoch, and compares their means over the
/// last third of the epochs after it with their means over about as many epochs around it. The best epoch itself is not part of these
/// means, because it was favoured by chance, unless it is one of the first epochs.
/// </summary>
internal static class TrainingVerdict
{
    /// <summary>A smaller rise of the validation loss counts as noise.</summary>
    private const double Noise = 0.02;

    /// <summary>If the validation loss is above the training loss by more than this share, the report mentions the gap.</summary>
    private const double Gap = 0.25;

    /// <summary>The answer in a few words, and the sentences with its numbers.</summary>
    public static (string Answer, string Reasons) Of(TrainingHistory history, int bestEpoch)
    {
        if (history.Count == 0 || bestEpoch < 1 || bestEpoch > history.Count)
        {
            return ("Nothing to judge", "No epoch gave usable weights, so the weights are those from before the training.");
        }

        EpochRecord best = history[bestEpoch - 1];
        if (best.ValidationLoss is not { } validation)
        {
            return (
                "It cannot be known",
                "No rows were held out for validation, so the training does not show how good the network is on new rows. Test rows do.");
        }

        (bool isGap, string atBest) = AtBest(bestEpoch, best.TrainingLoss, validation);
        string gapOrNot = isGap ? "Somewhat: it is better on its training rows than on others" : "No overfitting seen";
        return bestEpoch == history.Count
            ? (gapOrNot, $"{atBest} The best epoch is the last one.")
            : AfterBest(history, bestEpoch, gapOrNot, atBest);
    }

    private static (string Answer, string Reasons) AfterBest(TrainingHistory history, int bestEpoch, string gapOrNot, string atBest)
    {
        int width = (history.Count - bestEpoch + 2) / 3;
        int half = width / 2;

        // If there are not enough epochs before the best one, it counts too, because the losses after it may already have risen.
        bool countsBest = half == 0 || bestEpoch <= half;
        EpochRecord[] around =
            [.. history.Where((_, i) => Math.Abs(i + 1 - bestEpoch) <= half && (countsBest || i + 1 != bestEpoch))];
        EpochRecord[] end = [.. history.TakeLast(width)];
        double training = Mean(end, epoch => epoch.TrainingLoss), validation = Mean(end, epoch => epoch.ValidationLoss);
        double fall = 1 - Ratio(training, Mean(around, epoch => epoch.TrainingLoss));
        double rise = Ratio(validation, Mean(around, epoch => epoch.ValidationLoss)) - 1;
        string when = width == 1
            ? $"At the last epoch, {history.Count},"
            : $"Over the last {width} epochs, compared with {around.Length} around the best,";
        string after = $"{when} the training loss was {NumberText.Of(training)} ({Change(-fall)}) and the validation loss " +
            $"{NumberText.Of(validation)} ({Change(rise)})";
        string kept = $"The model keeps the weights of epoch {bestEpoch}.";
        if (!double.IsFinite(rise) || !double.IsFinite(fall))
        {
            return (gapOrNot, $"{atBest} {after}. {kept}");
        }

        double noise = Math.Max(Noise, Wobble([.. history.Skip(bestEpoch)], width) / validation);
        return (rise > noise, fall > 0) switch
        {
            (true, true) => (
                $"It began to overfit after epoch {bestEpoch}, but the model is from before that",
                $"{atBest} {after}: the network was memorizing its training rows and became worse on others. {kept}"),
            (true, false) => (
                gapOrNot,
                $"{atBest} {after}: both became worse, which is not overfitting; the training moved away from a good solution. {kept}"),
            _ => (
                gapOrNot,
                $"{atBest} {after}: the validation loss did not rise beyond the noise, so the further epochs did no harm, but did not " +
                $"help either. {kept}"),
        };
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
                "fewer units or more regularization reduce the gap."),
            > 1 => (false, $"{losses}, only {NumberText.Percent(times - 1)} more."),
            _ => (false, $"{losses}, which is not higher."),
        };
    }

    /// <summary>The mean over the epochs that were not undone.</summary>
    private static double Mean(EpochRecord[] epochs, Func<EpochRecord, double?> loss) =>
        epochs.Where(epoch => epoch.IsAccepted).Select(epoch => loss(epoch) ?? double.NaN).DefaultIfEmpty(double.NaN).Average();

    /// <summary>
    /// How far two means of <paramref name="width"/> validation losses may be apart by chance, estimated from how much the losses change
    /// from epoch to epoch.
    /// </summary>
    private static double Wobble(EpochRecord[] epochs, int width)
    {
        double[] losses = [.. epochs.Where(epoch => epoch.IsAccepted).Select(epoch => epoch.ValidationLoss ?? double.NaN)];
        double change = losses.Zip(losses.Skip(1), (one, next) => Math.Abs(next - one)).DefaultIfEmpty(0).Average();
        return change * Math.Sqrt(2.0 / width);
    }

    private static string Change(double share) =>
        double.IsFinite(share) ? $"{(share < 0 ? "" : "+")}{NumberText.Percent(share)}" : "no comparison";

    private static double Ratio(double a, double b) => b > 0 ? a / b : double.NaN;
}
