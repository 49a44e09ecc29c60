using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>The real data sets of the examples, with the columns Label and Features.</summary>
internal static class TestData
{
    public const int DiabetesFeatures = 10;
    public const int BreastCancerFeatures = 30;
    public const int IrisFeatures = 4;

    private static readonly KeyValuePair<string, bool>[] Diagnoses = [new("malignant", true), new("benign", false)];

    public static IDataView Diabetes(MLContext ml) => Load(ml, "diabetes.csv", DiabetesFeatures, "Label", DataKind.Single);

    public static IDataView BreastCancer(MLContext ml) =>
        Prepare(Load(ml, "breast-cancer.csv", BreastCancerFeatures, "Diagnosis", DataKind.String), ml.Transforms.Conversion.MapValue("Label", Diagnoses, "Diagnosis"));

    public static IDataView Iris(MLContext ml) =>
        Prepare(Load(ml, "iris.csv", IrisFeatures, "Species", DataKind.String), ml.Transforms.Conversion.MapValueToKey("Label", "Species"));

    public static IDataView Prepare(IDataView data, IEstimator<ITransformer> estimator) => estimator.Fit(data).Transform(data);

    private static IDataView Load(MLContext ml, string file, int features, string label, DataKind kind) => ml.Data.Cache(ml.Data.LoadFromTextFile(
        Path.Combine(AppContext.BaseDirectory, "data", file),
        [new TextLoader.Column("Features", DataKind.Single, 0, features - 1), new TextLoader.Column(label, kind, features)],
        separatorChar: ',',
        hasHeader: true));
}
