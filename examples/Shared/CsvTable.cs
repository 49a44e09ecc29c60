using System.Text;
using CsvHelper;

namespace BpTrainer.Examples;

/// <summary>A delimited text file with a header, as text: the cells of each row and the line each row begins on.</summary>
internal sealed record CsvTable(string File, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows, IReadOnlyList<int> Lines)
{
    /// <summary>How its cells are read.</summary>
    public required ReadingOptions Options { get; init; }

    /// <summary>What the user should know about how the file was read.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// Reads a file. Its separator (comma, semicolon, tab or vertical bar) is detected from its first lines, and its encoding from its
    /// byte-order mark or its bytes. Lines without values and separators at the end of a line are ignored.
    /// </summary>
    /// <exception cref="UserError">The file is missing, unreadable, not text or empty, or a row does not match the header.</exception>
    public static CsvTable Read(string file, ReadingOptions options)
    {
        if (!System.IO.File.Exists(file))
            throw new UserError($"There is no file '{file}'.");
        try
        {
            Encoding encoding = options.Encoding ?? TextEncoding.Of(file);
            CsvTable table = Read(file, options, encoding);
            return options.Encoding is null && encoding == TextEncoding.Western
                ? table with
                {
                    Notes = [$"The file is not UTF-8, so it is read as {encoding.WebName}; use --encoding NAME for another encoding."],
                }
                : table;
        }
        catch (CsvFormatException e)
        {
            throw new UserError($"{file}, line {e.LineNumber}: a quotation mark is misplaced.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"'{file}' cannot be read: {e.Message}");
        }
    }

    /// <summary>Returns the index of a column.</summary>
    /// <exception cref="UserError">There is no such column; the message lists those that exist.</exception>
    public int IndexOf(string column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column)
                return i;
        }
        string cure = Columns.Count > 1 ? "" : " Cells must be separated by commas, semicolons, tabs or vertical bars.";
        throw new UserError($"{File} has no column '{column}'. Its columns: {string.Join(", ", Columns)}.{cure}");
    }

    private static CsvTable Read(string file, ReadingOptions options, Encoding encoding)
    {
        if (System.IO.File.ReadLines(file, encoding).FirstOrDefault()?.Contains('\0') == true)
            throw new UserError(
                $"{file} is not plain text, or UTF-16 without a byte-order mark. Save it as CSV, or add --encoding utf-16.");

        using var text = new StreamReader(file, encoding, detectEncodingFromByteOrderMarks: true);
        using var reader = CsvReader.Create(text, new CsvReaderOptions
        {
            TrackLineNumbers = true,
            TrimWhitespace = true,
            PoolStrings = true,
            MalformedData = CsvMalformedDataHandling.Throw,
        });
        string[] columns = [.. reader.Headers];
        if (columns.Length == 0)
            throw new UserError($"{file} is empty.");
        columns = columns[..(Array.FindLastIndex(columns, name => name.Length > 0) + 1)];
        CheckHeader(file, columns, options);

        List<string[]> rows = [];
        List<int> lines = [];
        while (reader.Read())
        {
            string[] cells = reader.Current.ToArray();
            int used = Array.FindLastIndex(cells, cell => cell.Length > 0) + 1;
            if (used == 0)
                continue;
            if (cells.Length < columns.Length || used > columns.Length)
                throw new UserError($"{file}, line {reader.LineNumber}: {cells.Length} fields where the header has {columns.Length}.");
            rows.Add(cells[..columns.Length]);
            lines.Add((int)reader.LineNumber);
        }
        if (rows.Count == 0)
            throw new UserError($"{file} has a header but no rows.");
        return new CsvTable(file, columns, rows, lines) { Options = options };
    }

    // The first name may be missing: pandas and R leave it empty above the names of the rows.
    private static void CheckHeader(string file, string[] columns, ReadingOptions options)
    {
        // Names that are numbers, such as years or pixel numbers, are in ascending order; the numbers of a row seldom are.
        float[] numbers =
        [
            .. columns.Where(name => options.TryNumber(name, out _)).Select(name => options.TryNumber(name, out float value) ? value : 0)
        ];
        if (numbers.Zip(numbers.Skip(1)).Any(pair => pair.First >= pair.Second))
            throw new UserError($"{file}: the first line, {string.Join(", ", columns.Take(5))}…, is a row of data, not a header. Add a " +
                "line with the names of the columns above it.");
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i].Length == 0 && i > 0)
                throw new UserError($"{file}: column {i + 1} has no name in the header. Give it one.");
            if (Array.IndexOf(columns, columns[i]) < i)
                throw new UserError($"{file}: two columns are called '{columns[i]}'. Give one of them another name.");
        }
    }
}
