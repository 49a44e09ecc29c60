using System.Globalization;

namespace BpTrainer.Examples;

/// <summary>How the text of one cell is understood.</summary>
internal static class Cell
{
    private static readonly string[] s_missing = ["", "?", "NA", "N/A", "NaN", "null"];

    /// <summary>An empty cell and the usual signs for "not known": ?, NA, N/A, NaN, null.</summary>
    public static bool IsMissing(string cell) => s_missing.Contains(cell, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a number with a point as decimal sign, whatever the country; it may be infinite when too large for a float.</summary>
    public static bool TryNumber(string cell, out float value) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
