using Spectre.Console;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// Shows how far a comparison is: on a terminal a bar, the time left, and the last epoch and the curve of one of our trainers; else a plain
/// line a split. It goes to the error stream, so that the output holds the tables alone.
/// </summary>
internal static class Progress
{
    private const int BarWidth = 20, CurveWidth = 12;

    /// <summary>Compares and shows the steps.</summary>
    /// <param name="error">The error stream.</param>
    /// <param name="comparison">What is compared.</param>
    public static IReadOnlyList<TrainerResult> Show(TextWriter error, Comparison comparison) =>
        Show(Terminal.On(error), comparison);

    /// <summary>Compares and shows the steps on a console.</summary>
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
                    // Of networks that are trained side by side, the first one.
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
