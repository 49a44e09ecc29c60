using BpTrainer.ML;

namespace BpTrainer.Examples.Compare;

/// <summary>The options of one of our trainers that differ from its preset.</summary>
internal sealed class TrainerSettings(IReadOnlyDictionary<Setting, object> values)
{
    /// <summary>No settings.</summary>
    public static readonly TrainerSettings None = new(new Dictionary<Setting, object>());

    /// <summary>The settings that have a value.</summary>
    public IEnumerable<Setting> Given => Setting.All.Where(values.ContainsKey);

    /// <summary>The preset; null if none is given.</summary>
    public Preset? Preset => values.TryGetValue(Setting.Preset, out object? value) ? (Preset)value : null;

    /// <summary>The text of a value; null if there is none.</summary>
    public string? Text(Setting setting) => values.TryGetValue(setting, out object? value) ? Setting.Text(value) : null;

    /// <summary>The value of a setting that is a number; null if there is none.</summary>
    public double? Number(Setting setting) => values.TryGetValue(setting, out object? value) ? (double)value : null;

    /// <summary>The value of a setting that is a whole number; null if there is none.</summary>
    public int? Whole(Setting setting) => values.TryGetValue(setting, out object? value) ? (int)value : null;

    /// <summary>The value of a setting that is true or false; null if there is none.</summary>
    public bool? Flag(Setting setting) => values.TryGetValue(setting, out object? value) ? (bool)value : null;

    /// <summary>Combines these settings with others, which apply where these have no value.</summary>
    public TrainerSettings Over(TrainerSettings others) =>
        new(Setting.All.Where(setting => values.ContainsKey(setting) || others.Given.Contains(setting))
            .ToDictionary(setting => setting, setting => values.TryGetValue(setting, out object? value) ? value : others[setting]));

    /// <summary>Returns these settings without one of them.</summary>
    public TrainerSettings Without(Setting setting) =>
        new(Given.Where(given => given != setting).ToDictionary(given => given, given => values[given]));

    private object this[Setting setting] => values[setting];

    /// <summary>Applies the settings to the options of a preset.</summary>
    /// <exception cref="UserError">The settings cannot be combined.</exception>
    public void ApplyTo(BackPropagationOptions options, Preset preset)
    {
        options.HiddenLayers = Layers(options.HiddenLayers, preset);
        options.Optimizer = OptimizerChoice.Of(options.Optimizer, this);
        options.NumberOfEpochs = Whole(Setting.Epochs) ?? options.NumberOfEpochs;
        options.BatchSize = Whole(Setting.Batch) ?? options.BatchSize;
        if (Whole(Setting.Networks) is { } networks)
            options.Ensemble = networks;
        if (options.Optimizer.IsFullBatchOnly && Whole(Setting.Batch) is null)
            options.BatchSize = null;
    }

    // If only the sizes are given, the preset's activation is kept; if only the activation is given, the preset's sizes are kept.
    private HiddenLayers Layers(HiddenLayers ofPreset, Preset preset)
    {
        int[]? sizes = values.GetValueOrDefault(Setting.Hidden) as int[];
        var activation = values.GetValueOrDefault(Setting.Activation) as Activation;
        if (sizes is null && activation is null)
            return ofPreset;
        if (sizes is null && preset == ML.Preset.Textbook)
            return HiddenLayers.Rule(activation: activation);

        List<HiddenLayer> layers = [];
        foreach (HiddenLayer layer in ofPreset)
            layers.Add(layer);
        sizes ??= [.. layers.Select(layer => layer.Units)];
        activation ??= layers[0].Activation;
        return activation is null ? sizes : HiddenLayers.Of(activation, sizes);
    }
}
