using System.CommandLine;

namespace BpTrainer.Examples.Cluster;

/// <summary>The commands of the program.</summary>
internal static class CommandLine
{
    /// <summary>Runs the program.</summary>
    /// <returns>0, or 2 when the user made a mistake.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var command = new RootCommand("Searches, trains and scores on several machines.")
        {
            WorkerCommand.Create(error),
            SearchCommand.Create(output, error),
            TrainCommand.Create(output, error),
            ScoreCommand.Create(output, error),
            RowsCommand.Create(),
        };
        return UserCommand.Run(command, arguments, output, error);
    }
}
