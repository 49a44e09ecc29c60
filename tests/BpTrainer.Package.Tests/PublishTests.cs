namespace BpTrainer.Package.Tests;

/// <summary>The engine in programs that are trimmed or compiled ahead of time: publishing them warns of nothing, and they learn.</summary>
[Collection(nameof(Packages))]
public class PublishTests(Packages packages)
{
    /// <summary>Activations, optimizers, files, an ensemble and sample-by-sample training, in both precisions.</summary>
    private const string Program = """
        using System.Numerics;
        using BpTrainer;

        Learn<float>();
        Learn<double>();
        Console.WriteLine("learned");

        static void Learn<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] inputs = [.. Enumerable.Range(0, 400).Select(i => T.CreateChecked(Math.Sin(i * 0.7)))];
            T[] targets = [.. Enumerable.Range(0, 200).Select(row => inputs[2 * row] * inputs[(2 * row) + 1])];
            var data = new DataSet<T>(inputs, 2, targets, 1);

            string[] activations =
            [
                "linear", "logistic", "tanh", "relu", "softmax", "prelu", "elu", "selu", "softplus", "gelu", "silu", "mish",
                "cumulative-softplus",
            ];
            foreach (string activation in activations)
            {
                Train(Builder(activation).Build<T>(seed: 1), Optimizer.Adam(0.01));
            }

            Optimizer[] optimizers =
            [
                Optimizer.GradientDescent(), Optimizer.Momentum(), Optimizer.AdaptiveMomentum(), Optimizer.ResilientPlus(),
                Optimizer.AdaGrad(), Optimizer.RmsProp(), Optimizer.AdamW(), Optimizer.Nadam(), Optimizer.Lbfgs(),
                Optimizer.ScaledConjugateGradient(), Optimizer.LevenbergMarquardt(), Optimizer.BayesianRegularization(),
            ];
            foreach (Optimizer optimizer in optimizers)
            {
                Train(Builder("tanh").Build<T>(seed: 1), optimizer);
            }

            Network<T> encoded = Builder("relu").EncodeInputs(PiecewiseLinearEncoding.FromQuantiles(data)).Build<T>(seed: 1);
            Train(encoded, Optimizer.Adam());
            using var file = new MemoryStream();
            encoded.Save(file);
            file.Position = 0;
            Require(Network<T>.Load(file).ToJson() == encoded.ToJson(), "a saved network is loaded");

            NetworkEnsemble<T> ensemble = new EnsembleTrainer<T>(Builder("tanh"), Options(Optimizer.Adam()), size: 2).Train(data).Ensemble;
            ensemble.Predict(data, new T[200]);

            Network<T> network = Builder("tanh").Build<T>(seed: 1);
            using var online = new OnlineTrainer<T>(network, new TrainingOptions { Optimizer = Optimizer.Adam() });
            online.Learn(inputs.AsSpan(0, 2), targets.AsSpan(0, 1));

            void Train(Network<T> network, Optimizer optimizer)
            {
                double before = network.Evaluate(data, Loss.MeanSquaredError);
                new NetworkTrainer<T>(network, Options(optimizer)).Train(data);
                double after = network.Evaluate(data, Loss.MeanSquaredError);
                Require(after < before, $"{network.Layers[0].Activation} learns with {optimizer}: {before} to {after}");
            }
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
