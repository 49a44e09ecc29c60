using System.Text;

namespace BpTrainer.Report.Drawing;

/// <summary>
/// Estimates the maximum width of a text, because fonts cannot be measured before a browser shows them. The widths are about those of
/// DejaVu Sans, which is wider than most fonts.
/// </summary>
internal static class TextSize
{
    /// <summary>The font size on axes and in legends, in pixels.</summary>
    public const double Normal = 12;

    /// <summary>The font size of a chart's title, in pixels.</summary>
    public const double Title = 14;

    public static double Width(string text, double size = Normal)
    {
        double widths = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            widths += rune.Value switch
            {
                'i' or 'l' or 'j' or 'I' or '.' or ',' or ':' or '\'' or '|' or ' ' => 0.34,
                'm' or 'w' or 'M' or 'W' or '%' => 0.97,
                >= 'A' and <= 'Z' => 0.72,
                >= 0x1100 => 1.02,
                _ => 0.63,
            };
        }

        const double Bold = 1.12;
        return widths * size * (size == Title ? Bold : 1);
    }

    /// <summary>
    /// Returns the text or, if it is wider than the room, its beginning and its end with an ellipsis between them. The end is kept because
    /// names often differ at the end.
    /// </summary>
    public static string Shorten(string text, double room, double size = Normal)
    {
        if (Width(text, size) <= room)
        {
            return text;
        }

        Rune[] runes = [.. text.EnumerateRunes()];
        string Kept(int count) =>
            $"{string.Concat(runes[..((count + 1) / 2)]).TrimEnd()}…{string.Concat(runes[^(count / 2)..]).TrimStart()}";

        int most = runes.Length - 1;
        while (most > 0 && Width(Kept(most), size) > room)
        {
            most--;
        }

        return Kept(most);
    }

    /// <summary>Breaks the text at spaces into lines that fit into the room.</summary>
    public static IReadOnlyList<string> Wrap(string text, double room, double size = Normal)
    {
        List<string> lines = [];
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && Width($"{lines[^1]} {word}", size) <= room)
            {
                lines[^1] += " " + word;
            }
            else
            {
                lines.Add(word);
            }
        }

        return [.. lines.Select(line => Shorten(line, room, size))];
    }
}
