namespace BpTrainer.Report.Drawing;

/// <summary>A labelled value of an axis.</summary>
/// <param name="Place">Its place, from 0 at the start of the axis to 1 at its end.</param>
/// <param name="Text">The label.</param>
internal readonly record struct Tick(double Place, string Text);

/// <summary>An axis of a chart.</summary>
/// <param name="Title">What is measured, with its unit.</param>
internal abstract record Axis(string Title)
{
    /// <summary>The place of a value: 0 at the start of the axis, 1 at its end; <see cref="double.NaN"/> for a value that the axis does not
    /// have.</summary>
    public abstract double Place(double value);

    /// <summary>The values to label, at most about <paramref name="most"/>.</summary>
    public abstract IReadOnlyList<Tick> Ticks(int most);

    /// <summary>Whether there are grid lines at the ticks.</summary>
    public virtual bool HasGrid => true;
}

/// <summary>An axis on which equal differences have equal lengths.</summary>
internal sealed record LinearAxis(string Title, double Lowest, double Highest, bool IsWhole = false) : Axis(Title)
{
    /// <summary>Creates an axis for values, with a small margin on both sides; values that are not finite are ignored.</summary>
    /// <param name="title">What is measured.</param>
    /// <param name="values">The values.</param>
    /// <param name="include">A value to include as well, such as 0.</param>
    public static LinearAxis For(string title, IEnumerable<double> values, double? include = null)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        double lowest = finite.DefaultIfEmpty(include ?? 0).Min(), highest = finite.DefaultIfEmpty(include ?? 1).Max();
        if (include is { } also)
        {
            (lowest, highest) = (Math.Min(lowest, also), Math.Max(highest, also));
        }

        double range = highest - lowest;
        double room = !double.IsFinite(range) ? 0
            : range > Math.Abs(highest) * 1e-9 ? range * 0.05
            : highest == 0 ? 1
            : Math.Abs(highest) * 0.1;
        return new LinearAxis(
            title, lowest == include ? lowest : lowest - room, highest == include && range > 0 ? highest : highest + room);
    }

    /// <summary>Creates an axis for epochs from 1.</summary>
    public static LinearAxis Epochs(int count) => new("Epoch", count > 1 ? 1 : 0, Math.Max(count, 2), IsWhole: true);

    /// <summary>Creates an axis for shares.</summary>
    public static LinearAxis Share(string title) => new(title, 0, 1);

    // Halves, so that the range of very large numbers does not overflow.
    public override double Place(double value) => ((value / 2) - (Lowest / 2)) / ((Highest / 2) - (Lowest / 2));

    public override IReadOnlyList<Tick> Ticks(int most)
    {
        double step = Step(most);
        List<Tick> ticks = [];
        double first = Math.Ceiling((Lowest / step) - 1e-9);
        for (int i = 0; i < 100; i++)
        {
            double value = (first + i) * step;
            if (!(Place(value) <= 1 + 1e-9))
            {
                break;
            }

            ticks.Add(new Tick(Place(value), NumberText.Tick(value, step)));
        }

        return ticks;
    }

    /// <summary>The smallest step of 1, 2 or 5 times a power of ten that makes few enough ticks.</summary>
    private double Step(int most)
    {
        double least = (Highest / most) - (Lowest / most);
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double step = power * (least <= power * 1.0000001 ? 1 : least <= 2 * power ? 2 : least <= 5 * power ? 5 : 10);
        return IsWhole ? Math.Max(1, step) : step;
    }
}

/// <summary>An axis on which equal ratios have equal lengths.</summary>
internal sealed record LogAxis(string Title, double Lowest, double Highest) : Axis(Title)
{
    /// <summary>Creates an axis for the values above 0; null if there are none.</summary>
    public static LogAxis? For(string title, IEnumerable<double> values)
    {
        double[] positive = [.. values.Where(value => value > 0 && double.IsFinite(value))];
        if (positive.Length == 0)
        {
            return null;
        }

        double room = Math.Max(Math.Pow(positive.Max() / positive.Min(), 0.05), 1.05);
        room = double.IsFinite(room) ? room : 1;
        return new LogAxis(title, Math.Max(positive.Min() / room, double.Epsilon), Math.Min(positive.Max() * room, double.MaxValue));
    }

    public override double Place(double value) => value > 0
        ? (Math.Log10(value) - Math.Log10(Lowest)) / (Math.Log10(Highest) - Math.Log10(Lowest))
        : double.NaN;

    public override IReadOnlyList<Tick> Ticks(int most)
    {
        int first = (int)Math.Floor(Math.Log10(Lowest)), last = (int)Math.Ceiling(Math.Log10(Highest));
        double decades = Math.Log10(Highest) - Math.Log10(Lowest);
        if (decades < 1)
        {
            // Within a decade, the round values of a linear axis.
            double range = Highest - Lowest;
            return
            [
                .. new LinearAxis(Title, Lowest, Highest).Ticks(most)
                    .Select(tick => tick with { Place = Place(Lowest + (tick.Place * range)) }),
            ];
        }

        double[] factors = decades * 3 <= most ? [1, 2, 5] : [1];
        int every = Math.Max(1, (int)Math.Ceiling(decades / most));
        return
        [
            .. from power in Enumerable.Range(first, last - first + 1)
               where power % every == 0
               from factor in factors
               let value = factor * Math.Pow(10, power)
               where value > 0 && Place(value) is >= -1e-9 and <= 1 + 1e-9
               select new Tick(Place(value), NumberText.Of(value)),
        ];
    }
}

/// <summary>An axis of named categories, which all get the same length; the values are 0, 1, 2 ….</summary>
internal sealed record CategoryAxis(string Title, IReadOnlyList<string> Names) : Axis(Title)
{
    public override bool HasGrid => false;

    public override double Place(double value) => (value + 0.5) / Names.Count;

    /// <summary>Every name, or every k-th if there is no room for all.</summary>
    public override IReadOnlyList<Tick> Ticks(int most)
    {
        int every = Math.Max(1, (int)Math.Ceiling(Names.Count / (double)most));
        return [.. Names.Index().Where(name => name.Index % every == 0).Select(name => new Tick(Place(name.Index), name.Item))];
    }
}
