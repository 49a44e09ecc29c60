using BpTrainer.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

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

    private static IHostEnvironment GetEnvironment(IInternalCatalog catalog, BackPropagationOptions options)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(options, nameof(options));
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
