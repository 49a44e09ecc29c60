using BpTrainer.Files;

namespace BpTrainer.Training;

/// <summary>
/// The epochs of a training, as checkpoints and ML.NET models have them.
/// <code>
/// int32    number of epochs
/// for each epoch, from 1
///   double   training loss
///   byte     1 if there is a validation loss, else 0
///   double   validation loss, only if there is one
///   double   learning rate, 0 or more
///   double   seconds from the start of training, 0 or more
/// </code>
/// </summary>
internal static class HistoryFile
{
    /// <summary>More seconds than any training takes, which a <see cref="TimeSpan"/> can hold: 3,000 years.</summary>
    public const double MostSeconds = 1e11;

    private const int LeastEpochBytes = (3 * sizeof(double)) + 1;

    /// <summary>Saves or loads the epochs so far. They come before whatever is compared with their number.</summary>
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
            writer.Write(epoch.ValidationLoss.HasValue);
            if (epoch.ValidationLoss is { } loss)
            {
                writer.Write(loss);
            }

            writer.Write(epoch.LearningRate);
            writer.Write(epoch.Seconds);
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
                reader.Read("time of an epoch", 0, MostSeconds));
        }

        return history;
    }
}
