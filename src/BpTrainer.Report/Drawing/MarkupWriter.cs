using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace BpTrainer.Report.Drawing;

/// <summary>
/// Writes markup that is well formed as HTML and as XML. The interpolated values of a text are encoded, so that the name of a column cannot
/// become markup. Characters that XML does not allow are replaced, and numbers, which are lengths in pixels, have two decimals.
/// </summary>
internal sealed class MarkupWriter
{
    private readonly StringBuilder _text = new();
    private int _ids;

    /// <summary>Adds a template; its interpolated values are encoded.</summary>
    public MarkupWriter Add([InterpolatedStringHandlerArgument("")] Template template)
    {
        _ = template;
        return this;
    }

    /// <summary>Adds text that is already markup.</summary>
    public MarkupWriter AddMarkup(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Returns an id that no other element has.</summary>
    public string NewId(string prefix) => $"{prefix}{++_ids}";

    public override string ToString() => _text.ToString();

    private void Encode(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '<':
                    _text.Append("&lt;");
                    break;
                case '>':
                    _text.Append("&gt;");
                    break;
                case '&':
                    _text.Append("&amp;");
                    break;
                case '"':
                    _text.Append("&quot;");
                    break;
                case '\'':
                    _text.Append("&#39;");
                    break;
                case '\n':
                    _text.Append("&#10;");
                    break;
                case '\t':
                    _text.Append(' ');
                    break;
                default:
                    bool isAllowed = rune.Value >= ' ' && rune.Value is not ((>= 0x7F and <= 0x9F) or 0xFFFE or 0xFFFF);
                    _text.Append(isAllowed ? rune.ToString() : "\uFFFD");
                    break;
            }
        }
    }

    /// <summary>The handler that the compiler creates for an interpolated text: each part goes directly to the writer.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Template
    {
        private readonly MarkupWriter _writer;

        public Template(int literalLength, int formattedCount, MarkupWriter writer)
        {
            _ = literalLength + formattedCount;
            _writer = writer;
        }

        public void AppendLiteral(string markup) => _writer._text.Append(markup);

        public void AppendFormatted(string? text) => _writer.Encode(text ?? "");

        public void AppendFormatted(int number) => _writer._text.Append(CultureInfo.InvariantCulture, $"{number}");

        public void AppendFormatted(double pixels) =>
            _writer._text.Append((Math.Round(pixels, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture));
    }
}
