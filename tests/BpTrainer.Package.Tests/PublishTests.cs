namespace BpTrainer.Package.Tests;

/// <summary>The engine in programs that are trimmed or compiled ahead of time: publishing them warns of nothing, and they learn.</summary>
[Collection(nameof(Packages))]
public class PublishTests(Packages packages)
{
    /// <summary>
    /// Activations, optimizers, files, an ensemble and sample-by-sample training. In one precision and with two optimizers: each is compiled
    /// with every activation and for every width of vectors, and all of them together take minutes.
    /// </summary>
    private const string Program = """
        using BpTrainer;

        float[] inputs = [.. Enumerable.Range(0, 400).Select(i => MathF.Sin(i * 0.7f))];
        float[] targets = [.. Enumerable.Range(0, 200).Select(row => inputs[2 * row] * inputs[(2 * row) + 1])];
        var data = new DataSet<float>(inputs, 2, targets, 1);

        string[] activations =
        [
            "linear", "logistic", "tanh", "relu", "softmax", "prelu", "elu", "selu", "softplus", "gelu", "silu", "mish",
            "cumulative-softplus",
        ];
        foreach (string activation in activations)
        {
            Train(Builder(activation).Build<float>(seed: 1), Optimizer.Momentum());
        }

        Train(Builder("tanh").Build<float>(seed: 1), Optimizer.Lbfgs());

        Network<float> encoded = Builder("relu").EncodeInputs(PiecewiseLinearEncoding.FromQuantiles(data)).Build<float>(seed: 1);
        Train(encoded, Optimizer.Momentum());
        using var file = new MemoryStream();
        encoded.Save(file);
        file.Position = 0;
        Require(Network<float>.Load(file).ToJson() == encoded.ToJson(), "a saved network is loaded");

        NetworkEnsemble<float> ensemble = new EnsembleTrainer<float>(Builder("tanh"), Options(Optimizer.Momentum()), size: 2).Train(data);
        ensemble.Predict(data, new float[200]);

        using var online = new OnlineTrainer<float>(encoded, new TrainingOptions { Optimizer = Optimizer.Momentum() });
        Require(online.Learn(inputs.AsSpan(0, 2), targets.AsSpan(0, 1)) >= 0, "a sample has a loss");
        Console.WriteLine("learned");

        void Train(Network<float> network, Optimizer optimizer)
        {
            double before = network.Evaluate(data, Loss.MeanSquaredError);
            new NetworkTrainer<float>(network, Options(optimizer)).Train(data);
            double after = network.Evaluate(data, Loss.MeanSquaredError);
            Require(after < before, $"{network.Layers[0].Activation} learns with {optimizer}: {before} to {after}");
        }

        static NetworkBuilder Builder(string activation) =>
            new NetworkBuilder(2).Add(12, Activation.Parse(activation)).Add(1, Activation.Linear);

        static TrainingOptions Options(Optimizer optimizer) => new()
        {
            Optimizer = optimizer,
            BatchSize = optimizer.IsFullBatchOnly ? TrainingOptions.FullBatch : 20,
            Epochs = 10,
            NumberOfThreads = 2,
        };

        static void Require(bool holds, string what)
        {
            if (!holds)
                throw new InvalidOperationException($"It does not hold that {what}.");
        }
        """;

    [Fact]
    public void ATrimmedProgramLearns() => PublishesAndLearns("PublishTrimmed");

    [NativeCompilerFact]
    public void AProgramCompiledAheadOfTimeLearns() => PublishesAndLearns("PublishAot");

    private void PublishesAndLearns(string property)
    {
        using var project = new FreshProject(packages, "BpTrainer", Program, $"""
                <{property}>true</{property}>
                <SelfContained>true</SelfContained>
                <TrimmerSingleWarn>false</TrimmerSingleWarn>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            """);
        Assert.Equal("learned", project.Publish());
    }
}

/// <summary>
/// A test that compiles to machine code. It is skipped, with a word, where there is no linker for that: the SDK brings none.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeCompilerFactAttribute : FactAttribute
{
    public NativeCompilerFactAttribute()
    {
        string[] needed = OperatingSystem.IsWindows() ? ["vswhere.exe"] : ["clang", "gcc"];
        string[] folders = OperatingSystem.IsWindows()
            ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFilesX86), "Microsoft Visual Studio", "Installer")]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => needed.Any(program => File.Exists(Path.Combine(folder, program)))))
        {
            Skip = $"There is no linker for native code here: neither of {string.Join(", ", needed)} was found.";
        }
    }
}
