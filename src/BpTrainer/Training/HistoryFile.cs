using BpTrainer.Files;

namespace BpTrainer.Training;

/// <summary>
/// The format of a training's epochs in checkpoints and ML.NET models.
/// <code>
/// int32    number of epochs
/// for each epoch, from 1
///   double   training loss
///   byte     1 if there is a validation loss, else 0
///   double   validation loss, only if there is one
///   double   learning rate, 0 or more
///   double   seconds from the start of training, 0 or more
///   byte     1 if there is a norm of the gradient, else 0
///   double   norm of the gradient, only if there is one
///   byte     1 if there are checks against early stopping, else 0
///   double   the checks, from 0 to the number of the epoch, only if there are any
///   byte     1 if the epoch was accepted, else 0
/// </code>
/// </summary>
internal static class HistoryFile
{
    /// <summary>More seconds than any training takes, but few enough for a <see cref="TimeSpan"/>: 3,000 years.</summary>
    public const double MostSeconds = 1e11;

    private const int LeastEpochBytes = (3 * sizeof(double)) + (4 * sizeof(bool));

    /// <summary>Saves or loads the epochs so far. They come before all values that are compared with their number.</summary>
    public static void SaveOrLoad(CheckpointState state, List<EpochRecord> history)
    {
        state.SaveOrLoad(writer => Write(writer, history), reader => history.AddRange(Read(reader)));
        state.Epochs = history.Count;
    }

    public static void Write(BinaryWriter writer, IReadOnlyCollection<EpochRecord> history)
    {
        writer.Write(history.Count);
        foreach (EpochRecord epoch in history)
        {
            writer.Write(epoch.TrainingLoss);
            Write(writer, epoch.ValidationLoss);
            writer.Write(epoch.LearningRate);
            writer.Write(epoch.Seconds);
            Write(writer, epoch.GradientNorm);
            Write(writer, epoch.ValidationChecks);
            writer.Write(epoch.IsAccepted);
        }
    }

    public static EpochRecord[] Read(BlockReader reader)
    {
        var history = new EpochRecord[reader.ReadCount("epochs", 0, LeastEpochBytes)];
        for (int i = 0; i < history.Length; i++)
        {
            history[i] = new EpochRecord(
                i + 1,
                reader.Read<double>(),
                reader.ReadBoolean("sign of a validation loss") ? reader.Read<double>() : null,
                reader.Read("learning rate", 0, double.PositiveInfinity),
                reader.Read("time of an epoch", 0, MostSeconds))
            {
                GradientNorm = reader.ReadBoolean("sign of a gradient norm") ? reader.Read<double>() : null,
                ValidationChecks = reader.ReadBoolean("sign of checks") ? reader.Read("checks", 0, i + 1.0) : null,
                IsAccepted = reader.ReadBoolean("sign of an accepted epoch"),
            };
        }

        return history;
    }

    private static void Write(BinaryWriter writer, double? number)
    {
        writer.Write(number.HasValue);
        if (number is { } value)
        {
            writer.Write(value);
        }
    }
}
