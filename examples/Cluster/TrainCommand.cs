using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using BpTrainer.ML;
using BpTrainer.Orleans;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Cluster;

/// <summary>Trains a regression on the files of a folder, whose rows stay on the workers.</summary>
internal static class TrainCommand
{
    private const string Adam = "adam", AdaptiveMomentum = "traingdx", Lbfgs = "lbfgs";

    private static readonly Option<string> s_data = new("--data")
    {
        Description = "The folder of the files, the same on every machine: numbers without a header, the last of a line is the label.",
        HelpName = "DIRECTORY",
        Required = true,
    };
    private static readonly Option<int?> s_shards =
        new("--shards") { Description = "The number of shards. Without it: one a file." };
    private static readonly Option<string> s_optimizer = new("--optimizer")
    {
        Description = "L-BFGS or momentum with an adaptive rate, which learn from all rows at once, or Adam with large batches.",
        DefaultValueFactory = _ => Lbfgs,
        HelpName = $"{Lbfgs}|{AdaptiveMomentum}|{Adam}",
    };
    private static readonly Option<int> s_epochs =
        new("--epochs") { Description = "The most passes over the rows.", DefaultValueFactory = _ => 20 };
    private static readonly Option<string?> s_model =
        new("--model") { Description = "The file for the model with its loader, for the command score.", HelpName = "FILE" };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command =
            new Command("train", "Trains on files that the workers read.") { s_data, s_shards, s_optimizer, s_epochs, s_model };
        Coordinator coordinator = Coordinator.AddTo(command);
        command.SetAction(parsed =>
        {
            string[] files = Files(parsed.GetValue(s_data)!);
            BackPropagationRegressionTrainer.Options options = Options(parsed, files.Length);
            options.OnEpoch = progress => error.WriteLine(FormattableString.Invariant(
                $"epoch {progress.Epoch.Epoch}: loss {progress.Epoch.TrainingLoss:G6}, {progress.Epoch.Seconds:F1} s"));
            using BpCluster? cluster = coordinator.Start(parsed, error);
            options.Cluster = cluster;
            Train(options, files, parsed.GetValue(s_model), output);
        });
        return command;
    }

    private static void Train(BackPropagationRegressionTrainer.Options options, string[] files, string? file, TextWriter output)
    {
        var mlContext = new MLContext(seed: 1);
        int inputs = File.ReadLines(files[0]).First().Count(c => c == ',');
        TextLoader loader = mlContext.Data.CreateTextLoader(
            [new TextLoader.Column("Features", DataKind.Single, 0, inputs - 1), new TextLoader.Column("Label", DataKind.Single, inputs)],
            separatorChar: ',');
        long start = Stopwatch.GetTimestamp();
        var model = mlContext.Regression.Trainers.BackPropagation(options).Fit(loader, steps: null, files);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (file is not null)
        {
            mlContext.Model.Save(model, loader, file);
        }

        using var network = new MemoryStream();
        model.Model.Network.Save(network);
        output.WriteLine(FormattableString.Invariant(
            $"{options.Optimizer}: {model.Model.History.Count} epochs in {seconds:F1} s"));
        output.WriteLine($"SHA-256 of the network: {Convert.ToHexString(SHA256.HashData(network.ToArray()))}");
        using var self = Process.GetCurrentProcess();
        output.WriteLine($"Most memory of this program: {self.PeakWorkingSet64 >> 20} MiB");
    }

    private static BackPropagationRegressionTrainer.Options Options(ParseResult parsed, int files)
    {
        int epochs = parsed.GetValue(s_epochs), shards = parsed.GetValue(s_shards) ?? files;
        if (epochs < 1)
        {
            throw new UserError($"--epochs is {epochs}, but must be at least 1.");
        }

        if (shards < 1 || shards > files)
        {
            throw new UserError($"--shards is {shards}, but must be from 1 to {files}, the number of files.");
        }

        string name = parsed.GetValue(s_optimizer)!;
        Optimizer optimizer = name switch
        {
            Lbfgs => Optimizer.Lbfgs(),
            AdaptiveMomentum => Optimizer.AdaptiveMomentum(),
            Adam => Optimizer.Adam(0.01),
            _ => throw new UserError($"--optimizer is {name}, but must be {Lbfgs}, {AdaptiveMomentum} or {Adam}."),
        };
        return new BackPropagationRegressionTrainer.Options(Preset.Classic)
        {
            Optimizer = optimizer,
            BatchSize = name == Adam ? 65_536 : int.MaxValue,
            NumberOfEpochs = epochs,
            Shards = shards,
            Seed = 1,
        };
    }

    private static string[] Files(string folder)
    {
        string[] files = Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)] : [];
        return files.Length > 0 ? files : throw new UserError($"There are no files in '{folder}'.");
    }
}
