namespace BpTrainer;

/// <summary>Numbers of hidden units to try.</summary>
public static class HiddenSizes
{
    /// <summary>The largest addend a of the rule √(n + m) + a.</summary>
    private const int LargestAddend = 10;

    /// <summary>The sizes of the rule of thumb √(n + m) + a for a = 1, 2, …, 10, each rounded to the nearest integer.</summary>
    /// <param name="inputs">n, the number of inputs; 1 or more.</param>
    /// <param name="outputs">m, the number of outputs; 1 or more.</param>
    /// <returns>Ten sizes, each one larger than the one before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IReadOnlyList<int> ByRule(int inputs, int outputs) =>
        [.. Enumerable.Range(1, LargestAddend).Select(addend => ByRule(inputs, outputs, addend))];

    /// <summary>The size of the rule of thumb √(n + m) + a, rounded to the nearest integer, halves up.</summary>
    /// <inheritdoc cref="ByRule(int, int)"/>
    /// <param name="addend">a, from 1 to 10.</param>
    /// <returns>The size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static int ByRule(int inputs, int outputs, int addend)
    {
        Guard.AtLeast(inputs, 1);
        Guard.AtLeast(outputs, 1);
        return addend is >= 1 and <= LargestAddend
            ? (int)Math.Round(Math.Sqrt((double)inputs + outputs) + addend, MidpointRounding.AwayFromZero)
            : throw Guard.OutOfRange(nameof(addend), addend, $"from 1 to {LargestAddend}");
    }

    /// <summary>Throws unless there is at least one size and all sizes are different and 1 or more.</summary>
    internal static void Check(IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        Guard.Require(sizes.Count > 0, $"There are no {nameof(sizes)} to try; at least one is needed.", nameof(sizes));
        for (int i = 0; i < sizes.Count; i++)
        {
            Guard.AtLeast(sizes[i], 1, nameof(sizes));
            Guard.Require(!sizes.Take(i).Contains(sizes[i]), $"{nameof(sizes)} has {sizes[i]} twice.", nameof(sizes));
        }
    }
}
