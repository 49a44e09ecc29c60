using System.Diagnostics;
using System.Text.Json.Nodes;
using BpTrainer.ML;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Benchmarks;

/// <summary>
/// Fits a pipeline to a text file that is larger than the memory it may take: writes the file, reads it through ML.NET's text loader,
/// trains on blocks of it and deletes it again.
/// </summary>
/// <remarks>
/// Features are random whole numbers from 0 to 999, the label is their weighted sum and some noise, so that a validation loss near 0 says
/// that
/// something was learned: it is half the squared error of the label with standard deviation 1, 0.5 before training. The file is read
/// once for the scalings and once an epoch. The line has: rows, features, file_bytes, maximum_memory_bytes, streamed, epochs,
/// fit_seconds, rows_per_second = rows · (epochs + 1) / fit_seconds, validation_loss, and peak_bytes, the peak of the whole process.
/// </remarks>
internal static class StreamedFile
{
    private const int Seed = 1;
    private const int Steps = 1000;

    /// <summary>What is being done.</summary>
    public enum Step
    {
        /// <summary>The file is being written: it is there.</summary>
        Writing,

        /// <summary>An epoch is over.</summary>
        Learning,
    }

    /// <summary>Writes the file, learns from it and deletes it, also when it is cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="UserError">The folder does not exist, or does not take the file.</exception>
    public static JsonObject Measure(
        string folder, int rows, int features, int megabytes, int epochs, CancellationToken cancellationToken, Action<Step>? onStep = null)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserError($"The folder for the file, '{folder}', does not exist.");
        }

        string file = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            Write(file, rows, features, cancellationToken, onStep);
            return Fit(file, rows, features, (long)megabytes << 20, epochs, cancellationToken, onStep);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static JsonObject Fit(
        string file, int rows, int features, long memory, int epochs, CancellationToken cancellationToken, Action<Step>? onStep)
    {
        var context = new MLContext(Seed);
        bool isStreamed = false;
        context.Log += (_, message) => isStreamed |= message.Message.Contains("streamed in blocks", StringComparison.Ordinal);
        IDataView data = context.Data.LoadFromTextFile(
            file, [new TextLoader.Column("Label", DataKind.Single, 0), new TextLoader.Column("Raw", DataKind.Single, 1, features)]);
        var pipeline = context.Transforms.Concatenate("Features", "Raw").Append(context.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                NumberOfEpochs = epochs,
                MaximumMemory = memory,
                Seed = Seed,
                CancellationToken = cancellationToken,
                OnEpoch = _ => onStep?.Invoke(Step.Learning),
            }));

        long start = Stopwatch.GetTimestamp();
        BackPropagationRegressionModelParameters model = pipeline.Fit(data).LastTransformer.Model;
        cancellationToken.ThrowIfCancellationRequested();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new JsonObject
        {
            ["rows"] = rows,
            ["features"] = features,
            ["file_bytes"] = new FileInfo(file).Length,
            ["maximum_memory_bytes"] = memory,
            ["streamed"] = isStreamed,
            ["epochs"] = model.History.Count,
            ["fit_seconds"] = Math.Round(seconds, 3),
            ["rows_per_second"] = Math.Round((double)rows * (model.History.Count + 1) / seconds),
            ["validation_loss"] = model.History[^1].ValidationLoss,
            ["peak_bytes"] = Process.GetCurrentProcess().PeakWorkingSet64,
        };
    }

    private static void Write(string file, int rows, int features, CancellationToken cancellationToken, Action<Step>? onStep)
    {
        try
        {
            using StreamWriter writer = File.CreateText(file);
            onStep?.Invoke(Step.Writing);
            var random = new Random(Seed);
            var values = new int[features];
            for (int row = 0; row < rows; row++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                WriteRow(writer, random, values);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The file '{file}' cannot be written: {e.Message}");
        }
    }

    private static void WriteRow(StreamWriter writer, Random random, int[] values)
    {
        double label = Steps * random.NextDouble();
        for (int c = 0; c < values.Length; c++)
        {
            values[c] = random.Next(Steps);
            label += (c % 5) * values[c];
        }

        writer.Write((int)label);
        foreach (int value in values)
        {
            writer.Write('\t');
            writer.Write(value);
        }

        writer.Write('\n');
    }
}
