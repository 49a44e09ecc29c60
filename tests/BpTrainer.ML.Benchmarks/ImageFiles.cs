using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using BpTrainer.Examples;
using BpTrainer.ML;
using Microsoft.ML;

namespace BpTrainer.Benchmarks;

/// <summary>
/// Fits the default multiclass trainer to images in the IDX format of MNIST and Fashion-MNIST, from a folder with the four files
/// train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz. Debian has those of
/// Fashion-MNIST in the package dataset-fashion-mnist.
/// </summary>
/// <remarks>The line has: rows, features, networks, fit_seconds, and accuracy and log_loss on the test images.</remarks>
internal static class ImageFiles
{
    private const int Classes = 10;
    private const int ImageMagic = 0x803;
    private const int LabelMagic = 0x801;

    public static JsonObject Measure(string folder)
    {
        var context = new MLContext(seed: 1);
        (IDataView train, int rows, int features) = Load(context, folder, "train");
        (IDataView test, _, _) = Load(context, folder, "t10k");
        long start = Stopwatch.GetTimestamp();
        var model = context.MulticlassClassification.Trainers.BackPropagation(nameof(Row.Class)).Fit(train);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var metrics = context.MulticlassClassification.Evaluate(model.Transform(test), nameof(Row.Class));
        return new JsonObject
        {
            ["rows"] = rows,
            ["features"] = features,
            ["networks"] = model.Model.Ensemble?.Networks.Count ?? 1,
            ["fit_seconds"] = Math.Round(seconds, 1),
            ["accuracy"] = metrics.MicroAccuracy,
            ["log_loss"] = metrics.LogLoss,
        };
    }

    private static (IDataView View, int Rows, int Features) Load(MLContext context, string folder, string part)
    {
        byte[] images = Read(folder, $"{part}-images-idx3-ubyte.gz", ImageMagic, dimensions: 3, out int rows);
        byte[] labels = Read(folder, $"{part}-labels-idx1-ubyte.gz", LabelMagic, dimensions: 1, out int labelRows);
        if (labelRows != rows)
        {
            throw new UserError($"{folder} has {rows} images of the part {part}, but {labelRows} labels.");
        }

        int features = images.Length / rows;
        float[] inputs = Array.ConvertAll(images, pixel => (float)pixel);
        return (Rows.View(context, Rows.Cut(inputs, features, _ => 0, row => labels[row]), features, Classes), rows, features);
    }

    /// <summary>The bytes behind the header: a magic number and the size of every dimension, big-endian.</summary>
    private static byte[] Read(string folder, string name, int magic, int dimensions, out int rows)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            throw new UserError($"There is no file {path}.");
        }

        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        ReadOnlySpan<byte> bytes = all.ToArray();
        int header = sizeof(int) * (1 + dimensions);
        if (bytes.Length < header || BinaryPrimitives.ReadInt32BigEndian(bytes) != magic)
        {
            throw new UserError($"{path} is no IDX file of bytes in {dimensions} dimensions.");
        }

        rows = BinaryPrimitives.ReadInt32BigEndian(bytes[sizeof(int)..]);
        return bytes[header..].ToArray();
    }
}
