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
        Close(best * operations / 1e9 / Number(line, "peak_gflops"), Number(line, "share_of_peak"), tolerance: 1e-3);
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
        double gflops = Number(line, "gflops");
        Close(2 * ((10 * 20) + 20) / nanoseconds, gflops, tolerance: 0.01 * gflops);
        Close(gflops / Number(line, "peak_gflops"), Number(line, "share_of_peak"), tolerance: 1e-3);
        Assert.Equal(0, Number(line, "bytes_allocated"));
        Assert.Equal(1, Number(line, "threads"));
        Assert.Equal(block, line.GetProperty("block").GetRawText());
        Assert.Equal("naive", line.GetProperty("kernel").GetString());
    }

    [Fact]
    public void ThePeakIsThatOfTheWidestVectors()
    {
        JsonElement line = Line("peak");

        foreach (string threads in new[] { "one_thread", "all_threads" })
        {
            JsonElement limits = line.GetProperty(threads);
            JsonElement single = limits.GetProperty("gflops").GetProperty("float");
            Assert.Equal(line.GetProperty("kernel").GetString(), single.EnumerateObject().Last().Name);
            Assert.InRange(Number(single, "vector128"), 1, 1e5);
            Assert.InRange(Number(limits.GetProperty("gflops").GetProperty("double"), "vector128"), 0.5, 1e5);
            Assert.All(
                limits.GetProperty("bandwidth").EnumerateArray(),
                size => Assert.All(["read", "copy", "triad"], pass => Assert.InRange(Number(size, pass), 0.1, 1e5)));
        }
    }

    [Fact]
    public void ProductsAreSharesOfThePeak()
    {
        JsonElement line = Line("products", "--batch", "16", "--kernel", "vector128");

        JsonElement[] products = [.. line.GetProperty("products").EnumerateArray()];
        Assert.Equal(
            ["16×256×784", "784×256×16", "16×10×256", "256×10×16", "16×256×10"],
            products.Select(product => product.GetProperty("shape").GetString()));
        Assert.All(products, product => Assert.InRange(Number(product, "share_of_peak"), 1e-4, 1.1));
    }

    [Theory]
    [InlineData("1", "momentum")]
    [InlineData("2", "adam")]
    public void AStepIsMadeOfPhases(string threads, string optimizer)
    {
        JsonElement line = Line(
            "step", "--inputs", "200", "--hidden", "100", "--outputs", "3", "--rows", "500", "--threads", threads,
            "--optimizer", optimizer);

        Assert.Equal(threads, line.GetProperty("threads").GetRawText());
        Assert.InRange(Number(line, "share_of_peak"), 1e-4, 1.1);
        Close(128e6 / Number(line, "samples_per_second"), Number(line, "microseconds"), tolerance: 0.1);
        string[] phases = threads == "1" ? ["gather", "forward", "loss", "backward", "gradient", "update"] : [];
        Assert.Equal(phases, threads == "1" ? line.GetProperty("phases").EnumerateObject().Select(phase => phase.Name) : []);
    }

    [Theory]
    [InlineData("1", "0")]
    [InlineData("2", "4")]
    public void AnEnsembleHasTheBitsOfItsNetworksAlone(string threads, string bins)
    {
        JsonElement line = Line(
            "ensemble", "--networks", "3", "--inputs", "5", "--hidden", "9,8", "--outputs", "1", "--rows", "100", "--batch", "16",
            "--epochs", "2", "--rounds", "1", "--threads", threads, "--bins", bins, "--regularized");

        Assert.Equal("5-9-8-1", line.GetProperty("net").GetString());
        Assert.Equal(3, Number(line, "networks"));
        Assert.True(line.GetProperty("same_bits").GetBoolean());
        Close(
            Number(line, "seconds_one_by_one") / Number(line, "seconds_together"), Number(line, "ratio"), tolerance: 1e-3);
    }

    [Theory]
    [InlineData("--block is 0, but must be 1 or more.", "predict", "--block", "0")]
    [InlineData("--threads is -1, but must be 0 or more.", "throughput", "--threads", "-1")]
    [InlineData("--hidden is '4,x', but must be whole numbers of 1 or more", "throughput", "--hidden", "4,x")]
    [InlineData("--kernel is 'fast', but must be one of naive, vector128,", "predict", "--kernel", "fast")]
    [InlineData(
        "--activation is 'soft'. There is no activation named 'soft'. The known activations are linear,",
        "throughput", "--activation", "soft")]
    [InlineData("--activation is 'hard-limit', whose derivative is 0", "throughput", "--activation", "hard-limit")]
    [InlineData("--optimizer is 'l-bfgs', but must be one that makes a step after every batch.", "step", "--optimizer", "l-bfgs")]
    [InlineData("--rounds is 0, but must be 1 or more.", "activations", "--rounds", "0")]
    [InlineData("--axis is 'wide', but must be one of rows, width, depth, threads, batch, networks.", "scaling", "--axis", "wide")]
    [InlineData("--values is '9,0', but must be whole numbers of 1 or more", "scaling", "--axis", "rows", "--values", "9,0")]
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
