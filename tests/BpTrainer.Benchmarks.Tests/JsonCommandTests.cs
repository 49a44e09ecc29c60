using System.Text.Json;

namespace BpTrainer.Benchmarks.Tests;

/// <summary>The commands print one JSON line with the fields that comparisons read.</summary>
public class JsonCommandTests : CommandTests
{
    [Theory]
    [InlineData("multiclass", "relu", "momentum", "4,3")]
    [InlineData("multiclass", "leaky-relu(0.2)", "momentum", "4")]
    [InlineData("regression", "tanh", "gradient-descent", "4")]
    public void ThroughputPrintsRatesThatFitEachOther(string task, string activation, string optimizer, string hidden)
    {
        JsonElement line = Line(
            "throughput", "--inputs", "5", "--hidden", hidden, "--outputs", "2", "--rows", "1000", "--batch", "10", "--epochs", "3",
            "--threads", "1", "--task", task, "--activation", activation, "--optimizer", optimizer);

        double rate = Number(line, "samples_per_second");
        Close(3000 / Number(line, "seconds"), rate, tolerance: 1);
        double operations = hidden == "4" ? (4 * 5 * 4) + (6 * 4 * 2) : (4 * 5 * 4) + (6 * 4 * 3) + (6 * 3 * 2);
        Close(rate * operations / 1e9, Number(line, "gflops"), tolerance: 1e-3);

        // The whole call also counts what comes after the last epoch.
        double best = Number(line, "best_epoch_samples_per_second");
        Assert.InRange(best, rate, double.MaxValue);
        Assert.InRange(Number(line, "first_epoch_samples_per_second"), 1, best);
        Assert.InRange(Number(line, "last_epoch_samples_per_second"), 1, best);

        Assert.Equal(1, Number(line, "threads"));
        Assert.True(double.IsFinite(Number(line, "loss")));
        Assert.Equal(activation, line.GetProperty("activation").GetString());
        Assert.Equal(optimizer, line.GetProperty("optimizer").GetString());
        Assert.Equal($"5-{hidden.Replace(',', '-')}-2", line.GetProperty("net").GetString());
    }

    [Fact]
    public void OnlineComparesASampleAloneWithOneInAnEpoch()
    {
        JsonElement line = Line("online", "--inputs", "2", "--hidden", "5", "--outputs", "1", "--rows", "500", "--rounds", "2");
        Assert.Equal("2-5-1", line.GetProperty("net").GetString());
        Assert.InRange(Number(line, "nanoseconds_in_epoch"), 1, 1e9);
        Assert.InRange(Number(line, "nanoseconds_alone"), 1, 1e9);
        Assert.InRange(Number(line, "ratio"), 1e-3, 1e3);
    }

    [Fact]
    public void ABatchAllocatesNothingAfterTheFirstEpoch()
    {
        JsonElement line = Line(
            "throughput", "--inputs", "5", "--hidden", "4", "--outputs", "1", "--rows", "4000", "--batch", "2", "--epochs", "4",
            "--threads", "1");
        Assert.Equal(0, Number(line, "bytes_allocated"));
    }

    [Fact]
    public void OneEpochSaysNothingAboutLaterOnes()
    {
        JsonElement line = Line("throughput", "--inputs", "5", "--hidden", "4", "--outputs", "1", "--rows", "7", "--epochs", "1");
        Assert.Equal(JsonValueKind.Null, line.GetProperty("bytes_allocated").ValueKind);
    }

    [Theory]
    [InlineData("naive")]
    [InlineData("VECTOR128")]
    public void AKernelCanBeForced(string kernel)
    {
        JsonElement line = Line("throughput", "--inputs", "5", "--hidden", "4", "--outputs", "1", "--rows", "7", "--kernel", kernel);
        Assert.Equal(kernel.ToLowerInvariant(), line.GetProperty("kernel").GetString());
    }

    [Fact]
    public void ActivationsAreComparedWithTanh()
    {
        JsonElement line = Line(
            "activations", "--inputs", "5", "--hidden", "4", "--outputs", "2", "--rows", "200", "--batch", "10", "--rounds", "2",
            "--threads", "1");
        Assert.Equal("5-4-2", line.GetProperty("net").GetString());
        Assert.Equal(2, Number(line, "rounds"));
        Assert.Equal(1, Number(line, "threads"));

        var ratios = line.GetProperty("activations").EnumerateArray().ToDictionary(
            entry => entry.GetProperty("activation").GetString()!, entry => Number(entry, "time_to_tanh"));
        Assert.Equal(1, ratios["tanh"]);
        Assert.Equal(ratios.Values.Order(), ratios.Values);
        Assert.All(ratios.Values, ratio => Assert.InRange(ratio, 1e-3, 1e3));
        Assert.Subset(
            ratios.Keys.ToHashSet(),
            new HashSet<string>
            {
                "linear", "logistic", "relu", "leaky-relu", "prelu", "elu", "selu", "softplus", "gelu", "silu", "mish", "softmax",
            });
        Assert.DoesNotContain("hard-limit", ratios.Keys);
        Assert.All(line.GetProperty("activations").EnumerateArray(), entry => Assert.True(Number(entry, "samples_per_second") > 0));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("256")]
    public void PredictPrintsTheTimeOfARow(string block)
    {
        JsonElement line = Line(
            "predict", "--inputs", "10", "--hidden", "20", "--outputs", "1", "--block", block, "--rows", "300", "--kernel", "naive");

        double nanoseconds = Number(line, "nanoseconds_per_row");
        Assert.InRange(nanoseconds, 0.1, 1e7);
        Assert.InRange(Number(line, "rows_per_second") * nanoseconds, 0.9e9, 1.1e9);
        Assert.Equal(0, Number(line, "bytes_allocated"));
        Assert.Equal(1, Number(line, "threads"));
        Assert.Equal(block, line.GetProperty("block").GetRawText());
        Assert.Equal("naive", line.GetProperty("kernel").GetString());
    }

    [Theory]
    [InlineData("--block is 0, but must be 1 or more.", "predict", "--block", "0")]
    [InlineData("--threads is -1, but must be 0 or more.", "throughput", "--threads", "-1")]
    [InlineData("--hidden is '4,x', but must be whole numbers of 1 or more", "throughput", "--hidden", "4,x")]
    [InlineData("--kernel is 'fast', but must be one of naive, vector128,", "predict", "--kernel", "fast")]
    [InlineData("--activation is 'soft'. There is no activation named 'soft'. Known are linear,", "throughput", "--activation", "soft")]
    [InlineData("--activation is 'hard-limit', whose derivative is 0", "throughput", "--activation", "hard-limit")]
    [InlineData("--rounds is 0, but must be 1 or more.", "activations", "--rounds", "0")]
    [InlineData("--learning-rate is 0, but must be a finite number above 0.", "throughput", "--learning-rate", "0")]
    [InlineData(
        "--outputs is 1, but --task multiclass needs one for each of 2 or more classes.",
        "throughput", "--outputs", "1", "--task", "multiclass")]
    [InlineData("'--row'", "throughput", "--row", "9")]
    public void AMistakeIsOneLine(string message, params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(arguments);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.StartsWith("Error: ", error);
        Assert.Contains(message, error);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public void ATrainingThatBreaksOffHasNoRate()
    {
        (int exitCode, string output, string error) = Run(
            "throughput", "--inputs", "5", "--hidden", "4", "--outputs", "1", "--rows", "500", "--activation", "linear", "--learning-rate",
            "1e30");
        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Contains("Training diverged", error);
    }

    private protected override int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error) =>
        JsonCommands.Run(arguments, output, error);

    private static void Close(double expected, double actual, double tolerance) =>
        Assert.InRange(actual, expected - tolerance, expected + tolerance);
}
