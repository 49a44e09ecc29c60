using System.IO.Compression;
using System.Text.Json;

namespace BpTrainer.Benchmarks.Tests;

/// <summary>The commands print one JSON line with the fields that comparisons read.</summary>
[Trait("Needs", "LightGbm")]
public class MLCommandTests : CommandTests
{
    [Theory]
    [InlineData("multiclass", "784-256-10")]
    [InlineData("regression", "13-50-1")]
    public void FitDoesTheSameWorkAsTheEngine(string task, string net)
    {
        JsonElement line = Line("fit", "--task", task, "--rows", "300", "--epochs", "2", "--rounds", "1");

        Assert.Equal(net, line.GetProperty("net").GetString());
        Assert.Equal(0, Number(line, "largest_difference"));
        Assert.InRange(Number(line, "ratio"), 1e-3, double.MaxValue);
        Assert.Equal(Number(line, "ratio"), Number(line, "mlnet_seconds") / Number(line, "engine_seconds"), tolerance: 1e-3);
    }

    [Fact]
    public void TransformPrintsTheRatesOfAllThree()
    {
        JsonElement line = Line("transform", "--rows", "500", "--features", "4", "--rounds", "1");

        Assert.Equal("64", line.GetProperty("hidden").GetString());
        Assert.All(["back_propagation", "fast_tree", "light_gbm", "unscored"], trainer => Assert.InRange(Number(line, trainer), 1, 1e12));
        Assert.Equal(Number(line, "ratio_fast_tree"), Number(line, "back_propagation") / Number(line, "fast_tree"), tolerance: 0.01);
        Assert.Equal(Number(line, "ratio_light_gbm"), Number(line, "back_propagation") / Number(line, "light_gbm"), tolerance: 0.01);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReadPrintsTimesAndMemory(bool isCounted)
    {
        string[] arguments = ["read", "--rows", "400", "--rounds", "1"];
        JsonElement line = Line(isCounted ? arguments : [.. arguments, "--uncounted"]);

        Assert.Equal(isCounted, line.GetProperty("row_count_known").GetBoolean());
        Assert.All(["read_seconds", "cursor_seconds", "epoch_seconds"], part => Assert.InRange(Number(line, part), 1e-6, 100));
        double share = (Number(line, "read_seconds") - Number(line, "cursor_seconds")) / Number(line, "epoch_seconds");
        Assert.Equal(share, Number(line, "share_of_epoch"), tolerance: 1e-3);
        Assert.Equal(400 * 784 * 4, Number(line, "matrix_bytes"));
        Assert.Equal(
            Number(line, "peak_bytes") / (Number(line, "matrix_bytes") + Number(line, "parameter_bytes")),
            Number(line, "peak_ratio"),
            tolerance: 1e-3);
    }

    [Fact]
    public void DefaultPrintsTimesOfBoth()
    {
        JsonElement line = Line("default", "--rows", "60", "--features", "3");

        Assert.InRange(Number(line, "networks"), 1, 100);
        Assert.All(
            [
                "epochs", "fit_seconds", "fit_cpu_seconds", "light_gbm_fit_seconds", "rows_per_second", "light_gbm_rows_per_second",
                "single_rows_per_second", "light_gbm_single_rows_per_second",
            ],
            part => Assert.InRange(Number(line, part), 1e-6, 1e12));
    }

    [Fact]
    public void ColdPrintsTheTimesOfAFirstFit()
    {
        JsonElement line = Line("cold", "--trainers", "classic", "--rows", "60", "--features", "3", "--rounds", "1");

        Assert.Equal("classic", line.GetProperty("trainer").GetString());
        Assert.InRange(Number(line, "methods"), 1, 1e6);
        Assert.All(
            ["create_ms", "fit_ms", "cpu_ms", "compile_ms", "caller_compile_ms", "second_fit_ms", "best_fit_ms", "best_cpu_ms"],
            part => Assert.InRange(Number(line, part), 0, 1e6));
        Assert.InRange(Number(line, "second_fit_ms"), 0, Number(line, "fit_ms"));
    }

    [Fact]
    public void ImagesAreReadFromIdxFiles()
    {
        // Forty images of 2 × 2: the bright pixel is the class.
        string folder = Directory.CreateTempSubdirectory().FullName;
        byte[] labels = [.. Enumerable.Range(0, 40).Select(i => (byte)(i % 4))];
        byte[] pixels = [.. labels.SelectMany(label => Enumerable.Range(0, 4).Select(p => (byte)(p == label ? 255 : 0)))];
        foreach (string part in new[] { "train", "t10k" })
        {
            Write($"{part}-images-idx3-ubyte.gz", [0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, .. pixels]);
            Write($"{part}-labels-idx1-ubyte.gz", [0, 0, 8, 1, 0, 0, 0, 40, .. labels]);
        }

        JsonElement line = Line("images", folder);
        Directory.Delete(folder, recursive: true);

        Assert.Equal(4, Number(line, "features"));
        Assert.Equal(1, Number(line, "accuracy"));

        void Write(string name, byte[] content)
        {
            using var stream = new GZipStream(File.Create(Path.Combine(folder, name)), CompressionLevel.Fastest);
            stream.Write(content);
        }
    }

    [Fact]
    public void TextIsAsGoodAsSdca()
    {
        JsonElement line = Line("text", "--texts", "800", "--vocabulary", "500");

        Assert.InRange(Number(line, "features"), 1024, 1e6);
        Assert.InRange(Number(line, "accuracy"), Number(line, "sdca_accuracy") - 0.05, 1);
        Assert.All(
            ["fit_seconds", "score_seconds", "sdca_seconds", "epochs", "peak_bytes"],
            part => Assert.InRange(Number(line, part), 1e-6, 1e12));
    }

    [Fact]
    public void StreamLearnsFromAFileThatItDoesNotHold()
    {
        JsonElement line = Line("stream", "--rows", "20000", "--features", "30", "--epochs", "2", "--memory", "1");

        Assert.True(line.GetProperty("streamed").GetBoolean());
        Assert.Equal(1 << 20, Number(line, "maximum_memory_bytes"));
        Assert.InRange(Number(line, "file_bytes"), 20000 * 31 * 2, 20000 * 31 * 6);
        Assert.InRange(Number(line, "validation_loss"), 0, 0.1);
        Assert.InRange(Number(line, "peak_bytes"), 1 << 20, 1L << 40);
        Assert.Equal(
            60000 / Number(line, "fit_seconds"), Number(line, "rows_per_second"), tolerance: 0.01 * Number(line, "rows_per_second"));
    }

    [Theory]
    [InlineData("--task is 'binary', but must be one of multiclass, regression.", "fit", "--task", "binary")]
    [InlineData("--rounds is 0, but must be 1 or more.", "transform", "--rounds", "0")]
    public void AMistakeIsOneLine(string message, params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(arguments);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Equal($"Error: {message}\n", error.ReplaceLineEndings("\n"));
    }

    private protected override int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error) =>
        MLCommands.Run(arguments, output, error);
}
