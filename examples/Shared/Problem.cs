namespace BpTrainer.Examples;

/// <summary>
/// A table that is prepared for learning: numbers (NaN if the cell is missing) and categories ("" if missing), as
/// <see cref="FeatureColumns"/> finds them. Row r has Numbers[r], Categories[r], Targets[r] and Classes[r].
/// </summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Task">The kind of prediction.</param>
/// <param name="NumberColumns">The names of the numeric columns.</param>
/// <param name="CategoryColumns">The names of the text columns.</param>
/// <param name="Numbers">The numeric cells of each row.</param>
/// <param name="Categories">The text cells of each row.</param>
/// <param name="Targets">Regression: the number to predict. Otherwise all zero.</param>
/// <param name="Classes">Classification: an index into ClassNames. Otherwise all zero.</param>
/// <param name="ClassNames">The classes in order; if there are two, the second is the positive one. Empty for regression.</param>
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

    /// <summary>What the user should know about how the table was read.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Uses one column of the table as the label and the others as features.</summary>
    /// <exception cref="UserError">The label column is unknown or does not match the task, or a feature column is ambiguous.</exception>
    public static Problem From(CsvTable table, string name, string labelColumn, LearningTask task)
    {
        int label = table.IndexOf(labelColumn);
        var features = new FeatureColumns(table, label);
        int[] numeric = [.. features.Numbers], text = [.. features.Categories];

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
            table.Rows.Select(
                row => numeric.Select(c => table.Options.TryNumber(row[c], out float value) ? value : float.NaN).ToArray()).ToArray(),
            table.Rows.Select(row => text.Select(c => table.Options.IsMissing(row[c]) ? "" : row[c]).ToArray()).ToArray(),
            targets,
            classes,
            classNames)
        {
            Notes = [.. table.Notes, .. features.Notes],
        };
    }
}
