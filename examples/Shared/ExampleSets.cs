namespace BpTrainer.Examples;

/// <summary>A data set in a folder whose list is tables.csv.</summary>
/// <param name="File">The path of its file.</param>
/// <param name="Label">The column to predict.</param>
/// <param name="Task">How it is predicted.</param>
/// <param name="UsedForChoosing">Whether the trainers' defaults were chosen on it; if so, results on it are too optimistic.</param>
internal sealed record ExampleSet(string File, string Label, LearningTask Task, bool UsedForChoosing)
{
    /// <summary>The name of the file, without .csv.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>Reads the file.</summary>
    public Problem Load() => Problem.From(CsvTable.Read(File, new ReadingOptions()), Name, Label, Task);
}

/// <summary>
/// The data sets of the repository: those of examples/data, which the build copies to the program's folder. examples/data/README.md names
/// their origin and licence.
/// </summary>
internal static class ExampleSets
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "data");

    /// <summary>All data sets.</summary>
    public static IReadOnlyList<ExampleSet> All { get; } = In(Folder);

    /// <summary>Iris, breast cancer and diabetes: one set for each task.</summary>
    public static IEnumerable<Problem> OneATask() => [Load("iris"), Load("breast-cancer"), Load("diabetes")];

    /// <summary>Reads a data set.</summary>
    public static Problem Load(string name) => All.Single(set => set.Name == name).Load();

    /// <summary>The path of data/{name}.csv.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, name + ".csv");

    /// <summary>Returns the data sets of a folder, which its tables.csv lists with the columns table, label, task and
    /// used_for_choosing.</summary>
    /// <exception cref="UserError">The list does not exist or cannot be read.</exception>
    public static IReadOnlyList<ExampleSet> In(string folder)
    {
        CsvTable list = CsvTable.Read(Path.Combine(folder, "tables.csv"), new ReadingOptions());
        int name = list.IndexOf("table"), label = list.IndexOf("label"), task = list.IndexOf("task");
        int used = list.IndexOf("used_for_choosing");
        return
        [
            .. list.Rows.Select(row => new ExampleSet(
                Path.Combine(folder, row[name] + ".csv"),
                row[label],
                Enum.Parse<LearningTask>(row[task], ignoreCase: true),
                row[used] == "yes"))
        ];
    }
}
