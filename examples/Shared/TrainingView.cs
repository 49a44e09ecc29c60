using System.Globalization;

namespace BpTrainer.Examples;

/// <summary>Shows the epochs of a training so far as lines of text.</summary>
/// <param name="mostEpochs">The maximum number of epochs; null if it is not known.</param>
internal sealed class TrainingView(int? mostEpochs = null)
{
    private const string Blocks = " ▁▂▃▄▅▆▇█";
    private const int Steps = 8;

    private readonly List<EpochRecord> _epochs = [];

    /// <summary>Adds an epoch. An epoch that does not follow the last one starts another training.</summary>
    public void Add(EpochRecord epoch)
    {
        if (_epochs is [.., var last] && epoch.Epoch != last.Epoch + 1)
            _epochs.Clear();
        _epochs.Add(epoch);
    }

    /// <summary>Describes the last epoch: its number, losses and learning rate, and the maximum remaining time.</summary>
    public string Line()
    {
        if (_epochs is not [.., var last])
            return "";
        string most = mostEpochs is { } epochs ? $" of {epochs}" : "";
        string validation = last.ValidationLoss is { } loss ? $", validation loss {Number(loss)}" : "";
        string left = mostEpochs is { } all
            ? string.Create(CultureInfo.InvariantCulture, $", at most {last.Seconds / _epochs.Count * (all - last.Epoch):F1} s left")
            : "";
        return $"epoch {last.Epoch}{most}: training loss {Number(last.TrainingLoss)}{validation}, " +
            $"learning rate {Number(last.LearningRate)}{left}";
    }

    /// <summary>Returns the validation loss of the last epoch, or its training loss if it has none.</summary>
    public string Loss() => _epochs is [.., { ValidationLoss: { } loss }]
        ? $"validation loss {Number(loss)}"
        : $"training loss {Number(_epochs[^1].TrainingLoss)}";

    /// <summary>Draws the curve of the validation losses, or of the training losses if there are none, with a column for each of some
    /// epochs.</summary>
    /// <param name="width">The maximum number of columns.</param>
    /// <param name="height">The number of lines.</param>
    /// <returns>The lines, from the top. The height of a column ranges from the lowest loss to the highest; a loss that is not finite has
    /// no column.</returns>
    public IReadOnlyList<string> Curve(int width, int height)
    {
        int columns = Math.Min(width, _epochs.Count);
        double[] losses = [.. Enumerable.Range(0, columns).Select(column => Loss(_epochs[IndexOf(column, columns)]))];
        double[] finite = [.. losses.Where(double.IsFinite)];
        if (finite.Length == 0)
            return [];
        (double low, double high) = (finite.Min(), finite.Max());
        int most = (height * Steps) - 1;
        int[] levels = [.. losses.Select(loss =>
            !double.IsFinite(loss) ? 0 : high == low ? 1 : 1 + (int)Math.Round((loss - low) / (high - low) * most))];
        return [.. Enumerable.Range(1, height).Select(line => string.Concat(
            levels.Select(level => Blocks[Math.Clamp(level - ((height - line) * Steps), 0, Steps)])))];
    }

    // The last column is the last epoch.
    private int IndexOf(int column, int columns) =>
        columns == 1 ? _epochs.Count - 1 : (int)((long)column * (_epochs.Count - 1) / (columns - 1));

    private static double Loss(EpochRecord epoch) => epoch.ValidationLoss ?? epoch.TrainingLoss;

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
