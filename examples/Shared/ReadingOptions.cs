using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace BpTrainer.Examples;

/// <summary>How a file is read if its text alone is ambiguous.</summary>
internal sealed partial record ReadingOptions
{
    private static readonly string[] s_missing = ["", "?", "NA", "N/A", "NaN", "null"];
    private static readonly NumberFormatInfo s_comma = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };

    private readonly HashSet<string> _missing = new(s_missing, StringComparer.OrdinalIgnoreCase);

    /// <summary>The encoding of a file without a byte-order mark; null for UTF-8, or for windows-1252 if the file is not UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Cells that mean "not known", in addition to an empty cell, ?, NA, N/A, NaN and null.</summary>
    public IEnumerable<string> Missing
    {
        init => _missing = new HashSet<string>(s_missing.Concat(value), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether numbers have a decimal comma instead of a point.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>Columns that hold categories, whatever they look like.</summary>
    public IReadOnlyList<string> TextColumns { get; init; } = [];

    /// <summary>Columns that are not features.</summary>
    public IReadOnlyList<string> IgnoredColumns { get; init; } = [];

    /// <summary>Which of two classes is the positive one; null to choose by their names.</summary>
    public string? PositiveClass { get; init; }

    /// <summary>Whether a cell means "not known".</summary>
    public bool IsMissing(string cell) => _missing.Contains(cell);

    /// <summary>Reads a finite number, the same way in every culture. A cell that means "not known" is not a number.</summary>
    public bool TryNumber(string cell, out float value)
    {
        value = float.NaN;
        return !IsMissing(cell) && TryNumber(cell, DecimalComma, out value) && float.IsFinite(value);
    }

    /// <summary>Whether a cell is a number in some notation: with either decimal sign, with thousands separators, or infinite.</summary>
    public static bool LooksLikeNumber(string cell) =>
        TryNumber(cell, decimalComma: false, out _) || TryNumber(cell, decimalComma: true, out _) || Thousands().IsMatch(cell);

    /// <summary>Returns what to do if a cell is a number in another notation; null if it is not.</summary>
    public string? NotationCure(string cell)
    {
        (string name, char sign) = DecimalComma ? ("point", '.') : ("comma", ',');
        if (cell.Contains(sign) && TryNumber(cell, !DecimalComma, out _))
            return $"If the {name} is the decimal sign, add --decimal \"{sign}\"; if it separates thousands, remove it.";
        return Thousands().IsMatch(cell) ? "Remove the thousands separators." : null;
    }

    private static bool TryNumber(string cell, bool decimalComma, out float value) =>
        float.TryParse(cell, NumberStyles.Float, decimalComma ? s_comma : NumberFormatInfo.InvariantInfo, out value);

    [GeneratedRegex(@"^[-+]?\d{1,3}([., '’]\d{3})+([.,]\d+)?$")]
    private static partial Regex Thousands();
}
