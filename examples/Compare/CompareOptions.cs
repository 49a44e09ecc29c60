namespace BpTrainer.Examples.Compare;

/// <summary>What the command line asks for.</summary>
/// <param name="Data">The file to read; null for the three sets of the repository.</param>
/// <param name="Label">The column to predict.</param>
/// <param name="Task">The kind of prediction.</param>
/// <param name="Reading">How the file is read.</param>
/// <param name="Splits">The number of splits of the rows.</param>
/// <param name="TestFraction">The fraction of the rows that is kept for testing.</param>
/// <param name="Seed">Chooses the splits and seeds the trainers.</param>
/// <param name="Trainers">The trainers to compare.</param>
/// <param name="Json">The file for the JSON lines; null for none.</param>
/// <param name="Report">The file for the report as a page; null for none.</param>
/// <param name="Suite">The sets of the suite to compare on; null without the suite.</param>
internal sealed record CompareOptions(
    string? Data,
    string? Label,
    LearningTask Task,
    ReadingOptions Reading,
    int Splits,
    double TestFraction,
    int Seed,
    IReadOnlyList<TrainerChoice> Trainers,
    string? Json,
    string? Report = null,
    IReadOnlyList<ExampleSet>? Suite = null)
{
    /// <summary>Reads the sets to compare on.</summary>
    public IEnumerable<Problem> Problems() =>
        Suite?.Select(set => set.Load())
        ?? (Data is null
            ? ExampleSets.OneATask()
            : [Problem.From(CsvTable.Read(Data, Reading), Path.GetFileNameWithoutExtension(Data), Label!, Task)]);
}
