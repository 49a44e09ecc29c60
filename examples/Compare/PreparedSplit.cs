using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// One split as data views in memory, with a dense column Features and a column Label. All trainers get the same views, so that the time of
/// a fit is the time of the trainer alone. The values that the features depend on (means, standard deviations, categories) come from the
/// training part.
/// </summary>
/// <param name="Training">The part to train on.</param>
/// <param name="Test">The part to test on.</param>
/// <param name="Scoring">The rows of the test part, repeated until there are enough of them to measure the time.</param>
internal sealed record PreparedSplit(IDataView Training, IDataView Test, IDataView Scoring)
{
    private const int RowsToTime = 2000;

    /// <summary>Fits the preparation to the training part and applies it to all parts.</summary>
    public static PreparedSplit From(MLContext context, Problem problem, Split split)
    {
        IDataView training = Rows.View(context, problem, split.Training);
        ITransformer preparation = Preparation(context, problem).Fit(training);

        int copies = (RowsToTime + split.Test.Length - 1) / split.Test.Length;
        int[] repeated = Enumerable.Repeat(split.Test, copies).SelectMany(rows => rows).ToArray();

        IDataView InMemory(int[] rows) => Cached(context, preparation.Transform(Rows.View(context, problem, rows)));
        return new PreparedSplit(InMemory(split.Training), InMemory(split.Test), InMemory(repeated));
    }

    // A missing number becomes the column's mean; each text column becomes one 0/1 feature per value; all features are standardised.
    private static IEstimator<ITransformer> Preparation(MLContext context, Problem problem)
    {
        IEstimator<ITransformer> features = (problem.NumberColumns.Count > 0, problem.CategoryColumns.Count > 0) switch
        {
            (true, false) => Numbers(context, "Features"),
            (false, true) => Categories(context, "Features"),
            _ => Numbers(context, "NumberFeatures").Append(Categories(context, "CategoryFeatures"))
                .Append(context.Transforms.Concatenate("Features", "NumberFeatures", "CategoryFeatures")),
        };
        var standardised = features.Append(context.Transforms.NormalizeMeanVariance("Features", fixZero: false));
        return problem.Task == LearningTask.Multiclass
            ? standardised.Append(context.Transforms.Conversion.MapValueToKey(
                "Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue))
            : standardised;
    }

    private static IEstimator<ITransformer> Numbers(MLContext context, string output) =>
        context.Transforms.ReplaceMissingValues(
            output, nameof(Row<>.Numbers), Microsoft.ML.Transforms.MissingValueReplacingEstimator.ReplacementMode.Mean);

    // The cells are "column=value", so a value that occurs in two columns has two features, and a bag of the row's indicators has a 1 for
    // each of its cells. A missing cell has none.
    private static IEstimator<ITransformer> Categories(MLContext context, string output) =>
        context.Transforms.Categorical.OneHotEncoding(
            output, nameof(Row<>.Categories), Microsoft.ML.Transforms.OneHotEncodingEstimator.OutputKind.Bag);

    private static IDataView Cached(MLContext context, IDataView view)
    {
        IDataView cached = context.Data.Cache(view, "Features", "Label");
        // The cache is filled when it is read for the first time. Read it now, not while a trainer is timed.
        using DataViewRowCursor cursor = cached.GetRowCursor(cached.Schema);
        while (cursor.MoveNext())
        {
        }
        return cached;
    }
}
