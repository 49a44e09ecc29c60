namespace BpTrainer.Examples;

/// <summary>A data set of the repository: data/{Name}.csv, which the build copies beside the program.</summary>
/// <param name="Name">The name of the file, without .csv.</param>
/// <param name="Label">The column to predict.</param>
/// <param name="Task">How it is predicted.</param>
/// <param name="UsedForChoosing">Whether defaults of the trainers were chosen on it; if so, it says little about how good they are.</param>
internal sealed record ExampleSet(string Name, string Label, LearningTask Task, bool UsedForChoosing)
{
    /// <summary>Reads the file.</summary>
    public Problem Load() => Problem.From(CsvTable.Read(ExampleSets.PathOf(Name), new ReadingOptions()), Name, Label, Task);
}

/// <summary>
/// The data sets of the repository, as data/tables.csv lists them; examples/data/README.md names their origin and licence.
/// </summary>
internal static class ExampleSets
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExampleSet> All { get; } = [.. ReadList()];

    /// <summary>Iris, breast cancer and diabetes: one set a task.</summary>
    public static IEnumerable<Problem> OneATask() => [Load("iris"), Load("breast-cancer"), Load("diabetes")];

    /// <summary>Reads one of them.</summary>
    public static Problem Load(string name) => All.Single(set => set.Name == name).Load();

    /// <summary>The path of data/{name}.csv.</summary>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "data", name + ".csv");

    private static IEnumerable<ExampleSet> ReadList()
    {
        CsvTable list = CsvTable.Read(PathOf("tables"), new ReadingOptions());
        int name = list.IndexOf("table"), label = list.IndexOf("label"), task = list.IndexOf("task");
        int used = list.IndexOf("used_for_choosing");
        return list.Rows.Select(
            row => new ExampleSet(row[name], row[label], Enum.Parse<LearningTask>(row[task], ignoreCase: true), row[used] == "yes"));
    }
}
