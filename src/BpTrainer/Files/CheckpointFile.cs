using BpTrainer.Training;

namespace BpTrainer.Files;

/// <summary>
/// The binary format of a checkpoint: a <see cref="ChecksummedBlock"/> with the magic "BPCK", at most 2 GB. The body has first the
/// figures that must be the same when training goes on, as texts (see <see cref="TrainingIdentity"/>), then the state of the
/// parts of a training in the order in which <see cref="TrainingRun{T}"/> names them, epochs first.
/// </summary>
internal static class CheckpointFile
{
    private static readonly ChecksummedBlock s_block = new("BPCK", "checkpoint");

    /// <summary>Writes what <paramref name="exchange"/> hands out.</summary>
    public static void Write(Stream stream, Action<CheckpointState> exchange) =>
        s_block.Write(stream, writer => exchange(new CheckpointState(writer)));

    /// <summary>Reads it back.</summary>
    /// <exception cref="InvalidDataException">It is no checkpoint, a damaged one or one of another version.</exception>
    /// <exception cref="ArgumentException">It was written by another training.</exception>
    public static void Read(Stream stream, Action<CheckpointState> exchange) => s_block.Read(stream, reader =>
    {
        exchange(new CheckpointState(reader));
        return true;
    });
}
