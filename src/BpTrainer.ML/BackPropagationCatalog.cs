using BpTrainer.ML;
using BpTrainer.ML.BlockScoring;
using BpTrainer.ML.Friend;
using BpTrainer.Training;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML;

/// <summary>Adds the back-propagation trainers to the regression, binary and multiclass classification catalogs of an <see cref="MLContext"/>.</summary>
public static class BackPropagationCatalog
{
    /// <summary>Creates a <see cref="BackPropagationRegressionTrainer"/>, which predicts a number with a neural network trained by back-propagation.</summary>
    /// <param name="catalog">The regression trainers of an <see cref="MLContext"/>.</param>
    /// <param name="labelColumnName">The name of the label column; the data must be <see cref="float"/>.</param>
    /// <param name="featureColumnName">The name of the feature column; the data must be a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The name of the weight column, of <see cref="float"/>, or none.</param>
    /// <param name="hiddenLayers">The number of neurons in each hidden layer, from the inputs to the outputs. Default: { 64 }.</param>
    /// <param name="learningRate">The learning rate, above 0. Default: 0.01.</param>
    /// <param name="numberOfEpochs">The most passes over the training rows, at least 1.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Features", "Age", "Income")
    ///     .Append(mlContext.Regression.Trainers.BackPropagation(hiddenLayers: [20, 10]));
    /// var model = pipeline.Fit(data);
    /// </code>
    /// </example>
    public static BackPropagationRegressionTrainer BackPropagation(this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null,
        int[]? hiddenLayers = null,
        double? learningRate = null,
        int numberOfEpochs = BackPropagationDefaults.NumberOfEpochs) =>
        catalog.BackPropagation(Fill(new BackPropagationRegressionTrainer.Options(),
            labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, learningRate, numberOfEpochs));

    /// <summary>Creates a <see cref="BackPropagationRegressionTrainer"/> with all options at hand.</summary>
    /// <param name="catalog">The regression trainers of an <see cref="MLContext"/>.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static BackPropagationRegressionTrainer BackPropagation(this RegressionCatalog.RegressionTrainers catalog,
        BackPropagationRegressionTrainer.Options options) =>
        new(GetEnvironment(catalog, options), options);

    /// <summary>Creates a <see cref="BackPropagationBinaryTrainer"/>, which tells two classes apart with a neural network trained by back-propagation.</summary>
    /// <param name="catalog">The binary classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="labelColumnName">The name of the label column; the data must be <see cref="bool"/>.</param>
    /// <param name="featureColumnName">The name of the feature column; the data must be a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The name of the weight column, of <see cref="float"/>, or none.</param>
    /// <param name="hiddenLayers">The number of neurons in each hidden layer, from the inputs to the outputs. Default: { 64 }.</param>
    /// <param name="learningRate">The learning rate, above 0. Default: 0.01.</param>
    /// <param name="numberOfEpochs">The most passes over the training rows, at least 1.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Features", "Age", "Income")
    ///     .Append(mlContext.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [20, 10]));
    /// var model = pipeline.Fit(data);
    /// </code>
    /// </example>
    public static BackPropagationBinaryTrainer BackPropagation(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null,
        int[]? hiddenLayers = null,
        double? learningRate = null,
        int numberOfEpochs = BackPropagationDefaults.NumberOfEpochs) =>
        catalog.BackPropagation(Fill(new BackPropagationBinaryTrainer.Options(),
            labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, learningRate, numberOfEpochs));

    /// <summary>Creates a <see cref="BackPropagationBinaryTrainer"/> with all options at hand.</summary>
    /// <param name="catalog">The binary classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static BackPropagationBinaryTrainer BackPropagation(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        BackPropagationBinaryTrainer.Options options) =>
        new(GetEnvironment(catalog, options), options);

    /// <summary>Creates a <see cref="BackPropagationMulticlassTrainer"/>, which tells several classes apart with a neural network trained by back-propagation.</summary>
    /// <param name="catalog">The multiclass classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="labelColumnName">The name of the label column; the data must be a key.</param>
    /// <param name="featureColumnName">The name of the feature column; the data must be a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The name of the weight column, of <see cref="float"/>, or none.</param>
    /// <param name="hiddenLayers">The number of neurons in each hidden layer, from the inputs to the outputs. Default: { 64 }.</param>
    /// <param name="learningRate">The learning rate, above 0. Default: 0.01.</param>
    /// <param name="numberOfEpochs">The most passes over the training rows, at least 1.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Features", "Age", "Income")
    ///     .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
    ///     .Append(mlContext.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [20, 10]))
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// var model = pipeline.Fit(data);
    /// </code>
    /// </example>
    public static BackPropagationMulticlassTrainer BackPropagation(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null,
        int[]? hiddenLayers = null,
        double? learningRate = null,
        int numberOfEpochs = BackPropagationDefaults.NumberOfEpochs) =>
        catalog.BackPropagation(Fill(new BackPropagationMulticlassTrainer.Options(),
            labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, learningRate, numberOfEpochs));

    /// <summary>Creates a <see cref="BackPropagationMulticlassTrainer"/> with all options at hand.</summary>
    /// <param name="catalog">The multiclass classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static BackPropagationMulticlassTrainer BackPropagation(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        BackPropagationMulticlassTrainer.Options options) =>
        new(GetEnvironment(catalog, options), options);

    /// <summary>Changes the score above which a model predicts <see langword="true"/>.</summary>
    /// <param name="catalog">The binary classification catalog of an <see cref="MLContext"/>.</param>
    /// <param name="model">The transformer to change; it stays as it is.</param>
    /// <param name="threshold">The new threshold of the score, which is the log-odds: ln(p / (1 − p)) for a threshold of the probability p. Trained models have 0.</param>
    /// <returns>A transformer with the same model and the new threshold.</returns>
    public static BackPropagationTransformer<BackPropagationBinaryModelParameters> ChangeModelThreshold(this BinaryClassificationCatalog catalog,
        BackPropagationTransformer<BackPropagationBinaryModelParameters> model, float threshold)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(model, nameof(model));
        return new(catalog.GetEnvironment(), catalog.ChangeModelThreshold(model.AsBinary(), threshold));
    }

    /// <summary>Creates ML.NET's <see cref="OneVersusAllTrainer"/>, which trains one network for every class to tell it from all others.</summary>
    /// <param name="catalog">The multiclass classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="binaryEstimator">The trainer of the networks.</param>
    /// <param name="labelColumnName">The name of the label column; the data must be a key.</param>
    /// <param name="imputeMissingLabelsAsNegative">Whether missing labels count as those of another class, rather than being left out.</param>
    /// <param name="useProbabilities">Whether probabilities are compared, which then sum to 1 over the classes, or the scores themselves.</param>
    /// <returns>The trainer.</returns>
    /// <remarks>
    /// The multiclass trainer learns all classes in one network and is the better choice as a rule. There is no calibrator to give: the networks
    /// yield probabilities themselves.
    /// </remarks>
    public static OneVersusAllTrainer OneVersusAll(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        BackPropagationBinaryTrainer binaryEstimator,
        string labelColumnName = DefaultColumnNames.Label,
        bool imputeMissingLabelsAsNegative = false,
        bool useProbabilities = true)
    {
        Contracts.CheckValue(binaryEstimator, nameof(binaryEstimator));
        return catalog.OneVersusAll(new RowByRowBinaryTrainer(binaryEstimator), labelColumnName, imputeMissingLabelsAsNegative, useProbabilities: useProbabilities);
    }

    private static IHostEnvironment GetEnvironment(IInternalCatalog catalog, BackPropagationOptions options)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(options, nameof(options));
        MicrosoftMLVersion.Check();
        return CatalogUtils.GetEnvironment(catalog);
    }

    private static TOptions Fill<TOptions>(TOptions options, string label, string features, string? weight, int[]? hiddenLayers, double? learningRate, int epochs)
        where TOptions : BackPropagationOptions
    {
        options.LabelColumnName = label;
        options.FeatureColumnName = features;
        options.ExampleWeightColumnName = weight;
        options.HiddenLayers = hiddenLayers ?? BackPropagationDefaults.HiddenLayers;
        options.LearningRate = learningRate;
        options.NumberOfEpochs = epochs;
        return options;
    }
}
