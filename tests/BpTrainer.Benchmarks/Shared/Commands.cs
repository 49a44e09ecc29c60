using System.CommandLine;

namespace BpTrainer.Benchmarks;

/// <summary>Options that check what they are given.</summary>
internal static class Commands
{
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
