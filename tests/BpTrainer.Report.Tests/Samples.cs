using BpTrainer.ML;

namespace BpTrainer.Report.Tests;

/// <summary>Models of the example sets and reports of them, each made once.</summary>
internal static class Samples
{
    private static readonly Lazy<string> s_diabetes = new(WriteDiabetes);
    private static readonly Lazy<string> s_breastCancer = new(WriteBreastCancer);
    private static readonly Lazy<string> s_iris = new(WriteIris);
    private static readonly Lazy<string> s_wave = new(WriteWave);

    /// <summary>The names of the reports.</summary>
    public static IEnumerable<string> Names => ["diabetes", "breast-cancer", "iris", "wave"];

    /// <summary>The report of that name.</summary>
    public static string Html(string name) => name switch
    {
        "diabetes" => s_diabetes.Value,
        "breast-cancer" => s_breastCancer.Value,
        "iris" => s_iris.Value,
        "wave" => s_wave.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>A table of the examples: numbers, and a label that the pipeline makes of the last column.</summary>
    public static DataOperationsCatalog.TrainTestData Load(MLContext context, string file, DataKind label, int seed = 1)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "data", file);
        string[] names = File.ReadLines(path).First().Split(',');
        int features = names.Length - 1;
        IDataView data = context.Data.LoadFromTextFile(
            path,
            [.. names.Take(features).Select((name, i) => new TextLoader.Column(name, DataKind.Single, i)), new(names[^1], label, features)],
            separatorChar: ',',
            hasHeader: true);
        return context.Data.TrainTestSplit(context.Data.Cache(data), testFraction: 0.2, seed: seed);
    }

    public static IEstimator<ITransformer> Features(MLContext context, IDataView data) =>
        context.Transforms.Concatenate(
            "Features",
            [.. data.Schema.Where(c => c.Type == NumberDataViewType.Single && c.Name != "progression").Select(c => c.Name)]);

    private static string WriteDiabetes()
    {
        const int Splits = 5;
        var context = new MLContext(seed: 1);
        var options = new BackPropagationRegressionTrainer.Options
        {
            LabelColumnName = "progression",
            Seed = 1,
            MinimumGradient = 0,
        };
        (string Name, Func<IEstimator<ITransformer>> Create)[] trainers =
        [
            ("BackPropagation", () => context.Regression.Trainers.BackPropagation(options)),
            ("Sdca", () => context.Transforms.NormalizeMeanVariance("Features").AppendCacheCheckpoint(context)
                .Append(context.Regression.Trainers.Sdca("progression"))),
            ("Lbfgs", () => context.Transforms.NormalizeMeanVariance("Features")
                .Append(context.Regression.Trainers.LbfgsPoissonRegression("progression"))),
        ];
        var values = trainers.Select(_ => new List<IReadOnlyList<double>>()).ToArray();
        var report = new TrainingReport("diabetes: progression of a disease");
        for (int split = 0; split < Splits; split++)
        {
            var data = Load(context, "diabetes.csv", DataKind.Single, split + 1);
            for (int t = 0; t < trainers.Length; t++)
            {
                ITransformer model = Features(context, data.TrainSet).Append(trainers[t].Create()).Fit(data.TrainSet);
                RegressionMetrics metrics = context.Regression.Evaluate(model.Transform(data.TestSet), "progression");
                values[t].Add([metrics.RootMeanSquaredError, metrics.MeanAbsoluteError, metrics.RSquared]);
                if (split == 0)
                {
                    report.Add(trainers[t].Name, model, data.TestSet, new ReportOptions
                    {
                        LabelColumnName = "progression",
                        LabelUnit = "points",
                        TrainerOptions = t == 0 ? options : null,
                        TrainingData = t == 0 ? data.TrainSet : null,
                    });
                }
            }
        }

        report.Comparison = new TrainerComparison(
            [new("RMSE", false), new("MAE", false), new("R²", true)],
            [
                .. trainers.Select((trainer, t) => new ComparedTrainer(trainer.Name, values[t]) { FitSeconds = 0.01 * (t + 1) }),
                new ComparedTrainer("LightGbm", []) { Remark = "left out: its native library cannot be loaded here" },
            ]);
        return report.ToHtml();
    }

    private static string WriteBreastCancer()
    {
        var context = new MLContext(seed: 1);
        var data = Load(context, "breast-cancer.csv", DataKind.String);
        KeyValuePair<string, bool>[] diagnoses = [new("malignant", true), new("benign", false)];
        var steps = Features(context, data.TrainSet).Append(context.Transforms.Conversion.MapValue("Label", diagnoses, "diagnosis"));
        var report = new TrainingReport("breast-cancer");
        var adaptive = new BackPropagationBinaryTrainer.Options(Preset.Classic) { Seed = 1 };
        report.Add(
            "momentum, adaptive rate",
            steps.Append(context.BinaryClassification.Trainers.BackPropagation(adaptive)).Fit(data.TrainSet),
            data.TestSet);
        var plain = new BackPropagationBinaryTrainer.Options(Preset.Fast) { Seed = 1, NumberOfEpochs = 60 };
        report.Add("momentum", steps.Append(context.BinaryClassification.Trainers.BackPropagation(plain)).Fit(data.TrainSet), data.TestSet);
        var other = steps.Append(context.Transforms.NormalizeMeanVariance("Features"))
            .Append(context.BinaryClassification.Trainers.LbfgsLogisticRegression()).Fit(data.TrainSet);
        report.Add("Lbfgs", other.Transform(data.TestSet));
        return report.ToHtml();
    }

    private static string WriteIris()
    {
        var context = new MLContext(seed: 1);
        var data = Load(context, "iris.csv", DataKind.String);
        var trainer = context.MulticlassClassification.Trainers.BackPropagation(
            new BackPropagationMulticlassTrainer.Options { HiddenLayers = [8], Ensemble = 3, Seed = 1 });
        var model = Features(context, data.TrainSet).Append(context.Transforms.Conversion.MapValueToKey("Label", "species")).Append(trainer)
            .Append(context.Transforms.Conversion.MapKeyToValue("Species", "PredictedLabel")).Fit(data.TrainSet);
        string path = Path.Combine(Directory.CreateTempSubdirectory("bptrainer-report-").FullName, "iris.html");
        model.WriteReport(path, data.TestSet);
        string html = File.ReadAllText(path);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        return html;
    }

    /// <summary>One feature, a name to encode, and a choice of hidden units.</summary>
    private static string WriteWave()
    {
        var context = new MLContext(seed: 1);
        IDataView data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(i => new Point
        {
            Features = [i / 50f],
            Label = (float)(Math.Sin(i / 50.0) + (0.1 * Math.Sin(i * 12.9898))),
        }));
        var report = new TrainingReport("A wave <sine> & \"noise\"");
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            HiddenLayers = HiddenLayers.Try([2, 8]),
            Seed = 1,
            NumberOfEpochs = 150,
        };
        var model = context.Regression.Trainers.BackPropagation(options).Fit(data);
        report.Add("a wave", model, data);
        return report.ToHtml();
    }

    public sealed class Point
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

}
