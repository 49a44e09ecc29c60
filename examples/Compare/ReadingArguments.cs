using System.CommandLine;

namespace BpTrainer.Examples.Compare;

/// <summary>The command-line options for reading the user's file.</summary>
internal static class ReadingArguments
{
    private static readonly Option<string?> s_encoding = new("--encoding")
    {
        Description = "Its encoding, such as utf-16 or latin1. Without it: detected from its bytes.",
        HelpName = "NAME",
    };
    private static readonly Option<string?> s_decimal =
        new("--decimal") { Description = "Its decimal sign, \".\" or \",\". Without it: the point.", HelpName = "SIGN" };
    private static readonly Option<string[]> s_missing =
        new("--missing") { Description = "A cell that means 'not known', like an empty one. May be repeated.", HelpName = "CELL" };
    private static readonly Option<string[]> s_text =
        new("--text") { Description = "A column whose values are categories. May be repeated.", HelpName = "COLUMN" };
    private static readonly Option<string[]> s_ignore =
        new("--ignore") { Description = "A column to leave out. May be repeated.", HelpName = "COLUMN" };
    private static readonly Option<string?> s_positive = new("--positive")
    {
        Description = "The positive class of a binary task. Without it: the one named +, yes or similar, otherwise the last.",
        HelpName = "CLASS",
    };

    /// <summary>All these options.</summary>
    public static readonly IReadOnlyList<Option> All = [s_encoding, s_decimal, s_missing, s_text, s_ignore, s_positive];

    /// <summary>Reads their values.</summary>
    /// <exception cref="UserError">A value is not valid.</exception>
    public static ReadingOptions From(ParseResult parsed)
    {
        string sign = parsed.GetValue(s_decimal) ?? ".";
        if (sign is not ("." or ","))
            throw new UserError($"--decimal is '{sign}'; it must be \".\" or \",\".");
        return new ReadingOptions
        {
            Encoding = parsed.GetValue(s_encoding) is { } name ? TextEncoding.Named(name) : null,
            DecimalComma = sign == ",",
            Missing = parsed.GetValue(s_missing) ?? [],
            TextColumns = parsed.GetValue(s_text) ?? [],
            IgnoredColumns = parsed.GetValue(s_ignore) ?? [],
            PositiveClass = parsed.GetValue(s_positive),
        };
    }
}
