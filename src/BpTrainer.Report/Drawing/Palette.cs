namespace BpTrainer.Report.Drawing;

/// <summary>The colors of a chart, by their names in chart.css. That file defines each color for light and for dark pages.</summary>
internal static class Palette
{
    public const string Training = "c1";
    public const string Validation = "c2";
    public const string Test = "c3";
    public const string Best = "c4";
    public const string Undone = "c5";

    /// <summary>The color of the item with this number, such as a class or a trainer.</summary>
    public static string Of(int number) => $"c{(number % 8) + 1}";

    /// <summary>Whether the item needs a dashed line because another item has the same color.</summary>
    public static bool IsDashed(int number) => number / 8 % 2 == 1;
}
