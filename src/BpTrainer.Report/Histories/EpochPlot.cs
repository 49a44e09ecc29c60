using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Histories;

/// <summary>The common parts of all charts over epochs: the epochs, the tooltip of an epoch, and the marks of epochs that were
/// undone.</summary>
internal sealed class EpochPlot(TrainingHistory history, int bestEpoch, IReadOnlyList<double>? testLosses = null)
{
    private bool HasBest => bestEpoch > 0 && bestEpoch <= history.Count;

    /// <summary>A value of every epoch; <see cref="double.NaN"/> if it was not measured.</summary>
    public double[] Values(Func<EpochRecord, double?> value) => [.. history.Select(epoch => value(epoch) ?? double.NaN)];

    /// <summary>A chart with one line.</summary>
    public Plot OneLine(string title, string description, string axis, Func<EpochRecord, double?> value, bool isLogScale = false)
    {
        double[] values = Values(value);
        Axis y = (isLogScale ? LogAxis.For($"{axis}, logarithmic", values) : null) as Axis ?? LinearAxis.For(axis, values, include: 0);
        return Over(title, description, y, [Line(null, Palette.Training, values), .. Best(values), .. Undone(values)]);
    }

    /// <summary>A chart of marks over the epochs.</summary>
    public Plot Over(string title, string description, Axis y, IReadOnlyList<IMarks> marks) =>
        new(title, description, LinearAxis.Epochs(history.Count), y, marks) { Empty = Empty(marks) };

    /// <summary>The line of a value; if there is an owner, its tooltips begin with the name of the owner.</summary>
    public LineMarks Line(string? name, string color, IReadOnlyList<double> values, bool isDashed = false, string? owner = null)
    {
        SortedSet<int> kept = [.. Thinning.Extremes(values)];
        if (HasBest)
        {
            kept.Add(bestEpoch - 1);
        }

        return new LineMarks(name, color, Marks(kept, values, owner), isDashed);
    }

    /// <summary>A ring around the best epoch; empty if there is none.</summary>
    public IEnumerable<IMarks> Best(IReadOnlyList<double> values) => HasBest
        ? [new PointMarks($"best epoch: {bestEpoch}", Palette.Best, Marks([bestEpoch - 1], values), PointShape.Ring)]
        : [];

    /// <summary>Crosses at the epochs that were undone; empty if there are none.</summary>
    public IEnumerable<IMarks> Undone(IReadOnlyList<double> values)
    {
        int[] undone = [.. Enumerable.Range(0, history.Count).Where(i => !history[i].IsAccepted)];
        var shown = Thinning.Evenly(undone.Length, Thinning.MostOfALine).Select(i => undone[i]);
        string name = $"rejected step ({NumberText.Count(undone.Length)})";
        return undone.Length == 0 ? [] : [new PointMarks(name, Palette.Undone, Marks(shown, values), PointShape.Cross)];
    }

    private Mark[] Marks(IEnumerable<int> indices, IReadOnlyList<double> values, string? owner = null) =>
        [.. indices.Select(i => new Mark(i + 1, values[i], owner is null ? Tip(i) : $"{owner}\n{Tip(i)}"))];

    /// <summary>Everything that is known about an epoch.</summary>
    private string Tip(int index)
    {
        EpochRecord epoch = history[index];
        string best = index + 1 == bestEpoch ? ", the best" : "", undone = epoch.IsAccepted ? "" : ", rejected and undone";
        return $"Epoch {index + 1}{best}{undone}" + Line("training loss", epoch.TrainingLoss)
            + Line("validation loss", epoch.ValidationLoss) + Line("test loss", testLosses?[index])
            + Line("learning rate", epoch.LearningRate) + Line("gradient norm", epoch.GradientNorm)
            + Line("epochs without a new low", epoch.ValidationChecks) + $"\nafter {NumberText.Seconds(epoch.Seconds)}";

        static string Line(string name, double? value) => value is { } number ? $"\n{name} {NumberText.Of(number)}" : "";
    }

    private string? Empty(IReadOnlyList<IMarks> marks)
    {
        if (history.Count == 0)
        {
            return "No epochs";
        }

        bool hasAny = marks.OfType<LineMarks>().Any(line => line.Marks.Any(mark => double.IsFinite(mark.Y)));
        return hasAny ? null : "No finite values";
    }
}
