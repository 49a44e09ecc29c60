using BpTrainer.Files;

namespace BpTrainer;

/// <summary>
/// Saves the state of a training at regular numbers of epochs, so that
/// <see cref="NetworkTrainer{T}.Resume(Stream, DataSet{T}, DataSet{T}, Action{EpochProgress{T}}, CancellationToken)"/> can resume it. The
/// result is then the same, bit for bit, as without the interruption.
/// </summary>
public sealed class Checkpoint
{
    private readonly Action<Action<Stream>> _save;

    private Checkpoint(Action<Action<Stream>> save, int everyEpochs)
    {
        _save = save;
        EveryEpochs = Guard.AtLeast(everyEpochs, 1);
    }

    /// <summary>The number of epochs from one checkpoint to the next.</summary>
    public int EveryEpochs { get; }

    /// <summary>
    /// Writes to a file, completely or not at all: whenever the process or the machine stops, the file contains a complete checkpoint.
    /// </summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="everyEpochs">The number of epochs from one checkpoint to the next; 1 or more. Default: 1.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="everyEpochs"/> is below 1.</exception>
    public static Checkpoint ToFile(string path, int everyEpochs = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        return new Checkpoint(write => AtomicFile.Write(full, write), everyEpochs);
    }

    /// <summary>Writes to a new stream each time.</summary>
    /// <inheritdoc cref="ToFile"/>
    /// <param name="open">Opens a writable stream, which is disposed when the checkpoint is complete.</param>
    public static Checkpoint ToStream(Func<Stream> open, int everyEpochs = 1)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new Checkpoint(Write, everyEpochs);

        void Write(Action<Stream> write)
        {
            using Stream stream = open();
            write(stream);
        }
    }

    internal void Save(Action<Stream> write) => _save(write);
}
