using System.CommandLine;
using BpTrainer.ML;
using BpTrainer.Orleans;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Cluster;

/// <summary>Looks for good options on the diabetes table: draws them from the ready search space and cross-validates each draw.</summary>
internal static class SearchCommand
{
    private static readonly Option<int> s_trials =
        new("--trials") { Description = "The number of trials.", DefaultValueFactory = _ => 24 };
    private static readonly Option<string> s_data = new("--data")
    {
        Description = "The path of the diabetes table, which is the same on every machine.",
        DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "data", "diabetes.csv"),
        HelpName = "FILE",
    };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("search", "Looks for good options of a trainer by cross-validation.") { s_trials, s_data };
        Coordinator coordinator = Coordinator.AddTo(command);
        command.SetAction(parsed =>
        {
            HyperparameterSearch<SearchSpaceRecipe> search = Search(parsed.GetValue(s_data)!, parsed.GetValue(s_trials));
            using BpCluster? cluster = coordinator.Start(parsed, error);
            foreach (SearchTrial trial in search.Run(cluster, progress => Show(progress, error)).Take(5))
            {
                output.WriteLine(Describe(trial));
            }
        });
        return command;
    }

    private static HyperparameterSearch<SearchSpaceRecipe> Search(string file, int trials) => new()
    {
        Task = SearchTask.Regression,
        Loader = new MLContext().Data.CreateTextLoader(
            [new TextLoader.Column("Features", DataKind.Single, 0, 9), new TextLoader.Column("Label", DataKind.Single, 10)],
            separatorChar: ',',
            hasHeader: true),
        Files = [file],
        Trials = trials >= 1 ? trials : throw new UserError($"--trials is {trials}, but must be at least 1."),
    };

    private static void Show(SearchProgress progress, TextWriter error)
    {
        if (progress.Epoch is null)
        {
            error.WriteLine(FormattableString.Invariant(
                $"trial {progress.Trial}, fold {progress.Fold}: RMSE {progress.Loss:F2} ({progress.Worker ?? "this machine"})"));
        }
    }

    private static string Describe(SearchTrial trial)
    {
        var options = new BackPropagationRegressionTrainer.Options();
        new SearchSpaceRecipe().Apply(options, trial.Number);
        return FormattableString.Invariant(
            $"RMSE {trial.Error:R}, trial {trial.Number}: hidden {options.HiddenLayers}, {options.Optimizer}, batch {options.BatchSize}");
    }
}
