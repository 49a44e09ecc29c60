using Spectre.Console;

namespace BpTrainer.Examples;

/// <summary>Wraps a writer so that colours and moving displays appear on a terminal only.</summary>
internal static class Terminal
{
    /// <summary>Creates a console on the writer; its Profile.Out.IsTerminal is true if the output is shown to a person.</summary>
    public static IAnsiConsole On(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = output,
            Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = output.IsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
    }
}
