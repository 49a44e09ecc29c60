using BpTrainer.Examples.Compare;

namespace BpTrainer.Examples.Tests.Compare;

/// <summary>Small problems from text, and options for them.</summary>
internal static class TestProblems
{
    public static Problem From(string csv, string label, LearningTask task)
    {
        using var folder = new TempFolder();
        return Problem.From(CsvTable.Read(folder.Write("data.csv", csv), new ReadingOptions()), "data", label, task);
    }

    /// <summary>Two classes: yes is x above 0. A hundred rows.</summary>
    public static Problem Separable() =>
        From(
            "x,y\n" + string.Concat(Enumerable.Range(-50, 100).Select(x => $"{x + 0.5},{(x < 0 ? "no" : "yes")}\n")),
            "y",
            LearningTask.Binary);

    public static CompareOptions Options(int splits = 2) =>
        new(
            null, null, LearningTask.Regression, new ReadingOptions(), splits, 0.2, 1,
            TrainerChoice.Of(Contender.Standard, TrainerSettings.None), null);
}
