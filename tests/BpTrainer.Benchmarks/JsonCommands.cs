using System.CommandLine;
using System.Text.Json.Nodes;
using BpTrainer.Kernels;

namespace BpTrainer.Benchmarks;

/// <summary>The commands that measure one thing and print it as JSON lines, for comparisons with other programs.</summary>
internal static class JsonCommands
{
    private static readonly Option<int> s_inputs = Commands.Count("--inputs", 784, "The inputs of the network.");
    private static readonly Option<string> s_hidden =
        new("--hidden") { Description = "The units of each hidden layer, such as 256 or 256,128.", DefaultValueFactory = _ => "256" };
    private static readonly Option<int> s_outputs = Commands.Count("--outputs", 10, "The outputs of the network.");
    private static readonly Option<string?> s_activation = new("--activation")
    {
        Description = "Of the hidden layers: any, such as relu or leaky-relu(0.1). Default: relu for multiclass, tanh for regression.",
        HelpName = "NAME",
    };
    private static readonly Option<string?> s_task = new("--task")
    {
        Description = "multiclass: softmax and cross-entropy; regression: linear outputs and half the squared error. Default: " +
            "regression for one output.",
        HelpName = "multiclass|regression",
    };
    private static readonly Option<string?> s_kernel = new("--kernel")
    {
        Description = $"The instructions: {string.Join(", ", Enum.GetNames<KernelKind>()).ToLowerInvariant()}. Default: the best.",
        HelpName = "NAME",
    };
    private static readonly Option<int> s_seed =
        new("--seed") { Description = "The seed of data, weights and order.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> s_rows = Commands.Count("--rows", 60000, "The training samples.");
    private static readonly Option<int> s_batch = Commands.Count("--batch", 128, "The samples of an update.");
    private static readonly Option<int> s_epochs = Commands.Count("--epochs", 3, "The passes over the samples.");
    private static readonly Option<int> s_timed = Commands.Count("--rows", 8000, "The training samples.");
    private static readonly Option<int> s_rounds = Commands.Count("--rounds", 7, "How often every activation has its turn.");
    private static readonly Option<int> s_threads = Commands.Number(
        "--threads", 0, 0, "The most threads; 0 for as many as there are processors.");
    private static readonly Option<string> s_axis = new("--axis")
    {
        Description = $"What grows: {string.Join(", ", ScalingAxis.All.Select(axis => axis.Name))}.",
        HelpName = "NAME",
        Required = true,
    };
    private static readonly Option<string?> s_values =
        new("--values") { Description = "The values, such as 1000,2000. Default: those of the study.", HelpName = "N,N" };
    private static readonly Option<int> s_milliseconds =
        Commands.Count("--milliseconds", 250, "The least time of a training that is timed.");
    private static readonly Option<int> s_scalingThreads = Commands.Number(
        "--threads", 1, 0, "The most threads, of all axes but that of threads; 0 for as many as there are processors.");
    private static readonly Option<int> s_hashThreads = Commands.Count("--threads", 1, "The most threads.");

    /// <summary>Every optimizer with its usual figures.</summary>
    public static IReadOnlyList<Optimizer> Optimizers { get; } =
    [
        Optimizer.GradientDescent(), Optimizer.Momentum(), Optimizer.Nesterov(), Optimizer.AdaptiveGradientDescent(), Optimizer
            .AdaptiveMomentum(),
        Optimizer.ResilientMinus(), Optimizer.ResilientPlus(), Optimizer.AdaGrad(), Optimizer.RmsProp(), Optimizer.Adam(), Optimizer
            .AdamW(),
        Optimizer.Nadam(), Optimizer.Lbfgs(), Optimizer.ScaledConjugateGradient(), Optimizer.LevenbergMarquardt(),
        Optimizer.BayesianRegularization(),
    ];

    private static readonly Option<string> s_optimizer = new("--optimizer")
    {
        Description = $"The optimizer, with its usual figures: {string.Join(", ", Optimizers.Select(optimizer => optimizer.Name))}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "momentum",
    };
    private static readonly Option<double> s_rate =
        new("--learning-rate") { Description = "The size of a step; it changes the work of no step.", DefaultValueFactory = _ => 0.001 };
    private static readonly Option<int> s_bins = Commands.Number(
        "--bins", 0, 0, "The bins of a piecewise linear encoding of every input; 0 for none.");
    private static readonly Option<bool> s_regularized = new("--regularized")
    {
        Description = "Weight decay, and gradients of a norm of at most 10, as the default trainer of the ML.NET layer has them.",
    };
    private static readonly Option<int> s_networks = Commands.Count("--networks", 8, "The networks of the ensemble.");
    private static readonly Option<int> s_predicting = Commands.Count(
        "--networks", 1, "The networks that predict together; every second one has no codes.");
    private static readonly Option<int> s_turns = Commands.Count("--rounds", 9, "How often both have their turn.");
    private static readonly Option<int> s_block = Commands.Count("--block", 1, "The rows of one call: 1 for row by row.");
    private static readonly Option<int> s_scored = Commands.Count("--rows", 10000, "The rows to score over and over.");

    /// <summary>The first arguments that are meant for this class; all others are BenchmarkDotNet's.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [
            "peak", "products", "step", "ensemble", "throughput", "activations", "predict", "online", "scaling", "hashes", "count",
            "--help", "-h", "-?",
        ];

    /// <summary>Runs a command.</summary>
    /// <returns>0, or 1 when a training broke off, or 2 when the user made a mistake.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var peak = new Command("peak", "Prints what the processor can do: multiply-adds in registers, and bytes from and to memory.");
        peak.SetAction(_ => Print(Peak.Measure(), output));

        var products = new Command("products", "Multiplies matrices as training and scoring do, in turns with the peak.")
        {
            s_batch, s_kernel,
        };
        products.SetAction(parsed => Print(Products.Measure(parsed.GetValue(s_batch), Kernel(parsed)), output));

        var step = new Command("step", "Times the step of a batch, in turns with the peak, and what it is made of.")
        {
            s_inputs, s_hidden, s_outputs, s_rows, s_batch, s_threads, s_activation, s_task, s_optimizer, s_rate, s_bins, s_regularized,
            s_kernel, s_seed,
        };
        step.SetAction(parsed => Print(StepTimes.Measure(Shape(parsed), parsed.GetValue(s_rows), Training(parsed)), output));

        var ensemble = new Command(
            "ensemble", "Trains networks together and one after another, in turns, and compares the times and every bit.")
        {
            s_networks, s_inputs, s_hidden, s_outputs, s_timed, s_batch, s_epochs, s_threads, s_turns, s_activation, s_task, s_optimizer,
            s_rate, s_bins, s_regularized, s_kernel, s_seed,
        };
        ensemble.SetAction(parsed => Print(
            EnsembleTimes.Measure(
                Shape(parsed), parsed.GetValue(s_networks), parsed.GetValue(s_timed), parsed.GetValue(s_turns), Training(parsed)),
            output));

        var throughput = new Command("throughput", "Trains on synthetic samples and prints how fast.")
        {
            s_inputs, s_hidden, s_outputs, s_rows, s_batch, s_epochs, s_threads, s_activation, s_task, s_optimizer, s_rate,
            s_kernel, s_seed,
        };
        throughput.SetAction(parsed =>
        {
            NetShape shape = Shape(parsed);
            if (!shape.Activation.CanLearn)
            {
                throw new UserError($"--activation is '{shape.Activation}', whose derivative is 0; only predict takes it.");
            }

            JsonObject? line = Throughput.Measure(shape, parsed.GetValue(s_rows), Training(parsed), error);
            return Print(line, output);
        });

        var activations = new Command("activations", "Trains with every activation in turns and prints how they compare with tanh.")
        {
            s_inputs, s_hidden, s_outputs, s_timed, s_rounds, s_batch, s_threads, s_task, s_optimizer, s_rate, s_kernel, s_seed,
        };
        activations.SetAction(parsed => Print(
            ActivationTimes.Measure(Shape(parsed), parsed.GetValue(s_timed), parsed.GetValue(s_rounds), Training(parsed)), output));

        var predict = new Command("predict", "Predicts through the public interface, on one thread, and prints how fast.")
        {
            s_inputs, s_hidden, s_outputs, s_predicting, s_bins, s_block, s_scored, s_activation, s_task, s_kernel, s_seed,
        };
        predict.SetAction(parsed => Print(
            Prediction.Measure(
                Shape(parsed), parsed.GetValue(s_predicting), parsed.GetValue(s_scored), parsed.GetValue(s_block), Kernel(parsed),
                parsed.GetValue(s_seed)),
            output));

        var online = new Command("online", "Learns sample by sample, in calls and within epochs in turns, and prints how they compare.")
        {
            s_inputs, s_hidden, s_outputs, s_timed, s_rounds, s_activation, s_task, s_optimizer, s_rate, s_kernel, s_seed,
        };
        online.SetAction(parsed =>
        {
            TrainingOptions training = Training(parsed);
            var options = new TrainingOptions { Optimizer = training.Optimizer, Kernel = training.Kernel, Seed = training.Seed };
            return Print(
                OnlineLearning.Measure(Shape(parsed), parsed.GetValue(s_timed), parsed.GetValue(s_rounds), options), output);
        });

        var scaling = new Command(
            "scaling", "Trains with more and more of one thing and prints time and memory of each: one JSON line a value.")
        {
            s_axis, s_values, s_scalingThreads, s_milliseconds,
        };
        scaling.SetAction(parsed => Scale(parsed).Sum(line => Print(line, output)));

        var hashes = new Command(
            "hashes", "Trains many configurations and prints a hash of each, to show that a change keeps every bit.") { s_hashThreads };
        hashes.SetAction(parsed => WeightHashes.Print(parsed.GetValue(s_hashThreads), output));

        var count = new Command("count", "Does work whose instructions callgrind counts: see instructions.sh.");
        count.SetAction(_ => CountedWork.Run(output));

        var root = new RootCommand(
            "Measures the engine. Without one of these commands BenchmarkDotNet runs: try --list flat, or --filter '*Epoch*'.")
        {
            peak, products, step, ensemble, throughput, activations, predict, online, scaling, hashes, count,
        };
        return UserCommand.Run(root, arguments, output, error);
    }

    private static int Print(JsonObject? line, TextWriter output)
    {
        if (line is null)
        {
            return 1;
        }

        output.WriteLine(line.ToJsonString());
        return 0;
    }

    private static IEnumerable<JsonObject> Scale(ParseResult parsed)
    {
        ScalingAxis axis = Commands.Choose("--axis", parsed.GetRequiredValue(s_axis), [.. ScalingAxis.All.Select(a => (a.Name, a))]);
        IReadOnlyList<int> values = parsed.GetValue(s_values) is { } list ? Numbers("--values", list, "1000 or 1000,2000") : axis.Values;
        return ScalingTimes.Measure(axis, values, parsed.GetValue(s_scalingThreads), parsed.GetValue(s_milliseconds));
    }

    private static NetShape Shape(ParseResult parsed)
    {
        int outputs = parsed.GetValue(s_outputs);
        bool isMulticlass = Commands.Choose(
            "--task", parsed.GetValue(s_task) ?? (outputs == 1 ? "regression" : "multiclass"), ("multiclass", true), ("regression", false));
        if (isMulticlass && outputs == 1)
        {
            throw new UserError("--outputs is 1, but --task multiclass needs one for each of 2 or more classes.");
        }

        Activation activation = ReadActivation(parsed.GetValue(s_activation) ?? (isMulticlass ? "relu" : "tanh"));
        int[] hidden = Numbers("--hidden", parsed.GetRequiredValue(s_hidden), "256 or 256,128");
        return new NetShape(parsed.GetValue(s_inputs), hidden, outputs, activation, isMulticlass)
        {
            // Other commands do not have the option.
            Bins = parsed.GetResult(s_bins) is null ? 0 : parsed.GetValue(s_bins),
        };
    }

    private static Activation ReadActivation(string text)
    {
        try
        {
            return Activation.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UserError($"--activation is '{text}'. {e.Message}");
        }
    }

    private static int[] Numbers(string option, string list, string example) => Array.ConvertAll(
        list.Split(',', StringSplitOptions.TrimEntries),
        text => int.TryParse(text, out int number) && number >= 1
            ? number
            : throw new UserError($"{option} is '{list}', but must be whole numbers of 1 or more, such as {example}."));

    private static TrainingOptions Training(ParseResult parsed)
    {
        double rate = parsed.GetValue(s_rate);
        if (!(rate > 0 && double.IsFinite(rate)))
        {
            throw new UserError($"--learning-rate is {rate}, but must be a finite number above 0.");
        }

        Optimizer optimizer = Commands.Choose(
            "--optimizer", parsed.GetRequiredValue(s_optimizer), [.. Optimizers.Select(r => (r.Name, r))]);
        return new TrainingOptions
        {
            Regularization = parsed.GetValue(s_regularized) ? new() { WeightDecay = 0.02, ClipNorm = 10 } : new(),
            Optimizer = optimizer.LearningRate is null ? optimizer : optimizer.WithLearningRate(rate),
            BatchSize = optimizer.IsFullBatchOnly ? TrainingOptions.FullBatch : parsed.GetValue(s_batch),
            Epochs = parsed.GetValue(s_epochs),
            Seed = parsed.GetValue(s_seed),
            NumberOfThreads = parsed.GetValue(s_threads),
            Kernel = Kernel(parsed),
        };
    }

    private static KernelKind Kernel(ParseResult parsed)
    {
        if (parsed.GetValue(s_kernel) is not { } name)
        {
            return Kernels.Kernel.Default;
        }

        KernelKind kind = Commands.Choose(
            "--kernel", name, [.. Enum.GetValues<KernelKind>().Select(k => (k.ToString().ToLowerInvariant(), k))]);
        return Kernels.Kernel.IsSupported(kind)
            ? kind
            : throw new UserError($"--kernel is '{name}', which this processor does not support; the best it does is " +
                $"{Kernels.Kernel.Best.ToString().ToLowerInvariant()}.");
    }
}
