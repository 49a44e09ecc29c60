using BpTrainer.Numbers;

namespace BpTrainer.Networks;

/// <summary>A first guess at the number of hidden units.</summary>
internal static class HiddenSize
{
    /// <summary>The largest addend of the rule.</summary>
    public const int LargestAddend = 10;

    /// <summary>
    /// The rule of thumb h = √(n + m) + a for one hidden layer, rounded to the nearest whole number, halves up. It only gives
    /// the order of magnitude: trying every a, and keeping the one with the lowest validation error, is how it is meant.
    /// </summary>
    /// <param name="inputs">n, the number of inputs; 1 or more.</param>
    /// <param name="outputs">m, the number of outputs; 1 or more.</param>
    /// <param name="addend">a, from 1 to 10. Default 5.</param>
    /// <returns>h, at least 2.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A figure is out of its range.</exception>
    public static int Rule(int inputs, int outputs, int addend = 5)
    {
        Guard.AtLeast(inputs, 1);
        Guard.AtLeast(outputs, 1);
        if (addend is < 1 or > LargestAddend)
        {
            throw Guard.OutOfRange(nameof(addend), addend, $"from 1 to {LargestAddend}");
        }

        return (int)Math.Round(Math.Sqrt((double)inputs + outputs) + addend, MidpointRounding.AwayFromZero);
    }
}
