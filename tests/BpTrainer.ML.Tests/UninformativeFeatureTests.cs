using BpTrainer.ML.Models;
using BpTrainer.ML.Tests.Onnx;
using BpTrainer.ML.Training;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// Features that are constant in training, or far from it in prediction, give no strange predictions, however a model is trained, kept and
/// asked.
/// </summary>
public class UninformativeFeatureTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Ways => ["in memory", "streamed", "not normalized", "imputed", "sparse", "ensemble", "continued"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void AConstantFeatureNeverChangesAPrediction(string way)
    {
        // y = 2x beside a feature that is always 0 and one that is always 7.
        IDataView data = View(Enumerable.Range(-100, 201).Select(i => new Row(i / 50f, [i / 100f, 0, 7])), isSparse: way == "sparse");
        var model = Fit(way, data);
        ITransformer loaded = model.SaveAndLoad(data.Schema);
        foreach (float x in new[] { -0.5f, 1 })
        {
            float[] others = [0, 7, -7, 1000, -1e6f, 1e30f];
            IDataView rows = View(others.Select(other => new Row(0, [x, other, 7 - other])), isSparse: way == "sparse");

            // A block and a single row may be added up in different orders, so each is compared with its own.
            IDataView plain = View(others.Select(_ => new Row(0, [x, 0, 7])), isSparse: way == "sparse");
            float expected = model.Transform(plain).Scores()[0][0];
            Assert.InRange(expected, (2 * x) - 0.3f, (2 * x) + 0.3f);
            Assert.All(model.Transform(rows).Scores(), score => Assert.Equal(expected, score[0]));
            Assert.All(loaded.Transform(rows).Scores(), score => Assert.Equal(expected, score[0]));
            Assert.All(Onnx(model, rows), score => Assert.Equal(expected, score, 1e-5f));
            using PredictionEngine<Row, Prediction> engine = _ml.Model.CreatePredictionEngine<Row, Prediction>(loaded, data.Schema);
            float alone = engine.Predict(new Row(0, [x, 0, 7])).Score;
            Assert.Equal(expected, alone, 1e-5f);
            Assert.All(others, other => Assert.Equal(alone, engine.Predict(new Row(0, [x, other, 7 - other])).Score));
        }
    }

    [Theory]
    [InlineData("in memory")]
    [InlineData("streamed")]
    [InlineData("not normalized")]
    public void AFeatureAMillionTimesTooLargeGivesNoPredictionFarFromTheLabels(string way)
    {
        // Smooth in both features, and a category that is rarely there.
        IDataView data = View(Enumerable.Range(0, 300).Select(i =>
        {
            float a = (i % 20) / 20f, b = (i / 20) / 15f;
            return new Row(MathF.Sin(3 * a) + (2 * b) + (i % 30 == 0 ? 0.5f : 0), [a, b, i % 30 == 0 ? 1 : 0]);
        }));
        var model = Fit(way, data);
        float[] labels = [.. data.GetColumn<float>("Label")];
        float range = labels.Max() - labels.Min();
        Row[] spoiled = [.. Enumerable.Range(0, 6).Select(i =>
        {
            float[] features = [0.5f, 0.5f, 0];
            features[i / 2] = i % 2 == 0 ? 1e6f : -1e6f;
            return new Row(0, features);
        })];
        IDataView rows = View(spoiled);
        float[][] scores = model.Transform(rows).Scores();
        Assert.All(scores, score => Assert.InRange(score[0], labels.Min() - (range / 2), labels.Max() + (range / 2)));
        Assert.All(scores.Zip(Onnx(model, rows)), pair => Assert.Equal(pair.First[0], pair.Second, 1e-5f));
    }

    [Fact]
    public void AMissingFeatureIsMissingInOnnxToo()
    {
        IDataView data = View(Enumerable.Range(0, 60).Select(i => new Row(i, [i, i % 7, 7])));
        var model = Fit("in memory", data);
        IDataView rows = View([new Row(0, [float.NaN, 1, 7]), new Row(0, [1, 1, 7]), new Row(0, [1, 1, float.NaN])]);
        Assert.Equal([true, false, true], model.Transform(rows).Scores().Select(score => float.IsNaN(score[0])));
        Assert.Equal([true, false, true], Onnx(model, rows).Select(float.IsNaN));
    }

    [Fact]
    [Trait("Needs", "OnnxRuntime")]
    public void AConstantFeatureContributesNothing()
    {
        IDataView data = View(Enumerable.Range(-50, 101).Select(i => new Row(i, [i, 3, i % 2])));
        var model = Fit("in memory", data);
        IDataView rows = View([new Row(0, [10, 3, 1]), new Row(0, [10, 500, 1])]);
        float[][] contributions = _ml.Transforms.CalculateFeatureContribution(model, 3, 3, normalize: false).Fit(rows)
            .Transform(model.Transform(rows))
            .Vectors("FeatureContributions");
        Assert.All(contributions, row => Assert.Equal(0, row[1]));
        Assert.NotEqual(0, contributions[0][0]);
    }

    private BackPropagationTransformer<BackPropagationRegressionModelParameters> Fit(string way, IDataView data)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            MaximumMemory = way == "streamed" ? 4000 : null,
            FeatureScaling = way == "not normalized" ? Scaling.Limit : Scaling.Standardize,
            ImputeMissingFeatures = way == "imputed",
            Ensemble = way == "ensemble" ? 3 : 1,
        };
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(data);
        return way == "continued" ? _ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast) { InitialModel = model, NumberOfEpochs = 3 }).Fit(data) : model;
    }

    private IDataView View(IEnumerable<Row> rows, bool isSparse = false) =>
        _ml.Data.LoadFromEnumerable(rows.Select(row => isSparse ? row.ToSparse() : row).ToArray());

    /// <summary>The scores of a model's own ONNX file in Microsoft's runtime.</summary>
    private static float[] Onnx(BackPropagationTransformer<BackPropagationRegressionModelParameters> model, IDataView rows)
    {
        using var stream = new MemoryStream();
        model.Model.SaveAsOnnx(stream);
        using var onnx = new OnnxModel(stream.ToArray());
        return [.. onnx.Run(rows, "Score")["Score"].Select(row => (float)row[0])];
    }

    private sealed class Row
    {
        public Row()
        {
        }

        public Row(float label, float[] features) => (Label, Features) = (label, new VBuffer<float>(features.Length, features));

        public float Label { get; set; }

        [VectorType(3)]
        public VBuffer<float> Features { get; set; }

        public Row ToSparse()
        {
            KeyValuePair<int, float>[] items = [.. Features.Items().Where(item => item.Value != 0)];
            return new Row
            {
                Label = Label,
                Features = new VBuffer<float>(3, items.Length, [.. items.Select(i => i.Value)], [.. items.Select(i => i.Key)]),
            };
        }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
