using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>One of the three tasks with its data, our trainer and a built-in one, so that a test runs on all of them.</summary>
public sealed record TaskCase(
    string Name,
    Func<MLContext, IDataView> Load,
    Func<MLContext, IEstimator<ITransformer>> Ours,
    Func<MLContext, IEstimator<ITransformer>> BuiltIn)
{
    private const int FewEpochs = 10;

    public static TaskCase Regression { get; } = new(
        nameof(Regression),
        TestData.Diabetes,
        ml => ml.Regression.Trainers.BackPropagation(MakeSmall(new BackPropagationRegressionTrainer.Options())),
        ml => ml.Regression.Trainers.Sdca(maximumNumberOfIterations: FewEpochs));

    public static TaskCase Binary { get; } = new(
        nameof(Binary),
        TestData.BreastCancer,
        ml => ml.BinaryClassification.Trainers.BackPropagation(MakeSmall(new BackPropagationBinaryTrainer.Options())),
        ml => ml.BinaryClassification.Trainers.LbfgsLogisticRegression());

    public static TaskCase Multiclass { get; } = new(
        nameof(Multiclass),
        TestData.Iris,
        ml => ml.MulticlassClassification.Trainers.BackPropagation(MakeSmall(new BackPropagationMulticlassTrainer.Options())),
        ml => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy());

    /// <summary>
    /// A regression with a vector of labels, which no built-in trainer has: the regression of one label stands in for it.
    /// </summary>
    public static TaskCase SeveralOutputs { get; } = new(
        nameof(SeveralOutputs),
        ml => TestData.Prepare(TestData.NamedDiabetes(ml), ml.Transforms.Concatenate("Labels", "Label", "feature2")),
        ml => ml.Regression.Trainers.MultiOutputBackPropagation(
            MakeSmall(new BackPropagationMultiOutputTrainer.Options { LabelColumnName = "Labels" })),
        ml => ml.Regression.Trainers.Sdca(maximumNumberOfIterations: FewEpochs));

    /// <summary>
    /// Iris with two labels, whether petals are long and whether they are wide; no built-in trainer learns both at once.
    /// </summary>
    public static TaskCase SeveralLabels { get; } = new(
        nameof(SeveralLabels),
        ml => ml.Data.Cache(TestData.Prepare(
            TestData.NamedIris(ml),
            ml.Transforms.Expression("IsLong", "x => x > 4.5f ? 1f : 0f", "feature2")
                .Append(ml.Transforms.Expression("IsWide", "x => x > 1f ? 1f : 0f", "feature3"))
                .Append(ml.Transforms.Concatenate("Labels", "IsLong", "IsWide")))),
        ml => ml.BinaryClassification.Trainers.MultiLabelBackPropagation(
            MakeSmall(new BackPropagationMultiLabelTrainer.Options { LabelColumnName = "Labels" })),
        ml => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy());

    /// <summary>The codes of a hidden layer, in the column that scores are read from.</summary>
    public static TaskCase Encoder { get; } = Regression with
    {
        Name = nameof(Encoder),
        Ours = ml => ((BackPropagationRegressionTrainer)Regression.Ours(ml)).AsEncoder(hiddenLayer: 1, "Score"),
    };

    /// <summary>The six kinds of models.</summary>
    public static TheoryData<TaskCase> EveryModel => [Regression, Binary, Multiclass, SeveralOutputs, SeveralLabels, Encoder];

    public static TheoryData<TaskCase> All => [Regression, Binary, Multiclass];

    public override string ToString() => Name;

    /// <summary>Two small networks, of which one reads codes.</summary>
    private static TOptions MakeSmall<TOptions>(TOptions options)
        where TOptions : BackPropagationOptions
    {
        options.HiddenLayers = [8];
        options.Ensemble = 2;
        options.NumberOfEpochs = FewEpochs;
        return options;
    }
}
