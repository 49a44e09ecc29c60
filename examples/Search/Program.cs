// Looks for good options of the trainer at random: draws them from a ready search space, judges each draw by cross-validation, several
// draws at a time, and compares the best with the default options on rows that the search has not seen.
// Arguments: the number of trials, default 24.
using System.Globalization;
using System.Text;
using BpTrainer.Examples.Search;
using Microsoft.ML;
using Microsoft.ML.Data;

Console.OutputEncoding = Encoding.UTF8;
int trials = 24;
if (args.Length > 1 || (args.Length == 1 && (!int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out trials) || trials < 1)))
{
    Console.Error.WriteLine($"The arguments are '{string.Join(' ', args)}', but must be one whole number above 0, that of the trials, or nothing.");
    return 2;
}

var mlContext = new MLContext(seed: 1);
IDataView data = mlContext.Data.Cache(mlContext.Data.LoadFromTextFile(
    Path.Combine(AppContext.BaseDirectory, "data", "diabetes.csv"),
    [new TextLoader.Column("Features", DataKind.Single, 0, 9), new TextLoader.Column("Label", DataKind.Single, 10)],
    separatorChar: ',',
    hasHeader: true));
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.25);

var search = new RandomSearch(split.TrainSet);
Trial[] ranking = search.Run(trials, new TrialDisplay(Console.Error, trials, isTerminal: !Console.IsErrorRedirected));

Console.WriteLine(FormattableString.Invariant($"Diabetes: {trials} trials, each by 5-fold cross-validation. The best:"));
foreach (Trial trial in ranking.Take(5))
{
    Console.WriteLine(FormattableString.Invariant($"  RMSE {trial.Error:F2}  {trial.Describe()}"));
}

Console.WriteLine("Rows that the search has not seen:");
Console.WriteLine(FormattableString.Invariant($"  the best of the search: RMSE {RandomSearch.Test(ranking[0].Options, split):F2}"));
Console.WriteLine(FormattableString.Invariant($"  the default options:    RMSE {RandomSearch.Test(RandomSearch.Defaults(), split):F2}"));
return 0;
