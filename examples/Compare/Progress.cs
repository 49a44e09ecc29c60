using Spectre.Console;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// Shows how far a comparison is: a bar on a terminal, else a plain line a split. It goes to the error stream, so that the output holds the
/// tables alone.
/// </summary>
internal static class Progress
{
    /// <summary>Does the work and shows its steps.</summary>
    /// <param name="error">The error stream.</param>
    /// <param name="name">What is worked on.</param>
    /// <param name="steps">How many steps the work will report.</param>
    /// <param name="work">The work; it reports the split and the trainer of each step before it takes it.</param>
    public static T Show<T>(TextWriter error, string name, int steps, Func<Action<int, string>, T> work)
    {
        IAnsiConsole console = Terminal.On(error);
        return console.Profile.Out.IsTerminal ? Bar(console, name, steps, work) : Lines(error, name, work);
    }

    private static T Bar<T>(IAnsiConsole console, string name, int steps, Func<Action<int, string>, T> work) =>
        console.Progress().AutoClear(true).Start(context =>
        {
            ProgressTask task = context.AddTask(name.EscapeMarkup(), maxValue: steps);
            int begun = 0;
            return work((split, trainer) =>
            {
                task.Value = begun++;
                task.Description = $"{name}, split {split}, {trainer}".EscapeMarkup();
            });
        });

    private static T Lines<T>(TextWriter error, string name, Func<Action<int, string>, T> work)
    {
        int last = 0;
        return work((split, _) =>
        {
            if (split != last)
                error.WriteLine($"{name}: split {last = split}");
        });
    }
}
