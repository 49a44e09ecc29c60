namespace BpTrainer.Examples;

/// <summary>
/// A table made ready for learning. Columns in which every known cell is a number become numbers (NaN where the cell
/// is missing); the others are categories ("" where missing). Row r has Numbers[r], Categories[r], Targets[r] and Classes[r].
/// </summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Task">What is predicted.</param>
/// <param name="NumberColumns">The names of the numeric columns.</param>
/// <param name="CategoryColumns">The names of the text columns.</param>
/// <param name="Numbers">The numeric cells of each row.</param>
/// <param name="Categories">The text cells of each row.</param>
/// <param name="Targets">Regression: the number to predict. Otherwise all zero.</param>
/// <param name="Classes">Classification: an index into ClassNames. Otherwise all zero.</param>
/// <param name="ClassNames">The classes in order; of two, the second is the positive one. Empty for regression.</param>
internal sealed record Problem(
    string Name,
    LearningTask Task,
    IReadOnlyList<string> NumberColumns,
    IReadOnlyList<string> CategoryColumns,
    float[][] Numbers,
    string[][] Categories,
    float[] Targets,
    int[] Classes,
    IReadOnlyList<string> ClassNames)
{
    /// <summary>The number of rows.</summary>
    public int Rows => Numbers.Length;

    /// <summary>Takes one column of the table as what is predicted and all others as features.</summary>
    /// <exception cref="UserError">The label column is unknown or cannot be predicted in this way, or no feature is left.</exception>
    public static Problem From(CsvTable table, string name, string labelColumn, LearningTask task)
    {
        int label = table.IndexOf(labelColumn);
        var features = Enumerable.Range(0, table.Columns.Count).Where(c => c != label).ToArray();
        if (features.Length == 0)
            throw new UserError($"{table.File} has no column besides the label '{labelColumn}'.");

        int[] numeric = features.Where(c => table.Rows.All(row => Cell.IsMissing(row[c]) || Cell.TryNumber(row[c], out _))).ToArray();
        int[] text = features.Except(numeric).ToArray();

        float[] targets = new float[table.Rows.Count];
        int[] classes = new int[table.Rows.Count];
        IReadOnlyList<string> classNames = [];
        if (task == LearningTask.Regression)
            targets = Labels.Numbers(table, label);
        else
            (classes, classNames) = Labels.Classes(table, label, task);

        return new Problem(
            name,
            task,
            numeric.Select(c => table.Columns[c]).ToArray(),
            text.Select(c => table.Columns[c]).ToArray(),
            Enumerable.Range(0, table.Rows.Count).Select(r => numeric.Select(c => Number(table, r, c)).ToArray()).ToArray(),
            table.Rows.Select(row => text.Select(c => Cell.IsMissing(row[c]) ? "" : row[c]).ToArray()).ToArray(),
            targets,
            classes,
            classNames);
    }

    private static float Number(CsvTable table, int row, int column)
    {
        string cell = table.Rows[row][column];
        if (Cell.IsMissing(cell))
            return float.NaN;
        if (!Cell.TryNumber(cell, out float value) || !float.IsFinite(value))
            throw new UserError($"{table.File}, line {table.Lines[row]}: '{cell}' in column '{table.Columns[column]}' is not a finite number.");
        return value;
    }
}
