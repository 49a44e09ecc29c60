namespace BpTrainer.Examples;

/// <summary>The data sets of the repository; examples/data/README.md names their origin and licence.</summary>
internal static class ExampleSets
{
    /// <summary>Iris, breast cancer and diabetes: one set a task.</summary>
    public static IEnumerable<Problem> All() =>
    [
        Load("iris", "species", LearningTask.Multiclass),
        Load("breast-cancer", "diagnosis", LearningTask.Binary),
        Load("diabetes", "progression", LearningTask.Regression),
    ];

    /// <summary>Loads data/{name}.csv, which the build copies beside the program.</summary>
    public static Problem Load(string name, string label, LearningTask task)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "data", name + ".csv");
        return Problem.From(CsvTable.Read(file, new ReadingOptions()), name, label, task);
    }
}
