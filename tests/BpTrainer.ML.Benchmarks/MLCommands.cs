using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using BpTrainer.Examples.Compare;

namespace BpTrainer.Benchmarks;

/// <summary>The commands that measure the ML.NET layer; most print one JSON line.</summary>
internal static class MLCommands
{
    private static readonly Option<int> s_rounds = Commands.Count(
        "--rounds", 3, "What is compared takes turns this often; the best of each counts.");
    private static readonly Option<string> s_task = new("--task")
    {
        Description = "multiclass: 784-256-10, ReLU, batches of 128; regression: 13-50-1, tanh, batches of 32.",
        HelpName = "multiclass|regression",
        DefaultValueFactory = _ => "multiclass",
    };
    private static readonly Option<int> s_fitRows = Commands.Count("--rows", 20000, "The training rows.");
    private static readonly Option<int> s_fitEpochs = Commands.Count("--epochs", 5, "The passes over the rows.");
    private static readonly Option<int> s_threads = Commands.Number(
        "--threads", 1, 0, "The most threads of training; 0 for as many as there are processors.");
    private static readonly Option<int> s_scoredRows = Commands.Count("--rows", 100000, "The rows to score.");
    private static readonly Option<int> s_features = Commands.Count("--features", 20, "The features of a row.");
    private static readonly Option<int> s_readRows = Commands.Count("--rows", 60000, "The rows to read; each has 784 features.");
    private static readonly Option<int> s_fileRows = Commands.Count("--rows", 2000000, "The rows of the file.");
    private static readonly Option<int> s_fileFeatures = Commands.Count("--features", 30, "The features of a row.");
    private static readonly Option<int> s_fileEpochs = Commands.Count("--epochs", 2, "The passes over the file.");
    private static readonly Option<int> s_memory = Commands.Count(
        "--memory", 64, "The most megabytes of rows to hold, the option MaximumMemory.");
    private static readonly Option<int> s_texts = Commands.Count(
        "--texts", 20000, "The texts to learn from; a quarter as many more are for the test.");
    private static readonly Option<int> s_vocabulary = Commands.Count("--vocabulary", 30000, "The different words that there are.");
    private static readonly Option<int> s_tableRows = Commands.Count("--rows", 10000, "The rows of the table.");
    private static readonly Option<int> s_tableFeatures = Commands.Count("--features", 50, "The features of a row.");
    private static readonly Option<int> s_coldRows = Commands.Count("--rows", 500, "The training rows.");
    private static readonly Option<int> s_coldFeatures = Commands.Count("--features", 10, "The features of a row.");
    private static readonly Option<int> s_processes = Commands.Count("--rounds", 7, "The processes of each trainer, which take turns.");
    private static readonly Option<string?> s_coldTrainers = new("--trainers")
    {
        Description = $"Some of {string.Join(",", ColdFit.Trainers)}. Default: all.",
        HelpName = "A,B",
    };
    private static readonly Argument<string> s_coldTrainer = new("trainer") { Description = "The trainer." };
    private static readonly Argument<string> s_folder = new("folder") { Description = "The folder with the four files." };
    private static readonly Option<bool> s_uncounted =
        new("--uncounted") { Description = "The data does not say beforehand how many rows it has, like a text file." };
    private static readonly Argument<string> s_tableFolder = new("folder")
    {
        Description = "A folder of CSV files and their list, tables.csv, as examples/data is one.",
    };
    private static readonly Option<string?> s_tables =
        new("--tables") { Description = "Some tables of the folder. Default: all.", HelpName = "A,B" };
    private static readonly Option<int> s_splits = Commands.Count("--splits", 3, "How often the rows are divided anew.");
    private static readonly Option<string?> s_variants = new("--variants")
    {
        Description = $"Some of {string.Join(",", Variant.All.Select(variant => variant.Name))}. Default: all. Differences are those to " +
            "the first one.",
        HelpName = "A,B",
    };
    private static readonly Option<string?> s_json =
        new("--json") { Description = "Also write what each trainer reached on each table to this file.", HelpName = "FILE" };

    /// <summary>Runs a command.</summary>
    /// <returns>0, or 2 when the user made a mistake.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var fit = new Command("fit", "Times Fit against the engine alone, on the same rows with the same options.")
        {
            s_task, s_fitRows, s_fitEpochs, s_threads, s_rounds,
        };
        fit.SetAction(parsed =>
        {
            (NetShape shape, int batch) = Commands.Choose(
                "--task", parsed.GetRequiredValue(s_task), ("multiclass", (NetShape.Image, 128)), ("regression", (NetShape.Table, 32)));
            return Print(output, FitAgainstEngine.Measure(
                shape,
                parsed.GetValue(s_fitRows),
                batch,
                parsed.GetValue(s_fitEpochs),
                parsed.GetValue(s_threads),
                parsed.GetValue(s_rounds)));
        });

        var transform = new Command(
            "transform", "Times the scores of Transform against FastTree and LightGBM, all with their default options.")
        {
            s_scoredRows, s_features, s_rounds,
        };
        transform.SetAction(parsed => Print(
            output, TransformAgainstTrees.Measure(parsed.GetValue(s_scoredRows), parsed.GetValue(s_features), parsed.GetValue(s_rounds))));

        var read = new Command("read", "Times the reading of training rows against a cursor of ML.NET, and weighs the memory of it.")
        {
            s_readRows, s_uncounted, s_threads, s_rounds,
        };
        read.SetAction(parsed => Print(output, ReadingRows.Measure(
            parsed.GetValue(s_readRows), !parsed.GetValue(s_uncounted), parsed.GetValue(s_threads), parsed.GetValue(s_rounds))));

        var stream = new Command(
            "stream", "Fits a pipeline to a text file that is larger than the memory allowed, and tells the peak of the process.")
        {
            s_fileRows, s_fileFeatures, s_fileEpochs, s_memory,
        };
        stream.SetAction(parsed => Stoppable(cancellationToken => Print(output, StreamedFile.Measure(
            Path.GetTempPath(),
            parsed.GetValue(s_fileRows),
            parsed.GetValue(s_fileFeatures),
            parsed.GetValue(s_memory),
            parsed.GetValue(s_fileEpochs),
            cancellationToken))));

        var hashes = new Command(
            "hashes", "Fits many configurations and prints a hash of their scores, to show that a change keeps every bit.");
        hashes.SetAction(_ => ModelHashes.Print(output));

        var text = new Command(
            "text",
            "Fits the words of short texts beside Sdca, both with their default options, and tells times, accuracies and the peak " +
            "of the process.")
        {
            s_texts, s_vocabulary,
        };
        text.SetAction(parsed => Print(output, TextAgainstSdca.Measure(parsed.GetValue(s_texts), parsed.GetValue(s_vocabulary))));

        var table = new Command("default", "Times the default trainer on a table, beside LightGBM, both with their default options.")
        {
            s_tableRows, s_tableFeatures,
        };
        table.SetAction(parsed => Print(output, DefaultFit.Measure(parsed.GetValue(s_tableRows), parsed.GetValue(s_tableFeatures))));

        var cold = new Command(
            "cold", "Times the first Fit of a process, and what is compiled in it, for trainers in turns; a JSON line for each.")
        {
            s_coldTrainers, s_coldRows, s_coldFeatures, s_processes,
        };
        cold.SetAction(parsed => ColdFit.Measure(
            Chosen(s_coldTrainers, parsed, ColdFit.Trainers, trainer => trainer),
            parsed.GetValue(s_coldRows),
            parsed.GetValue(s_coldFeatures),
            parsed.GetValue(s_processes)).Sum(line => Print(output, line)));

        var coldFit = new Command("cold-fit", "Fits a trainer twice; a process of cold.")
        {
            s_coldTrainer, s_coldRows, s_coldFeatures,
        };
        coldFit.Hidden = true;
        coldFit.SetAction(parsed => Print(output, ColdFit.FitTwice(
            parsed.GetRequiredValue(s_coldTrainer), parsed.GetValue(s_coldRows), parsed.GetValue(s_coldFeatures))));

        var images = new Command("images", "Fits the default trainer to images in the files of MNIST or Fashion-MNIST.") { s_folder };
        images.SetAction(parsed => Print(output, ImageFiles.Measure(parsed.GetRequiredValue(s_folder))));

        var ablation = new Command(
            "ablation", "Trains variants of the default options, and LightGBM, on many tables, and prints what each change changes.")
        {
            s_tableFolder, s_tables, s_splits, s_variants, s_json,
        };
        ablation.SetAction(parsed => AblationStudy.Print(
            Chosen(s_tables, parsed, ExampleSets.In(parsed.GetRequiredValue(s_tableFolder)), table => table.Name),
            parsed.GetValue(s_splits),
            Chosen(s_variants, parsed, Variant.All, variant => variant.Name),
            JsonLines.Create(parsed.GetValue(s_json)),
            output,
            error));

        return UserCommand.Run(
            new RootCommand("Measures the ML.NET layer.")
            {
                fit, transform, read, stream, hashes, text, table, cold, coldFit, images, ablation,
            },
            arguments,
            output,
            error);
    }

    /// <summary>Those that an option names, in its order; without the option, all.</summary>
    private static IReadOnlyList<T> Chosen<T>(Option<string?> option, ParseResult parsed, IReadOnlyList<T> all, Func<T, string> name) =>
        parsed.GetValue(option) is { } list
            ? [.. list.Split(',', StringSplitOptions.TrimEntries)
                .Select(one => Commands.Choose(option.Name, one, [.. all.Select(known => (name(known), known))]))]
            : all;

    private static int Print(TextWriter output, JsonObject line)
    {
        output.WriteLine(line.ToJsonString());
        return 0;
    }

    /// <summary>
    /// Runs what has to be tidied up after: Ctrl-C and a request to end cancel it, instead of ending the process there and then.
    /// </summary>
    private static int Stoppable(Func<CancellationToken, int> run)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return run(stop.Token);
        }
        catch (OperationCanceledException)
        {
            throw new UserError("Stopped before the end.");
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
