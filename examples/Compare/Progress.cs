using Spectre.Console;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// Shows the progress of a comparison: on a terminal a bar, the remaining time, and the last epoch and the curve of our trainer; otherwise
/// a plain line for each split. It is written to the error stream, so that the output contains only the tables.
/// </summary>
internal static class Progress
{
    private const int BarWidth = 20, CurveWidth = 12;

    /// <summary>Runs the comparison and shows its steps.</summary>
    /// <param name="error">The error stream.</param>
    /// <param name="comparison">The comparison.</param>
    public static IReadOnlyList<TrainerResult> Show(TextWriter error, Comparison comparison) =>
        Show(Terminal.On(error), comparison);

    /// <summary>Runs the comparison and shows its steps on a console.</summary>
    public static IReadOnlyList<TrainerResult> Show(IAnsiConsole console, Comparison comparison) =>
        console.Profile.Out.IsTerminal ? Bar(console, comparison) : Lines(console.Profile.Out.Writer, comparison);

    private static IReadOnlyList<TrainerResult> Bar(IAnsiConsole console, Comparison comparison) => console.Progress()
        .AutoClear(true)
        .Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = BarWidth },
            new RemainingTimeColumn())
        .Start(context =>
        {
            string name = comparison.Problem.Name;
            ProgressTask task = context.AddTask(name.EscapeMarkup(), maxValue: comparison.Steps);
            int begun = 0;
            string step = "";
            TrainingView view = new();
            return comparison.Run(
                (split, trainer) =>
                {
                    task.Value = begun++;
                    view = new TrainingView();
                    task.Description = (step = $"{name}, split {split}, {trainer}").EscapeMarkup();
                },
                progress =>
                {
                    // If several networks are trained in parallel, only the first one is shown.
                    if (progress.NetworkIndex > 0)
                        return;
                    view.Add(progress.Epoch);
                    string curve = string.Concat(view.Curve(CurveWidth, height: 1));
                    task.Description = $"{step}, epoch {progress.Epoch.Epoch}, {view.Loss()} {curve}".EscapeMarkup();
                });
        });

    private static IReadOnlyList<TrainerResult> Lines(TextWriter error, Comparison comparison)
    {
        int last = 0;
        return comparison.Run((split, _) =>
        {
            if (split != last)
                error.WriteLine($"{comparison.Problem.Name}: split {last = split}");
        });
    }
}
