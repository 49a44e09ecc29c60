using System.CommandLine;

namespace BpTrainer.Examples;

/// <summary>Runs a command line. A user's mistake is written as one line to the error stream.</summary>
internal static class UserCommand
{
    private const int UserMistake = 2;

    /// <summary>Parses the arguments and runs the command.</summary>
    /// <returns>The result of the command, or 2 if the user made a mistake.</returns>
    public static int Run(RootCommand command, IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        try
        {
            ParseResult parsed = command.Parse(arguments);
            if (parsed.Errors.Count > 0)
            {
                throw new UserError(parsed.Errors[0].Message);
            }

            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (UserError e)
        {
            error.WriteLine("Error: " + e.Message.ReplaceLineEndings(" "));
            return UserMistake;
        }
    }
}
