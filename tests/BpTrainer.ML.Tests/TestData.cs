using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>The real data sets of the examples, with the columns Label and Features.</summary>
internal static class TestData
{
    public const int DiabetesFeatures = 10;
    public const int BreastCancerFeatures = 30;
    public const int IrisFeatures = 4;

    private static readonly KeyValuePair<string, bool>[] s_diagnoses = [new("malignant", true), new("benign", false)];

    public static IDataView Diabetes(MLContext ml) => Load(ml, "diabetes.csv", DiabetesFeatures, "Label", DataKind.Single);

    public static IDataView BreastCancer(MLContext ml) =>
        Prepare(Load(ml, "breast-cancer.csv", BreastCancerFeatures, "Diagnosis", DataKind.String), BreastCancerLabel(ml));

    public static IDataView Iris(MLContext ml) =>
        Prepare(Load(ml, "iris.csv", IrisFeatures, "Species", DataKind.String), IrisLabel(ml));

    public static IDataView NamedDiabetes(MLContext ml) => WithSlotNames(ml, "diabetes.csv", DiabetesFeatures, "Label", DataKind.Single);

    public static IDataView NamedBreastCancer(MLContext ml) =>
        Prepare(WithSlotNames(ml, "breast-cancer.csv", BreastCancerFeatures, "Diagnosis", DataKind.String), BreastCancerLabel(ml));

    public static IDataView NamedIris(MLContext ml) =>
        Prepare(WithSlotNames(ml, "iris.csv", IrisFeatures, "Species", DataKind.String), IrisLabel(ml));

    public static string IrisFile { get; } = Path.Combine(AppContext.BaseDirectory, "data", "iris.csv");

    /// <summary>A loader of the columns Features and Species.</summary>
    public static TextLoader IrisLoader(MLContext ml) => ml.Data.CreateTextLoader(
        [
            new TextLoader.Column("Features", DataKind.Single, 0, IrisFeatures - 1),
            new TextLoader.Column("Species", DataKind.String, IrisFeatures),
        ],
        separatorChar: ',',
        hasHeader: true);

    /// <summary>Iris as it is in the file: feature0 to feature3 and Species, a text.</summary>
    public static IDataView IrisColumns(MLContext ml) => LoadColumns(ml, "iris.csv", IrisFeatures, "Species", DataKind.String);

    public static IDataView Prepare(IDataView data, IEstimator<ITransformer> estimator) => estimator.Fit(data).Transform(data);

    /// <summary>The same data with a slot name for every feature, which a column made of single columns has.</summary>
    private static IDataView WithSlotNames(MLContext ml, string file, int features, string label, DataKind kind)
    {
        string[] names = [.. FeatureNames(features)];
        return ml.Data.Cache(Prepare(LoadColumns(ml, file, features, label, kind), ml.Transforms.Concatenate("Features", names)));
    }

    private static IDataView LoadColumns(MLContext ml, string file, int features, string label, DataKind kind) => ml.Data.LoadFromTextFile(
        Path.Combine(AppContext.BaseDirectory, "data", file),
        [.. FeatureNames(features).Select(
            (name, i) => new TextLoader.Column(name, DataKind.Single, i)), new TextLoader.Column(label, kind, features)],
        separatorChar: ',',
        hasHeader: true);

    private static IEnumerable<string> FeatureNames(int features) => Enumerable.Range(0, features).Select(i => $"feature{i}");

    private static IEstimator<ITransformer> BreastCancerLabel(MLContext ml) =>
        ml.Transforms.Conversion.MapValue("Label", s_diagnoses, "Diagnosis");

    private static IEstimator<ITransformer> IrisLabel(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label", "Species");

    private static IDataView Load(MLContext ml, string file, int features, string label, DataKind kind) =>
        ml.Data.Cache(ml.Data.LoadFromTextFile(
            Path.Combine(AppContext.BaseDirectory, "data", file),
            [new TextLoader.Column("Features", DataKind.Single, 0, features - 1), new TextLoader.Column(label, kind, features)],
            separatorChar: ',',
            hasHeader: true));
}
