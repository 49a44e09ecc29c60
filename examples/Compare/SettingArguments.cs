using System.CommandLine;

namespace BpTrainer.Examples.Compare;

/// <summary>The command-line options that apply to all of our trainers.</summary>
internal static class SettingArguments
{
    private static readonly IReadOnlyList<(Setting Setting, Option<string?> Option)> s_all = [.. Setting.All.Select(setting => (setting,
        new Option<string?>($"--{setting.Name}")
        {
            Description = $"Of BackPropagation: {char.ToLowerInvariant(setting.Description[0])}{setting.Description[1..]}",
            HelpName = setting.HelpName,
            Arity = setting == Setting.Adaptive ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        }))];

    /// <summary>All these options.</summary>
    public static IEnumerable<Option> All => s_all.Select(pair => pair.Option);

    /// <summary>Reads their values.</summary>
    /// <exception cref="UserError">A value is not valid.</exception>
    public static TrainerSettings From(ParseResult parsed) => new(s_all
        .Where(pair => parsed.GetResult(pair.Option) is not null)
        .ToDictionary(pair => pair.Setting, pair => pair.Setting.ValueOf(parsed.GetValue(pair.Option) ?? "true", pair.Option.Name)));
}
