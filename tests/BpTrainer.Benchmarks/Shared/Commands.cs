using System.CommandLine;

namespace BpTrainer.Benchmarks;

/// <summary>Runs a command line; what is wrong with it becomes one line on the error stream and exit code 2.</summary>
internal static class Commands
{
    private const int UserMistake = 2;

    public static int Run(RootCommand root, IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        try
        {
            ParseResult parsed = root.Parse(arguments);
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

    /// <summary>An option with a whole number of 1 or more.</summary>
    public static Option<int> Count(string name, int value, string description) =>
        Number(name, value, least: 1, description);

    /// <summary>An option with a whole number of <paramref name="least"/> or more.</summary>
    public static Option<int> Number(string name, int value, int least, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            // A text that is no number has its own error.
            if (int.TryParse(result.Tokens.LastOrDefault()?.Value, out int given) && given < least)
            {
                result.AddError($"{name} is {given}, but must be {least} or more.");
            }
        });
        return option;
    }

    /// <summary>The choice with a name, or a message with all of them.</summary>
    public static T Choose<T>(string option, string name, params (string Name, T Value)[] choices)
    {
        foreach ((string known, T value) in choices)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw new UserError($"{option} is '{name}', but must be one of {string.Join(", ", choices.Select(c => c.Name))}.");
    }
}
