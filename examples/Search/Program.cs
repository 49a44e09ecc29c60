// Searches for good options of the trainer at random: draws them from a predefined search space, evaluates each draw by cross-validation,
// several draws at a time, and compares the best with the default options on rows that the search has not seen. Arguments: the number of
// trials (default: 24) and the seed for splitting the rows (default: 1). Ctrl-C ends the search; the completed trials count.
using System.Globalization;
using System.Text;
using BpTrainer.Examples.Search;
using Microsoft.ML;
using Microsoft.ML.Data;

Console.OutputEncoding = Encoding.UTF8;
int trials = 24, seed = 1;
bool areNumbers = args.Length <= 2
    && (args.Length < 1 || int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out trials))
    && (args.Length < 2 || int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out seed));
if (!areNumbers || trials < 1)
{
    Console.Error.WriteLine(
        $"The arguments are '{string.Join(' ', args)}', but they must be at most two whole numbers: the number of trials, above 0, and " +
        "the seed of the split.");
    return 2;
}

var mlContext = new MLContext(seed);
IDataView data = mlContext.Data.Cache(mlContext.Data.LoadFromTextFile(
    Path.Combine(AppContext.BaseDirectory, "data", "diabetes.csv"),
    [new TextLoader.Column("Features", DataKind.Single, 0, 9), new TextLoader.Column("Label", DataKind.Single, 10)],
    separatorChar: ',',
    hasHeader: true));
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.25);

var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    // A second Ctrl-C ends the program at once.
    press.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};

var display = new TrialDisplay(Console.Error, trials, isTerminal: !Console.IsErrorRedirected);
Trial[] ranking = new RandomSearch(split.TrainSet).Run(trials, display, stop.Token);
display.Close();
if (ranking.Length == 0)
{
    Console.Error.WriteLine("Stopped before the first trial was complete.");
    return 1;
}

Console.WriteLine(FormattableString.Invariant($"Diabetes: {ranking.Length} trials, each by 5-fold cross-validation. The best:"));
foreach (Trial trial in ranking.Take(5))
{
    Console.WriteLine(FormattableString.Invariant($"  RMSE {trial.Error:F2}  {trial.Describe()}"));
}

Console.WriteLine("Rows that the search has not seen:");
Console.WriteLine(FormattableString.Invariant($"  the best of the search: RMSE {RandomSearch.Test(ranking[0].Options, split):F2}"));
Console.WriteLine(FormattableString.Invariant($"  the default options:    RMSE {RandomSearch.Test(RandomSearch.Defaults(), split):F2}"));
return 0;
