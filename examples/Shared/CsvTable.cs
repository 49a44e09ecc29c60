using CsvHelper;

namespace BpTrainer.Examples;

/// <summary>A delimited text file with a header, as text: the cells of each row and the line each row begins on.</summary>
internal sealed record CsvTable(string File, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows, IReadOnlyList<int> Lines)
{
    /// <summary>Reads a file. Its separator (comma, semicolon, tab or bar) is found from its first lines; empty lines are passed over.</summary>
    /// <exception cref="UserError">The file is missing, unreadable or empty, or a row does not fit the header.</exception>
    public static CsvTable Read(string file)
    {
        if (!System.IO.File.Exists(file))
            throw new UserError($"There is no file '{file}'.");
        try
        {
            var options = new CsvReaderOptions
            {
                TrackLineNumbers = true,
                TrimWhitespace = true,
                PoolStrings = true,
                MalformedData = CsvMalformedDataHandling.Throw,
            };
            using var reader = CsvReader.FromFile(file, options);
            return Read(file, reader);
        }
        catch (CsvFormatException e)
        {
            throw new UserError($"{file}, line {e.LineNumber}: a quotation mark is out of place.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"'{file}' cannot be read: {e.Message}");
        }
    }

    /// <summary>The index of a column.</summary>
    /// <exception cref="UserError">There is no such column; the message lists those that exist.</exception>
    public int IndexOf(string column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column)
                return i;
        }
        throw new UserError($"{File} has no column '{column}'. Its columns: {string.Join(", ", Columns)}.");
    }

    private static CsvTable Read(string file, CsvReader reader)
    {
        string[] columns = [.. reader.Headers];
        if (columns.Length == 0)
            throw new UserError($"{file} is empty.");
        CheckHeader(file, columns);

        List<string[]> rows = [];
        List<int> lines = [];
        while (reader.Read())
        {
            int line = (int)reader.LineNumber;
            if (reader.FieldCount != columns.Length)
                throw new UserError($"{file}, line {line}: {reader.FieldCount} fields where the header has {columns.Length}.");
            rows.Add(reader.Current.ToArray());
            lines.Add(line);
        }
        if (rows.Count == 0)
            throw new UserError($"{file} has a header but no rows.");
        return new CsvTable(file, columns, rows, lines);
    }

    private static void CheckHeader(string file, string[] columns)
    {
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i].Length == 0)
                throw new UserError($"{file}: column {i + 1} has no name in the header.");
            if (Array.IndexOf(columns, columns[i]) < i)
                throw new UserError($"{file}: two columns are called '{columns[i]}'.");
        }
    }
}
