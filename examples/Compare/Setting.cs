using System.Globalization;
using BpTrainer.ML;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// An option of our trainer that the command line sets: <c>--momentum 0.9</c> for all of ours, <c>:momentum=0.9</c> for one of them.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="HelpName">The placeholder for its value in the help.</param>
/// <param name="Description">Its description in the help.</param>
/// <param name="Right">What a value must be.</param>
/// <param name="Read">Reads a value; null if the text is not valid.</param>
internal sealed record Setting(string Name, string HelpName, string Description, string Right, Func<string, object?> Read)
{
    public static readonly Setting Preset = new(
        "preset", "NAME", "The options to start from.", $"one of {Lower(Enum.GetNames<Preset>())}",
        text => Enum.GetNames<Preset>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<Preset>(name)
            : null);

    public static readonly Setting Hidden = new(
        "hidden", "20,10", "The number of units of each hidden layer.", "sizes such as 20x10, or none", ReadSizes);

    public static readonly Setting Activation = new(
        "activation", "NAME", "The activation of the hidden layers, such as tanh.",
        "an activation such as tanh, relu, silu, logistic or leaky-relu(0.01)", ReadActivation);

    public static readonly Setting Optimizer = new(
        "optimizer", "NAME", "How the gradient changes the weights.", $"one of {string.Join(", ", OptimizerChoice.Names)}",
        text => OptimizerChoice.Names.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)));

    public static readonly Setting LearningRate = new(
        "learning-rate", "NUMBER", "The learning rate of the first update.", "a number such as 0.03", ReadNumber);

    public static readonly Setting Momentum = new(
        "momentum", "NUMBER", "The fraction of the last step that is kept.", "a number such as 0.9", ReadNumber);

    public static readonly Setting Adaptive = new(
        "adaptive", "true|false", "Whether the learning rate adapts itself to the loss.", "true or false",
        text => bool.TryParse(text, out bool value) ? value : null);

    public static readonly Setting Epochs = new(
        "epochs", "NUMBER", "The maximum number of passes over the training rows.", "a whole number such as 50", ReadWhole);

    public static readonly Setting Batch = new(
        "batch", "NUMBER", "The rows per step, or all.", "a whole number such as 32, or all",
        text => text.Equals("all", StringComparison.OrdinalIgnoreCase) ? TrainingOptions.FullBatch : ReadWhole(text));

    public static readonly Setting Networks = new(
        "networks", "NUMBER", "The number of networks that predict together.", "a whole number such as 4", ReadWhole);

    /// <summary>All settings, in the order in which they appear in the names of trainers.</summary>
    public static readonly IReadOnlyList<Setting> All =
        [Preset, Hidden, Activation, Optimizer, LearningRate, Momentum, Adaptive, Epochs, Batch, Networks];

    /// <summary>Reads a value.</summary>
    /// <param name="text">The value.</param>
    /// <param name="place">Where it was given, such as "--momentum".</param>
    /// <exception cref="UserError">The value is not valid.</exception>
    public object ValueOf(string text, string place) => Read(text) ?? throw new UserError($"{place} is '{text}'; it must be {Right}.");

    /// <summary>Returns the text of a value. It contains no comma and no colon, and reads back as the same value.</summary>
    public static string Text(object value) => value switch
    {
        int[] { Length: 0 } => "none",
        int[] sizes => string.Join('x', sizes),
        TrainingOptions.FullBatch => "all",
        bool or Enum => Lower([$"{value}"]),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static object? ReadSizes(string text)
    {
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
            return Array.Empty<int>();
        object?[] sizes = [.. text.Split('x', ',').Select(ReadWhole)];
        return sizes.Contains(null) ? null : sizes.Cast<int>().ToArray();
    }

    private static object? ReadActivation(string text)
    {
        try
        {
            return BpTrainer.Activation.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static object? ReadNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static object? ReadWhole(string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : null;

    private static string Lower(IEnumerable<string> names) => string.Join(", ", names.Select(name => name.ToLowerInvariant()));
}
