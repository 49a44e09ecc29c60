namespace BpTrainer.Networks;

/// <summary>A first guess at the number of hidden units.</summary>
internal static class HiddenSize
{
    public const int LargestAddend = 10;

    /// <summary>
    /// The rule of thumb h = √(n + m) + a for one hidden layer, rounded to the nearest whole number, halves up. It only gives the order of
    /// magnitude: try every a from 1 to 10, and keep the one with the lowest validation loss.
    /// </summary>
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
