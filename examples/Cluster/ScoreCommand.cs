using System.CommandLine;
using BpTrainer.Orleans;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Cluster;

/// <summary>Scores the files of a folder with a saved model and its loader, each into a file of its own.</summary>
internal static class ScoreCommand
{
    private static readonly Option<string> s_model =
        new("--model") { Description = "A model that was saved with its loader.", HelpName = "FILE", Required = true };
    private static readonly Option<string> s_from =
        new("--from") { Description = "The folder of the files to read.", HelpName = "DIRECTORY", Required = true };
    private static readonly Option<string> s_to =
        new("--to") { Description = "The folder of the files to write.", HelpName = "DIRECTORY", Required = true };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("score", "Scores the files of a folder.") { s_model, s_from, s_to };
        Coordinator coordinator = Coordinator.AddTo(command);
        command.SetAction(parsed =>
        {
            FileScoring scoring = Scoring(parsed.GetValue(s_model)!, parsed.GetValue(s_from)!, parsed.GetValue(s_to)!);
            using BpCluster? cluster = coordinator.Start(parsed, error);
            scoring.Run(cluster, (file, worker) => output.WriteLine($"{file.Output} ({worker ?? "this machine"})"));
        });
        return command;
    }

    private static FileScoring Scoring(string modelFile, string from, string to)
    {
        if (!Directory.Exists(from) || !Directory.Exists(to))
        {
            throw new UserError($"There is no folder '{(Directory.Exists(from) ? to : from)}'.");
        }

        ITransformer model = new MLContext().Model.LoadWithDataLoader(modelFile, out IDataLoader<IMultiStreamSource> loader);
        return new FileScoring
        {
            Loader = loader,
            Model = model,
            Files =
            [
                .. Directory.GetFiles(from).Order(StringComparer.Ordinal)
                    .Select(file => new ScoredFile(file, Path.Combine(to, Path.GetFileName(file)))),
            ],
        };
    }
}
