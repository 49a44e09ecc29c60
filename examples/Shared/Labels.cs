namespace BpTrainer.Examples;

/// <summary>Reads the column to predict. A row without a label is an error; it is not skipped silently.</summary>
internal static class Labels
{
    private static readonly string[] s_positive = ["+", "yes", "y", "true", "t", "positive", "pos"];
    private static readonly string[] s_negative = ["-", "no", "n", "false", "f", "negative", "neg"];

    /// <summary>Returns the labels of a regression.</summary>
    /// <exception cref="UserError">A label is missing or not a finite number.</exception>
    public static float[] Numbers(CsvTable table, int column)
    {
        float[] labels = new float[table.Rows.Count];
        for (int r = 0; r < labels.Length; r++)
        {
            string cell = Known(table, r, column);
            if (!table.Options.TryNumber(cell, out labels[r]))
            {
                string cure = table.Options.NotationCure(cell) ?? "For names of classes, use --task binary or --task multiclass.";
                throw new UserError($"{table.File}, line {table.Lines[r]}: '{cell}' in the label column '{table.Columns[column]}' " +
                    $"is not a finite number, which a regression needs. {cure}");
            }
        }
        return labels;
    }

    /// <summary>Returns the labels of a classification, as indices into the sorted names of the classes.</summary>
    /// <exception cref="UserError">A label is missing, the number of classes does not match the task, or a class has a single
    /// row.</exception>
    public static (int[] Classes, IReadOnlyList<string> Names) Classes(CsvTable table, int column, LearningTask task)
    {
        string[] labels = Enumerable.Range(0, table.Rows.Count).Select(r => Known(table, r, column)).ToArray();
        var counts = labels.GroupBy(label => label).ToDictionary(group => group.Key, group => group.Count());
        string[] names = InOrder(counts.Keys, table.Options);
        string label = $"The label column '{table.Columns[column]}' of {table.File}";

        if (names.Length == 1)
            throw new UserError($"{label} has only one class, '{names[0]}'; a classification needs at least two.");
        if (task == LearningTask.Binary && names.Length > 2)
            throw new UserError($"{label} has {names.Length} classes; a binary classification needs two. Try --task multiclass.");
        if (names.FirstOrDefault(name => counts[name] == 1) is { } lonely)
        {
            string cure = names.All(name => table.Options.TryNumber(name, out _))
                ? "To predict a number, use --task regression."
                : "Remove the row, or merge the class with another one.";
            throw new UserError(
                $"{label} has a single row of class '{lonely}'; two are needed, one for training and one for testing. {cure}");
        }
        if (task == LearningTask.Binary)
            PutPositiveLast(names, table.Options.PositiveClass, label);

        var index = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        return (labels.Select(name => index[name]).ToArray(), names);
    }

    // Numbers are sorted by value, so that 10 comes after 9 and 1 is the positive class of 0 and 1; other names by their characters.
    private static string[] InOrder(IEnumerable<string> names, ReadingOptions options)
    {
        string[] sorted = names.Order(StringComparer.Ordinal).ToArray();
        return sorted.All(name => options.TryNumber(name, out _))
            ? sorted.OrderBy(name => options.TryNumber(name, out float value) ? value : 0).ToArray()
            : sorted;
    }

    // If the user has not chosen the positive class, it is the one whose name means yes, or the one that is not named no; otherwise the
    // order is kept.
    private static void PutPositiveLast(string[] names, string? wish, string label)
    {
        if (wish is not null && !names.Contains(wish))
            throw new UserError($"{label} has no class '{wish}' for --positive; its classes are '{names[0]}' and '{names[1]}'.");
        if (wish is null ? Sign(names[0]) > Sign(names[1]) : wish == names[0])
            Array.Reverse(names);

        static int Sign(string name) =>
            s_positive.Contains(name, StringComparer.OrdinalIgnoreCase) ? 1 : s_negative
                .Contains(name, StringComparer.OrdinalIgnoreCase) ? -1 : 0;
    }

    private static string Known(CsvTable table, int row, int column)
    {
        string cell = table.Rows[row][column];
        return table.Options.IsMissing(cell)
            ? throw new UserError($"{table.File}, line {table.Lines[row]}: the label column '{table.Columns[column]}' has no value.")
            : cell;
    }
}
