using System.CommandLine;

namespace BpTrainer.Examples.Optimizers;

/// <summary>The options of the program.</summary>
internal static class CommandLine
{
    private static readonly Option<bool> s_quick =
        new("--quick") { Description = "Fewer splits and epochs, to check that everything runs." };
    private static readonly Option<string?> s_exportSplits =
        new("--export-splits") { Description = "Only write the splits, for peers.py.", HelpName = "DIRECTORY" };
    private static readonly Option<string?> s_peers =
        new("--peers") { Description = "Show the results that peers.py printed next to ours.", HelpName = "FILE" };

    /// <summary>Runs the program.</summary>
    /// <returns>0, or 2 when the user made a mistake.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var command = new RootCommand(
            "Trains the same small network with every optimizer, on four data sets.") { s_quick, s_exportSplits, s_peers };
        command.SetAction(parsed => Run(parsed, output, error));
        return UserCommand.Run(command, arguments, output, error);
    }

    private static void Run(ParseResult parsed, TextWriter output, TextWriter error)
    {
        Settings settings = parsed.GetValue(s_quick) ? Settings.Quick : new Settings();
        string? directory = parsed.GetValue(s_exportSplits);
        string? peers = parsed.GetValue(s_peers);
        if (directory is not null && peers is not null)
        {
            throw new UserError("--export-splits only writes files and shows no results; it cannot be combined with --peers.");
        }

        if (directory is not null)
        {
            SplitFiles.Write(directory, settings);
        }
        else
        {
            OptimizersCommand.Run(settings, peers is null ? null : Peers.Read(peers, settings), output, error);
        }
    }
}
