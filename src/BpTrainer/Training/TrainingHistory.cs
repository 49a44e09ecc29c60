using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using BpTrainer.Files;

namespace BpTrainer;

/// <summary>The epochs of a training in order. They can be read here, or written as CSV, JSON or for TensorBoard.</summary>
/// <remarks>
/// CSV and JSON have the same columns: epoch, trainingLoss, validationLoss, learningRate, seconds, gradientNorm, validationChecks and
/// isAccepted, as <see cref="EpochRecord"/> describes them. Numbers use the invariant culture and have all their digits. Losses and norms
/// that are not finite are NaN, Infinity or -Infinity; in JSON they are strings.
/// </remarks>
public sealed class TrainingHistory : IReadOnlyList<EpochRecord>
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true };

    private readonly EpochRecord[] _epochs;

    /// <summary>Creates a history from epochs, for example those that a callback has received.</summary>
    /// <param name="epochs">The epochs, which are copied.</param>
    public TrainingHistory(IEnumerable<EpochRecord> epochs)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        _epochs = [.. epochs];
    }

    /// <summary>The number of epochs.</summary>
    public int Count => _epochs.Length;

    /// <summary>Gets an epoch.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1; the number of the epoch is one more.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such epoch.</exception>
    public EpochRecord this[int index] => _epochs[index];

    /// <summary>Enumerates the epochs in order.</summary>
    /// <returns>The enumerator.</returns>
    public IEnumerator<EpochRecord> GetEnumerator() => ((IEnumerable<EpochRecord>)_epochs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Returns the history as CSV: a line with the column names, then a line for each epoch. Null values are empty.</summary>
    /// <returns>The text; every line ends with a line feed.</returns>
    public string ToCsv()
    {
        var text = new StringBuilder(
            "epoch,trainingLoss,validationLoss,learningRate,seconds,gradientNorm,validationChecks,isAccepted\n");
        foreach (EpochRecord epoch in _epochs)
        {
            text.Append(CultureInfo.InvariantCulture, $"{epoch.Epoch},{epoch.TrainingLoss},{epoch.ValidationLoss},{epoch.LearningRate},");
            text.Append(CultureInfo.InvariantCulture, $"{epoch.Seconds},{epoch.GradientNorm},{epoch.ValidationChecks},");
            text.Append(epoch.IsAccepted ? "true\n" : "false\n");
        }

        return text.ToString();
    }

    /// <summary>Writes the CSV of <see cref="ToCsv"/>, in UTF-8.</summary>
    /// <param name="stream">A writable stream; it stays open.</param>
    public void SaveCsv(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Encoding.UTF8.GetBytes(ToCsv()));
    }

    /// <summary>Writes the CSV of <see cref="ToCsv"/> to a file, completely or not at all.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    public void SaveCsv(string path) => AtomicFile.Write(path, SaveCsv);

    /// <summary>Returns the history as JSON: an array with an object for each epoch.</summary>
    /// <returns>The text, indented.</returns>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        SaveJson(stream);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes the JSON of <see cref="ToJson"/>, in UTF-8.</summary>
    /// <inheritdoc cref="SaveCsv(Stream)"/>
    public void SaveJson(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new Utf8JsonWriter(stream, s_indented);
        writer.WriteStartArray();
        foreach (EpochRecord epoch in _epochs)
        {
            writer.WriteStartObject();
            writer.WriteNumber("epoch", epoch.Epoch);
            Write(writer, "trainingLoss", epoch.TrainingLoss);
            Write(writer, "validationLoss", epoch.ValidationLoss);
            Write(writer, "learningRate", epoch.LearningRate);
            Write(writer, "seconds", epoch.Seconds);
            Write(writer, "gradientNorm", epoch.GradientNorm);
            Write(writer, "validationChecks", epoch.ValidationChecks);
            writer.WriteBoolean("isAccepted", epoch.IsAccepted);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the JSON of <see cref="ToJson"/> to a file, completely or not at all.</summary>
    /// <inheritdoc cref="SaveCsv(string)"/>
    public void SaveJson(string path) => AtomicFile.Write(path, SaveJson);

    /// <summary>
    /// Writes the history into a folder for TensorBoard, which shows it with <c>tensorboard --logdir FOLDER</c>: for every epoch the
    /// scalars loss/training, loss/validation, learning_rate and gradient_norm, if they exist, as <see cref="float"/>.
    /// </summary>
    /// <param name="folder">
    /// The folder of this training; it is created if it does not exist. TensorBoard treats every folder below its own as a run with that
    /// name. The file in it, <c>events.out.tfevents.bptrainer</c>, is written completely or not at all, and replaces an earlier one.
    /// </param>
    /// <param name="start">The start time of the training, for the times of the epochs. Default: the training has just ended.</param>
    public void SaveTensorBoard(string folder, DateTimeOffset? start = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        DateTimeOffset origin = start ?? DateTimeOffset.UtcNow;
        double seconds = (origin - DateTimeOffset.UnixEpoch).TotalSeconds;
        if (start is null && _epochs is [.., var last])
        {
            seconds -= last.Seconds;
        }

        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, "events.out.tfevents.bptrainer"), stream =>
        {
            var file = new EventFile(stream, seconds);
            foreach (EpochRecord epoch in _epochs)
            {
                file.Write(
                    seconds + epoch.Seconds,
                    epoch.Epoch,
                    [
                        ("loss/training", epoch.TrainingLoss),
                        ("loss/validation", epoch.ValidationLoss),
                        ("learning_rate", epoch.LearningRate),
                        ("gradient_norm", epoch.GradientNorm),
                    ]);
            }
        });
    }

    private static void Write(Utf8JsonWriter writer, string name, double? number)
    {
        writer.WritePropertyName(name);
        if (number is { } value)
        {
            JsonNumber.Write(writer, value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
