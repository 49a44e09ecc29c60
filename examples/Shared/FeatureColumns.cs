using System.Globalization;
using System.Text.RegularExpressions;

namespace BpTrainer.Examples;

/// <summary>
/// Finds the feature columns of a table. A column holds numbers if every known cell is a number; otherwise it holds categories. A column
/// that is nearly numeric is an error, because a typo is more likely than hundreds of categories. Text that cannot be generalized to other
/// rows, such as ids and dates, is left out.
/// </summary>
internal sealed partial class FeatureColumns
{
    // With fewer rows, values that are all different or in ascending order mean little.
    private const int EnoughRows = 20;

    private readonly CsvTable _table;

    /// <summary>Examines all columns except the label and those that the reading options ignore.</summary>
    /// <exception cref="UserError">A column is nearly numeric, an option names an unknown column, or no feature is left.</exception>
    public FeatureColumns(CsvTable table, int label)
    {
        _table = table;
        int[] text = [.. table.Options.TextColumns.Select(table.IndexOf)];
        int[] ignored = [label, .. table.Options.IgnoredColumns.Select(table.IndexOf)];
        foreach (int column in Enumerable.Range(0, table.Columns.Count).Except(ignored))
        {
            if (text.Contains(column))
                Categories.Add(column);
            else
                Add(column);
        }

        if (Numbers.Count + Categories.Count == 0)
            throw new UserError($"{table.File} has no column besides the label '{table.Columns[label]}' to predict from. " +
                $"{string.Join(" ", Notes)}".TrimEnd());
    }

    /// <summary>The columns that hold numbers.</summary>
    public List<int> Numbers { get; } = [];

    /// <summary>The columns that hold categories.</summary>
    public List<int> Categories { get; } = [];

    /// <summary>What the user should know about columns that are left out or do not look like features.</summary>
    public List<string> Notes { get; } = [];

    private void Add(int column)
    {
        string name = _table.Columns[column];
        string[] known = [.. _table.Rows.Select(row => row[column]).Where(cell => !_table.Options.IsMissing(cell))];
        int distinct = known.Distinct().Count();
        bool isIndex = column == 0 && (name.Length == 0 || name.StartsWith("Unnamed:", StringComparison.Ordinal));

        if (isIndex)
        {
            Notes.Add(
                $"Column {column + 1} '{name}' is left out, because it is the index that pandas writes. To use it, give it a name in the " +
                "header.");
        }
        else if (known.All(IsNumber))
        {
            Numbers.Add(column);
            if (NoFeature(name, known) is { } kind)
                Notes.Add($"Column '{name}' looks like {kind}; add --ignore \"{name}\" if it is.");
        }
        else if (2 * known.Count(ReadingOptions.LooksLikeNumber) > known.Length)
        {
            throw NearlyNumeric(column);
        }
        else if (known.All(cell => DateOrTime().IsMatch(cell)))
        {
            Notes.Add($"Column '{name}' is left out: it holds dates or times. Add --text \"{name}\" to use each value as a category.");
        }
        else if (known.Length >= EnoughRows && distinct >= 0.9 * known.Length)
        {
            Notes.Add($"Column '{name}' is left out: it has {distinct} values in {known.Length} rows, like an id. Add --text " +
                $"\"{name}\" to use each value as a category.");
        }
        else
        {
            Categories.Add(column);
        }
    }

    private bool IsNumber(string cell) => _table.Options.TryNumber(cell, out _);

    private UserError NearlyNumeric(int column)
    {
        string name = _table.Columns[column];
        int row = Enumerable.Range(0, _table.Rows.Count).First(
            r => _table.Rows[r][column] is var cell && !_table.Options.IsMissing(cell) && !IsNumber(cell));
        string odd = _table.Rows[row][column];
        string cure = _table.Options.NotationCure(odd) ?? $"If it means 'not known', add --missing \"{odd}\".";
        return new UserError(
            $"{_table.File}, line {_table.Lines[row]}: '{odd}' in column '{name}' is not a finite number, " +
            $"but most of the column is numbers. {cure} If the column holds categories, add --text \"{name}\".");
    }

    // A column of numbers may still be a feature, so the user only gets a note.
    private static string? NoFeature(string name, string[] cells)
    {
        if (cells.Length < EnoughRows
            || !cells.All(cell => decimal.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
            return null;
        decimal[] numbers = [.. cells.Select(cell => decimal.Parse(cell, CultureInfo.InvariantCulture))];
        if (numbers.All(IsTime))
            return "dates or times";
        if (numbers.Zip(numbers.Skip(1)).All(pair => pair.First < pair.Second))
            return "a row number or a time, because it increases from row to row";
        return IdName().IsMatch(name) && numbers.Distinct().Count() == numbers.Length ? "an id" : null;
    }

    // Days such as 20261125, or seconds or milliseconds since 1970 in this century.
    private static bool IsTime(decimal number) =>
        DateTime.TryParseExact(
            number.ToString(CultureInfo.InvariantCulture), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime day)
            && day.Year is >= 1900 and < 2100
        || number is (>= 946684800 and < 4102444800) or (>= 946684800000 and < 4102444800000);

    [GeneratedRegex(
        @"^(\d{4}|\d\d?)([-/. ])(\d\d?|[A-Za-z]{3,9})\2(\d{4}|\d\d)([T ].*)?$|^[A-Za-z]{3,9} \d\d?, \d{4}|" +
        @"^\d\d?:\d\d(:\d\d)?([ .,].*)?$")]
    private static partial Regex DateOrTime();

    [GeneratedRegex("^(.*[^A-Za-z])?[Ii][Dd]$|I[Dd]$")]
    private static partial Regex IdName();
}
