using BpTrainer.ML;

namespace Microsoft.ML;

/// <summary>Adds features and labels of time series to the transforms of an <see cref="MLContext"/>.</summary>
public static class LagCatalog
{
    /// <summary>
    /// Adds a column with the values that a series had some rows before: row t gets those of the rows t − lag, in the order of the lags.
    /// The rows must be in order of time. <see cref="LagEstimator"/> describes how to forecast with it.
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="outputColumnName">The name of the column that is added, a vector of <see cref="float"/>.</param>
    /// <param name="inputColumnName">The name of the column with the series, a <see cref="float"/> or a vector of <see cref="float"/> of
    /// known size; null for the name of the output.</param>
    /// <param name="lags">The lags, all different, from 0 (the row itself) to 1,000,000, such as <c>[1, 2, 12]</c>.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">There is no lag, or one is out of its range or given twice.</exception>
    /// <example>
    /// <code>
    /// // Forecasts the next month from this month, the last month and the month one year before the next. var pipeline =
    /// mlContext.Transforms.LagFeatures("Features", "Sales", lags: [0, 1, 11]) .Append(mlContext.Transforms.LeadLabel("Label", "Sales"))
    /// .Append(mlContext.Regression.Trainers.BackPropagation());
    /// </code>
    /// </example>
    public static LagEstimator LagFeatures(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, params int[] lags)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckNonEmpty(lags, nameof(lags), "There must be at least one.");
        CheckFrom(lags, 0, nameof(lags));
        return new(catalog.GetEnvironment(), outputColumnName, inputColumnName, Array.ConvertAll(lags, lag => -lag), isScalar: false);
    }

    /// <summary>
    /// Adds a column with the value that a series has some rows later, which serves as a label. It is NaN in the last rows.
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="outputColumnName">The name of the column that is added, a <see cref="float"/>.</param>
    /// <param name="inputColumnName">The name of the column with the series, a <see cref="float"/>; null for the name of the
    /// output.</param>
    /// <param name="horizon">The number of rows, from 1 (the next row) to 1,000,000.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">The horizon is out of its range.</exception>
    public static LagEstimator LeadLabel(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, int horizon = 1)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        CheckFrom([horizon], 1, nameof(horizon));
        return new(catalog.GetEnvironment(), outputColumnName, inputColumnName, [horizon], isScalar: true);
    }

    /// <summary>
    /// Adds a column with the values that a series has some rows later, in the order of the horizons: the label of a
    /// <see cref="BackPropagationMultiOutputTrainer"/> that forecasts several steps at once.
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="outputColumnName">The name of the column that is added, a vector of <see cref="float"/>.</param>
    /// <param name="inputColumnName">The name of the column with the series, a <see cref="float"/> or a vector of <see cref="float"/> of
    /// known size; null for the name of the output.</param>
    /// <param name="horizons">The numbers of rows, all different, from 1 to 1,000,000, such as <c>[1, 2, 3]</c>.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">There is no horizon, or one is out of its range or given twice.</exception>
    public static LagEstimator LeadLabels(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, params int[] horizons)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckNonEmpty(horizons, nameof(horizons), "There must be at least one.");
        CheckFrom(horizons, 1, nameof(horizons));
        return new(catalog.GetEnvironment(), outputColumnName, inputColumnName, horizons, isScalar: false);
    }

    /// <summary>
    /// Returns a pipeline for data that directly follows its training data: the lags of the first rows are values of the last training
    /// rows. See <see cref="LagTransformer.ContinueSeries"/>.
    /// </summary>
    /// <param name="model">A fitted or loaded pipeline with lag features.</param>
    /// <returns>The pipeline; the given one is not changed.</returns>
    /// <exception cref="ArgumentException">The pipeline has no lag features.</exception>
    public static ITransformer ContinueSeries(this ITransformer model)
    {
        Contracts.CheckValue(model, nameof(model));
        bool isFound = false;
        ITransformer continued = Continue(model);
        Contracts.CheckParam(isFound, nameof(model), "There are no lag features in it.");
        return continued;

        ITransformer Continue(ITransformer transformer)
        {
            switch (transformer)
            {
                case LagTransformer lags:
                    isFound = true;
                    return lags.ContinueSeries();
                case IEnumerable<ITransformer> chain:
                    return new TransformerChain<ITransformer>([.. chain.Select(Continue)]);
                default:
                    return transformer;
            }
        }
    }

    private static void CheckFrom(int[] rows, int least, string name)
    {
        foreach (int row in rows)
        {
            Contracts.CheckParam(
                row >= least, name, FormattableString.Invariant($"{name} has {row}, but must be {least} or more."));
        }
    }
}
