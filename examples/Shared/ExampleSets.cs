namespace BpTrainer.Examples;

/// <summary>A data set in a folder with a list, tables.csv.</summary>
/// <param name="File">The path of its file.</param>
/// <param name="Label">The column to predict.</param>
/// <param name="Task">How it is predicted.</param>
/// <param name="UsedForChoosing">Whether defaults of the trainers were chosen on it; if so, it says little about how good they are.</param>
internal sealed record ExampleSet(string File, string Label, LearningTask Task, bool UsedForChoosing)
{
    /// <summary>The name of the file, without .csv.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>Reads the file.</summary>
    public Problem Load() => Problem.From(CsvTable.Read(File, new ReadingOptions()), Name, Label, Task);
}

/// <summary>
/// The data sets of the repository: those of examples/data, which the build copies beside the program. examples/data/README.md names their
/// origin and licence.
/// </summary>
internal static class ExampleSets
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "data");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExampleSet> All { get; } = In(Folder);

    /// <summary>Iris, breast cancer and diabetes: one set a task.</summary>
    public static IEnumerable<Problem> OneATask() => [Load("iris"), Load("breast-cancer"), Load("diabetes")];

    /// <summary>Reads one of them.</summary>
    public static Problem Load(string name) => All.Single(set => set.Name == name).Load();

    /// <summary>The path of data/{name}.csv.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, name + ".csv");

    /// <summary>The data sets of a folder, as its tables.csv lists them: table, label, task, used_for_choosing.</summary>
    /// <exception cref="UserError">There is no such list, or it cannot be read.</exception>
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
