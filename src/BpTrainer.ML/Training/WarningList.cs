using BpTrainer.Files;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Training;

/// <summary>What the user of a training should know: each thing goes to the log at once, and to the model in the end, for who has no listener.</summary>
/// <param name="channel">Takes what is logged.</param>
internal sealed class WarningList(IChannel channel)
{
    private readonly List<TrainingWarning> _all = [];

    /// <summary>The log of the training.</summary>
    public IChannel Channel => channel;

    /// <summary>All warnings so far, in their order.</summary>
    public IReadOnlyList<TrainingWarning> All => _all;

    public void Add(string id, string text) => Add(new TrainingWarning(id, text));

    /// <summary>Warns, unless it has warned of the same before.</summary>
    public void Add(TrainingWarning warning)
    {
        if (!_all.Contains(warning))
        {
            _all.Add(warning);
            channel.Warning(warning.Text);
        }
    }

    /// <summary>The first of some names, and how many more there are.</summary>
    public static string Names(IReadOnlyList<string> names)
    {
        const int Most = 10;
        string more = names.Count > Most ? $" and {names.Count - Most} more" : "";
        return string.Join(", ", names.Take(Most)) + more;
    }

    /// <summary>Reads the warnings of a saved model.</summary>
    public static IReadOnlyList<TrainingWarning> Load(BlockReader reader)
    {
        var warnings = new TrainingWarning[reader.ReadCount("number of warnings", 0, bytesOfEach: 2)];
        for (int i = 0; i < warnings.Length; i++)
        {
            warnings[i] = new TrainingWarning(reader.ReadText(), reader.ReadText());
        }

        return warnings;
    }

    /// <summary>Writes what <see cref="Load"/> reads.</summary>
    public static void Save(BinaryWriter writer, IReadOnlyList<TrainingWarning> warnings)
    {
        // *** Binary format ***
        // int: number of warnings
        // for each: string: identifier, string: text
        writer.Write(warnings.Count);
        foreach (TrainingWarning warning in warnings)
        {
            writer.Write(warning.Id);
            writer.Write(warning.Text);
        }
    }
}
