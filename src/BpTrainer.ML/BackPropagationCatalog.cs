using BpTrainer;
using BpTrainer.ML;
using BpTrainer.ML.Friend;
using Microsoft.ML.Trainers;

namespace Microsoft.ML;

/// <summary>
/// Adds the back-propagation trainers to the catalogs of an <see cref="MLContext"/>, and the evaluation of vector predictions, because
/// ML.NET's own evaluators take single values only.
/// </summary>
public static class BackPropagationCatalog
{
    private const double DefaultMomentum = 0.9;

    /// <summary>
    /// Creates a <see cref="BackPropagationRegressionTrainer"/>, which predicts a number with a neural network trained by back-propagation.
    /// The label is a <see cref="float"/>.
    /// </summary>
    /// <param name="catalog">The trainers of an <see cref="MLContext"/>.</param>
    /// <param name="labelColumnName">The name of the label column; its type depends on the task.</param>
    /// <param name="featureColumnName">The name of the feature column; the data must be a vector of <see cref="float"/> of known
    /// size.</param>
    /// <param name="exampleWeightColumnName">The name of the weight column, of type <see cref="float"/>; null for none.</param>
    /// <param name="hiddenLayers">The hidden layers, such as <c>[20, 10]</c>. Default: two of 128 units.</param>
    /// <param name="learningRate">The learning rate, above 0: a step is the learning rate times the mean gradient of the batch.</param>
    /// <param name="momentum">The share of the last step that is added to the next one, in [0, 1). 0 is plain gradient descent.</param>
    /// <param name="adaptiveLearningRate">Whether the learning rate grows while the loss falls and shrinks when it rises.</param>
    /// <param name="numberOfEpochs">The maximum number of passes over the training rows, at least 1; null for the rule of
    /// <see cref="BackPropagationOptions.NumberOfEpochs"/>.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Features", "Age", "Income")
    ///     .Append(mlContext.Regression.Trainers.BackPropagation(hiddenLayers: [20, 10]));
    /// var model = pipeline.Fit(data);
    /// </code>
    /// </example>
    public static BackPropagationRegressionTrainer BackPropagation(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label, string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null, HiddenLayers? hiddenLayers = null,
        double learningRate = BackPropagationOptions.DefaultLearningRate, double momentum = DefaultMomentum,
        bool adaptiveLearningRate = false, int? numberOfEpochs = null) => catalog.BackPropagation(Fill(
            new BackPropagationRegressionTrainer.Options(), labelColumnName, featureColumnName, exampleWeightColumnName,
            hiddenLayers, learningRate, momentum, adaptiveLearningRate, numberOfEpochs));

    /// <summary>Creates a <see cref="BackPropagationRegressionTrainer"/> with options.</summary>
    /// <param name="catalog">The trainers of an <see cref="MLContext"/>.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static BackPropagationRegressionTrainer BackPropagation(
        this RegressionCatalog.RegressionTrainers catalog, BackPropagationRegressionTrainer.Options options) =>
        new(GetEnvironment(catalog, options), options);

    /// <summary>
    /// Creates a <see cref="BackPropagationMultiOutputTrainer"/>, which predicts several numbers at once with a neural network trained by
    /// back-propagation. The label is a vector of <see cref="float"/> of known size.
    /// </summary>
    /// <inheritdoc
    /// cref="BackPropagation(RegressionCatalog.RegressionTrainers, string, string, string?, HiddenLayers?, double, double, bool, int?)"/>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Features", "Age", "Income")
    ///     .Append(mlContext.Transforms.Concatenate("Label", "Height", "Weight"))
    ///     .Append(mlContext.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [20, 10]));
    /// var model = pipeline.Fit(data);
    /// </code>
    /// </example>
    public static BackPropagationMultiOutputTrainer MultiOutputBackPropagation(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label, string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null, HiddenLayers? hiddenLayers = null,
        double learningRate = BackPropagationOptions.DefaultLearningRate, double momentum = DefaultMomentum,
        bool adaptiveLearningRate = false, int? numberOfEpochs = null) => catalog.MultiOutputBackPropagation(Fill(
            new BackPropagationMultiOutputTrainer.Options(), labelColumnName, featureColumnName, exampleWeightColumnName,
            hiddenLayers, learningRate, momentum, adaptiveLearningRate, numberOfEpochs));

    /// <summary>Creates a <see cref="BackPropagationMultiOutputTrainer"/> with options.</summary>
    /// <inheritdoc cref="BackPropagation(RegressionCatalog.RegressionTrainers, BackPropagationRegressionTrainer.Options)"/>
    public static BackPropagationMultiOutputTrainer MultiOutputBackPropagation(
        this RegressionCatalog.RegressionTrainers catalog, BackPropagationMultiOutputTrainer.Options options) =>
        new(GetEnvironment(catalog, options), options);

    /// <summary>
    /// Creates a <see cref="BackPropagationBinaryTrainer"/>, which tells two classes apart with a neural network trained by
    /// back-propagation. The label is a <see cref="bool"/>.
    /// </summary>
    /// <inheritdoc
    /// cref="BackPropagation(RegressionCatalog.RegressionTrainers, string, string, string?, HiddenLayers?, double, double, bool, int?)"/>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Features", "Age", "Income")
    ///     .Append(mlContext.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [20, 10]));
    /// var model = pipeline.Fit(data);
    /// </code>
    /// </example>
    public static BackPropagationBinaryTrainer BackPropagation(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label, string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null, HiddenLayers? hiddenLayers = null,
        double learningRate = BackPropagationOptions.DefaultLearningRate, double momentum = DefaultMomentum,
        bool adaptiveLearningRate = false, int? numberOfEpochs = null) => catalog.BackPropagation(Fill(
            new BackPropagationBinaryTrainer.Options(), labelColumnName, featureColumnName, exampleWeightColumnName,
            hiddenLayers, learningRate, momentum, adaptiveLearningRate, numberOfEpochs));

    /// <summary>Creates a <see cref="BackPropagationBinaryTrainer"/> with options.</summary>
    /// <inheritdoc cref="BackPropagation(RegressionCatalog.RegressionTrainers, BackPropagationRegressionTrainer.Options)"/>
    public static BackPropagationBinaryTrainer BackPropagation(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, BackPropagationBinaryTrainer.Options options) =>
        new(GetEnvironment(catalog, options), options);

    /// <summary>
    /// Creates a <see cref="BackPropagationMultiLabelTrainer"/>, which tells which of several labels a row has with a neural network
    /// trained by back-propagation. The label is a vector of <see cref="bool"/>, or of <see cref="float"/> with 0 and 1, of known size.
    /// </summary>
    /// <inheritdoc
    /// cref="BackPropagation(RegressionCatalog.RegressionTrainers, string, string, string?, HiddenLayers?, double, double, bool, int?)"/>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Features", "Age", "Income")
    ///     .Append(mlContext.Transforms.Concatenate("Label", "IsMember", "HasCar"))
    ///     .Append(mlContext.BinaryClassification.Trainers.MultiLabelBackPropagation(hiddenLayers: [20, 10]));
    /// var model = pipeline.Fit(data);
    /// </code>
    /// </example>
    public static BackPropagationMultiLabelTrainer MultiLabelBackPropagation(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label, string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null, HiddenLayers? hiddenLayers = null,
        double learningRate = BackPropagationOptions.DefaultLearningRate, double momentum = DefaultMomentum,
        bool adaptiveLearningRate = false, int? numberOfEpochs = null) => catalog.MultiLabelBackPropagation(Fill(
            new BackPropagationMultiLabelTrainer.Options(), labelColumnName, featureColumnName, exampleWeightColumnName,
            hiddenLayers, learningRate, momentum, adaptiveLearningRate, numberOfEpochs));

    /// <summary>Creates a <see cref="BackPropagationMultiLabelTrainer"/> with options.</summary>
    /// <inheritdoc cref="BackPropagation(RegressionCatalog.RegressionTrainers, BackPropagationRegressionTrainer.Options)"/>
    public static BackPropagationMultiLabelTrainer MultiLabelBackPropagation(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, BackPropagationMultiLabelTrainer.Options options) =>
        new(GetEnvironment(catalog, options), options);

    /// <summary>
    /// Creates a <see cref="BackPropagationMulticlassTrainer"/>, which tells several classes apart with a neural network trained by
    /// back-propagation. The label is a key.
    /// </summary>
    /// <inheritdoc
    /// cref="BackPropagation(RegressionCatalog.RegressionTrainers, string, string, string?, HiddenLayers?, double, double, bool, int?)"/>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Features", "Age", "Income")
    ///     .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
    ///     .Append(mlContext.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [20, 10]))
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// var model = pipeline.Fit(data);
    /// </code>
    /// </example>
    public static BackPropagationMulticlassTrainer BackPropagation(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label, string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null, HiddenLayers? hiddenLayers = null,
        double learningRate = BackPropagationOptions.DefaultLearningRate, double momentum = DefaultMomentum,
        bool adaptiveLearningRate = false, int? numberOfEpochs = null) => catalog.BackPropagation(Fill(
            new BackPropagationMulticlassTrainer.Options(), labelColumnName, featureColumnName, exampleWeightColumnName,
            hiddenLayers, learningRate, momentum, adaptiveLearningRate, numberOfEpochs));

    /// <summary>Creates a <see cref="BackPropagationMulticlassTrainer"/> with options.</summary>
    /// <inheritdoc cref="BackPropagation(RegressionCatalog.RegressionTrainers, BackPropagationRegressionTrainer.Options)"/>
    public static BackPropagationMulticlassTrainer BackPropagation(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, BackPropagationMulticlassTrainer.Options options) =>
        new(GetEnvironment(catalog, options), options);

    /// <summary>Changes the score above which a model predicts <see langword="true"/>.</summary>
    /// <param name="catalog">The binary classification catalog of an <see cref="MLContext"/>.</param>
    /// <param name="model">The transformer whose model is used; it is not changed.</param>
    /// <param name="threshold">The new threshold of the score, which is the log-odds: ln(p / (1 − p)) for a threshold of the probability p.
    /// Trained models have 0.</param>
    /// <returns>A transformer with the same model and the new threshold.</returns>
    public static BackPropagationTransformer<BackPropagationBinaryModelParameters> ChangeModelThreshold(
        this BinaryClassificationCatalog catalog, BackPropagationTransformer<BackPropagationBinaryModelParameters> model, float threshold)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(model, nameof(model));
        return new(catalog.GetEnvironment(), catalog.ChangeModelThreshold(model.AsBinary(), threshold));
    }

    /// <summary>
    /// Creates ML.NET's <see cref="OneVersusAllTrainer"/>, which trains one network for every class to tell it from all others.
    /// </summary>
    /// <param name="catalog">The multiclass classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="binaryEstimator">The trainer of the networks.</param>
    /// <param name="labelColumnName">The name of the label column; the data must be a key.</param>
    /// <param name="imputeMissingLabelsAsNegative">Whether rows with a missing label count as rows of another class, instead of being left
    /// out.</param>
    /// <param name="useProbabilities">Whether the networks' probabilities are compared, and then scaled to sum to 1 over the classes, or
    /// their scores.</param>
    /// <returns>The trainer.</returns>
    /// <remarks>
    /// The multiclass trainer learns all classes in one network and is usually the better choice. No calibrator is needed, because the
    /// networks predict probabilities.
    /// </remarks>
    public static OneVersusAllTrainer OneVersusAll(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, BackPropagationBinaryTrainer binaryEstimator,
        string labelColumnName = DefaultColumnNames.Label, bool imputeMissingLabelsAsNegative = false, bool useProbabilities = true)
    {
        Contracts.CheckValue(binaryEstimator, nameof(binaryEstimator));
        return catalog.OneVersusAll(
            new RowByRowBinaryTrainer(binaryEstimator), labelColumnName, imputeMissingLabelsAsNegative, useProbabilities: useProbabilities);
    }

    /// <summary>
    /// Compares vectors of scores with vectors of labels: mean absolute error, root mean squared error and R² of every output, and their
    /// means.
    /// </summary>
    /// <param name="catalog">The regression catalog of an <see cref="MLContext"/>.</param>
    /// <param name="data">Scored data. Rows with a label or score of NaN are left out; a warning gives their number.</param>
    /// <param name="labelColumnName">The name of the label column, a vector of <see cref="float"/> of known size.</param>
    /// <param name="scoreColumnName">The name of the score column, a vector of the same size.</param>
    /// <returns>The metrics, with the slot names of the label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type, the two columns differ in size, or no row
    /// has both labels and scores.</exception>
    public static MultiOutputRegressionMetrics EvaluateMultiOutput(
        this RegressionCatalog catalog, IDataView data,
        string labelColumnName = DefaultColumnNames.Label, string scoreColumnName = DefaultColumnNames.Score)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(data, nameof(data));
        return MultiOutputEvaluation.Run(catalog.GetEnvironment(), data, labelColumnName, scoreColumnName);
    }

    /// <summary>
    /// Cross-validates an estimator: fits it to all folds but one, in turn, and evaluates it on that one with
    /// <see cref="EvaluateMultiOutput"/>.
    /// </summary>
    /// <param name="catalog">The regression catalog of an <see cref="MLContext"/>.</param>
    /// <param name="data">The data.</param>
    /// <param name="estimator">The estimator to fit; its output must have a Score column that is a vector.</param>
    /// <param name="numberOfFolds">The number of folds, at least 2.</param>
    /// <param name="labelColumnName">The name of the label column, a vector of <see cref="float"/> of known size.</param>
    /// <param name="samplingKeyColumnName">A column of which rows with the same value go to the same fold, or none.</param>
    /// <param name="seed">The seed by which rows go to folds, or none for that of the <see cref="MLContext"/>.</param>
    /// <returns>Figures, model and scored rows of every fold.</returns>
    /// <exception cref="ArgumentException">There are fewer than 2 folds, or a column does not fit.</exception>
    public static IReadOnlyList<TrainCatalogBase.CrossValidationResult<MultiOutputRegressionMetrics>> CrossValidateMultiOutput(
        this RegressionCatalog catalog,
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5,
        string labelColumnName = DefaultColumnNames.Label, string? samplingKeyColumnName = null, int? seed = null)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        return VectorEvaluation.CrossValidate(
            catalog.GetEnvironment(), data, estimator, numberOfFolds, samplingKeyColumnName, seed,
            scored => catalog.EvaluateMultiOutput(scored, labelColumnName));
    }

    /// <summary>
    /// Compares vectors of predicted labels and probabilities with vectors of labels: Hamming loss, subset accuracy, F1 and log-loss.
    /// </summary>
    /// <param name="catalog">The binary classification catalog of an <see cref="MLContext"/>.</param>
    /// <param name="data">Scored data. Rows with a label or probability of NaN are left out; a warning gives their number.</param>
    /// <param name="labelColumnName">The name of the label column, a vector of <see cref="bool"/>, or of <see cref="float"/> with 0 and 1,
    /// of known size.</param>
    /// <param name="probabilityColumnName">The name of the column of probabilities, a vector of <see cref="float"/> of the same
    /// size.</param>
    /// <param name="predictedLabelColumnName">The name of the column of predicted labels, a vector of <see cref="bool"/> of the same
    /// size.</param>
    /// <returns>The metrics, with the slot names of the label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, has the wrong type or differs in size from the label, or no row
    /// has both labels and probabilities.</exception>
    /// <exception cref="InvalidOperationException">A label is neither 0 nor 1.</exception>
    public static MultiLabelClassificationMetrics EvaluateMultiLabel(
        this BinaryClassificationCatalog catalog, IDataView data,
        string labelColumnName = DefaultColumnNames.Label, string probabilityColumnName = DefaultColumnNames.Probability,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(data, nameof(data));
        return MultiLabelEvaluation.Run(
            catalog.GetEnvironment(), data, labelColumnName, probabilityColumnName, predictedLabelColumnName);
    }

    /// <summary>
    /// Cross-validates an estimator: fits it to all folds but one, in turn, and evaluates it on that one with
    /// <see cref="EvaluateMultiLabel"/>.
    /// </summary>
    /// <param name="catalog">The binary classification catalog of an <see cref="MLContext"/>.</param>
    /// <param name="data">The data.</param>
    /// <param name="estimator">The estimator to fit; its output must have the columns of a multi-label classification.</param>
    /// <param name="numberOfFolds">The number of folds, at least 2.</param>
    /// <param name="labelColumnName">The name of the label column, as in <see cref="EvaluateMultiLabel"/>.</param>
    /// <param name="samplingKeyColumnName">A column of which rows with the same value go to the same fold, or none.</param>
    /// <param name="seed">The seed by which rows go to folds, or none for that of the <see cref="MLContext"/>.</param>
    /// <returns>Figures, model and scored rows of every fold.</returns>
    /// <exception cref="ArgumentException">There are fewer than 2 folds, or a column does not fit.</exception>
    public static IReadOnlyList<TrainCatalogBase.CrossValidationResult<MultiLabelClassificationMetrics>> CrossValidateMultiLabel(
        this BinaryClassificationCatalog catalog,
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5,
        string labelColumnName = DefaultColumnNames.Label, string? samplingKeyColumnName = null, int? seed = null)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        return VectorEvaluation.CrossValidate(
            catalog.GetEnvironment(), data, estimator, numberOfFolds, samplingKeyColumnName, seed,
            scored => catalog.EvaluateMultiLabel(scored, labelColumnName));
    }

    private static IHostEnvironment GetEnvironment(IInternalCatalog catalog, BackPropagationOptions options)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(options, nameof(options));
        MicrosoftMLVersion.Check();
        return CatalogUtils.GetEnvironment(catalog);
    }

    private static TOptions Fill<TOptions>(
        TOptions options, string label, string features, string? weight,
        HiddenLayers? hiddenLayers, double learningRate, double momentum, bool adaptiveLearningRate, int? epochs)
        where TOptions : BackPropagationOptions
    {
        options.LabelColumnName = label;
        options.FeatureColumnName = features;
        options.ExampleWeightColumnName = weight;
        options.HiddenLayers = hiddenLayers ?? options.HiddenLayers;
        options.Optimizer = (adaptiveLearningRate, momentum) switch
        {
            (false, 0) => Optimizer.GradientDescent(learningRate),
            (false, _) => Optimizer.Momentum(learningRate, momentum),
            (true, 0) => Optimizer.AdaptiveGradientDescent(learningRate),
            (true, _) => Optimizer.AdaptiveMomentum(learningRate, momentum),
        };
        options.NumberOfEpochs = epochs;
        return options;
    }
}
