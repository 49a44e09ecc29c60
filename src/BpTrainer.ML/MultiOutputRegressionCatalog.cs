using BpTrainer.ML;
using BpTrainer.ML.Evaluation;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Adds the evaluation of regressions with several outputs to the regression catalog, whose own takes single numbers only.</summary>
public static class MultiOutputRegressionCatalog
{
    /// <summary>Compares scores with labels, both vectors: mean absolute error, root mean squared error and R² of every output, and their means.</summary>
    /// <param name="catalog">The regression catalog of an <see cref="MLContext"/>.</param>
    /// <param name="data">Scored data. A row with a label or score of NaN is left out, with one warning that gives the number.</param>
    /// <param name="labelColumnName">The name of the label column, a vector of <see cref="float"/> of known size.</param>
    /// <param name="scoreColumnName">The name of the score column, a vector of the same size.</param>
    /// <returns>The figures, with the slot names of the label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, both have different sizes, or no row has labels and scores.</exception>
    public static MultiOutputRegressionMetrics EvaluateMultiOutput(
        this RegressionCatalog catalog,
        IDataView data,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(data, nameof(data));
        return MultiOutputEvaluation.Run(catalog.GetEnvironment(), data, labelColumnName, scoreColumnName);
    }

    /// <summary>Fits an estimator as often as there are folds, each time to all folds but one, and evaluates it on that one as <see cref="EvaluateMultiOutput"/> does.</summary>
    /// <param name="catalog">The regression catalog of an <see cref="MLContext"/>.</param>
    /// <param name="data">The data.</param>
    /// <param name="estimator">What is fitted; it must end with a Score column that is a vector.</param>
    /// <param name="numberOfFolds">The number of folds, at least 2.</param>
    /// <param name="labelColumnName">The name of the label column, a vector of <see cref="float"/> of known size.</param>
    /// <param name="samplingKeyColumnName">A column of which rows with the same value go to the same fold, or none.</param>
    /// <param name="seed">The seed by which rows go to folds, or none for that of the <see cref="MLContext"/>.</param>
    /// <returns>Figures, model and scored rows of every fold.</returns>
    /// <exception cref="ArgumentException">There are fewer than 2 folds, or a column does not fit.</exception>
    public static IReadOnlyList<TrainCatalogBase.CrossValidationResult<MultiOutputRegressionMetrics>> CrossValidateMultiOutput(
        this RegressionCatalog catalog,
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = DefaultColumnNames.Label,
        string? samplingKeyColumnName = null,
        int? seed = null)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckValue(estimator, nameof(estimator));
        IReadOnlyList<DataOperationsCatalog.TrainTestData> folds =
            new DataOperationsCatalog(catalog.GetEnvironment()).CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed);
        return [.. folds.Select((fold, i) => Evaluate(catalog, fold, estimator, labelColumnName, i))];
    }

    private static TrainCatalogBase.CrossValidationResult<MultiOutputRegressionMetrics> Evaluate(
        RegressionCatalog catalog, DataOperationsCatalog.TrainTestData fold, IEstimator<ITransformer> estimator, string labelColumnName, int number)
    {
        ITransformer model = estimator.Fit(fold.TrainSet);
        IDataView scored = model.Transform(fold.TestSet);
        return new(model, catalog.EvaluateMultiOutput(scored, labelColumnName), scored, number);
    }
}
