using BpTrainer.ML;

namespace BpTrainer.Examples.Compare;

/// <summary>A trainer that the user chose, and the settings if it is one of ours:
/// <c>BackPropagation:momentum=0.9:adaptive=true</c>.</summary>
/// <param name="Name">One of <see cref="Contender.Names"/>.</param>
/// <param name="Settings">The settings of our trainer; none for any other trainer.</param>
internal sealed record TrainerChoice(string Name, TrainerSettings Settings)
{
    private const string Ours = "BackPropagation";

    /// <summary>A trainer with its default options.</summary>
    public TrainerChoice(string name)
        : this(name, TrainerSettings.None)
    {
    }

    /// <summary>Whether the trainer is ours.</summary>
    public bool IsOurs => Name.StartsWith(Ours, StringComparison.Ordinal);

    /// <summary>The preset that the settings change.</summary>
    public Preset Preset => NamedPreset ?? Settings.Preset ?? Preset.Default;

    // BackPropagation-fast is BackPropagation with the preset Fast.
    private Preset? NamedPreset => Name == Ours || !IsOurs ? null : Enum.Parse<Preset>(Name[(Ours.Length + 1)..], ignoreCase: true);

    /// <summary>The text that <see cref="ParseAll"/> reads, which is also the name in tables.</summary>
    public override string ToString() =>
        string.Join(':', [Name, .. Settings.Given.Select(setting => $"{setting.Name}={Settings.Text(setting)}")]);

    /// <summary>Creates trainers by name alone, with the settings that apply to all of ours.</summary>
    public static IReadOnlyList<TrainerChoice> Of(IEnumerable<string> names, TrainerSettings common) =>
        [.. names.Select(name => new TrainerChoice(name).With(common))];

    /// <summary>Reads the list of trainers.</summary>
    /// <param name="list">The trainers, separated by commas.</param>
    /// <param name="common">The settings that apply to all of ours, unless a trainer has its own.</param>
    /// <returns>The trainers, in the order of <see cref="Contender.Names"/>. Trainers with the same name keep the order of the
    /// list.</returns>
    /// <exception cref="UserError">The list is not valid.</exception>
    public static IReadOnlyList<TrainerChoice> ParseAll(string list, TrainerSettings common)
    {
        string[] texts = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (texts.Length == 0)
            throw new UserError($"--trainers names none. There are: {string.Join(", ", Contender.Names)}.");
        TrainerChoice[] choices = [.. texts.Select(text => Parse(text).With(common)).DistinctBy(choice => choice.ToString())];
        if (!choices.Any(choice => choice.IsOurs) && common.Given.FirstOrDefault() is { } useless)
            throw new UserError($"--{useless.Name} is an option of {Ours}, which is not in --trainers.");
        List<string> names = [.. Contender.Names];
        return [.. choices.OrderBy(choice => names.IndexOf(choice.Name))];
    }

    private static TrainerChoice Parse(string text)
    {
        string[] parts = text.Split(':', StringSplitOptions.TrimEntries);
        string name = Contender.Names.FirstOrDefault(known => known.Equals(parts[0], StringComparison.OrdinalIgnoreCase))
            ?? throw new UserError(
                $"There is no trainer '{parts[0]}'. There are: {string.Join(", ", Contender.Names)}.{Hint(parts[0])}");
        var choice = new TrainerChoice(name);
        if (parts.Length > 1 && !choice.IsOurs)
            throw new UserError($"'{text}': {name} always has its default options here; only {Ours} has settings.");

        var values = new Dictionary<Setting, object>();
        foreach (string part in parts.Skip(1))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            Setting setting = Setting.All.FirstOrDefault(known => known.Name.Equals(pair[0], StringComparison.OrdinalIgnoreCase))
                ?? throw new UserError(
                    $"'{text}': there is no setting '{pair[0]}'. There are: {string.Join(", ", Setting.All.Select(known => known.Name))}.");
            if (pair.Length == 1)
            {
                throw new UserError(
                    $"'{text}': {setting.Name} has no value; write {setting.Name}=VALUE, where VALUE must be {setting.Right}.");
            }
            if (!values.TryAdd(setting, setting.ValueOf(pair[1], $"'{text}': {setting.Name}")))
                throw new UserError($"'{text}': {setting.Name} is given twice.");
        }
        if (choice.NamedPreset is not null && values.ContainsKey(Setting.Preset))
            throw new UserError($"'{text}': {name} is already a preset; write {Ours}:preset=… instead.");
        return new TrainerChoice(name, new TrainerSettings(values));
    }

    // A comma in a setting splits it into two trainers.
    private static string Hint(string text) => int.TryParse(text, out _) ? " Sizes of layers are written hidden=20x10 in --trainers." : "";

    private TrainerChoice With(TrainerSettings common) => !IsOurs ? this : this with
    {
        Settings = Settings.Over(NamedPreset is null ? common : common.Without(Setting.Preset)),
    };
}
