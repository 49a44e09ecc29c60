using BpTrainer.ML.Tests.Onnx;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// The codes of a hidden layer as a column: those of the engine's encoder, row by row and in blocks, alone and in pipelines.
/// </summary>
public class EncoderTests
{
    private const double Tolerance = 1e-5;
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(1, 12, 1)]
    [InlineData(2, 3, 1)]
    [InlineData(2, 3, 3)]
    public void TheCodesAreThoseOfTheLayerOfTheBestNetwork(int hiddenLayer, int units, int networks)
    {
        IDataView data = TestData.Diabetes(_ml);
        BackPropagationTransformer<BackPropagationRegressionModelParameters> model = Train(data, o => o.Ensemble = networks);
        BackPropagationEncoderTransformer encoder = model.ToEncoder(hiddenLayer);
        Assert.Equal(("Codes", "Features"), (encoder.OutputColumnName, encoder.FeatureColumnName));
        IDataView encoded = encoder.Transform(data);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, units), encoded.Schema["Codes"].Type);

        float[] features = [.. data.Vectors("Features").SelectMany(row => row)];
        var codes = new float[features.Length / TestData.DiabetesFeatures * units];
        model.Model.Network.ToEncoder(hiddenLayer).Predict(features, codes, codes.Length / units);
        DataViews.AssertSameBits([.. codes.Chunk(units)], encoded.Vectors("Codes"));
        Assert.Equal(model.Model.Network.ToEncoder(hiddenLayer).ToBytes(), model.Model.ToEncoder(hiddenLayer).Network.ToBytes());
        Assert.Null(encoder.Model.Ensemble);
        Assert.Equal(model.Model.History, encoder.Model.History);
    }

    [Fact]
    public void SingleRowsAreAsBlocks()
    {
        IDataView data = TestData.Diabetes(_ml);
        BackPropagationEncoderTransformer encoder = Train(data).ToEncoder(2);
        DataViews.AssertClose(
            encoder.Transform(data).Vectors("Codes"),
            DataViews.SingleRowScores(Train(data).ToEncoder(2, "Score"), data), Tolerance);

        using PredictionEngine<Patient, Coded> engine = _ml.Model.CreatePredictionEngine<Patient, Coded>(encoder);
        float[][] predicted =
            [.. data.Vectors("Features").Select(row => engine.Predict(new Patient { Features = row }).Codes)];
        DataViews.AssertClose(encoder.Transform(data).Vectors("Codes"), predicted, Tolerance);
    }

    [Fact]
    public void ACodeColumnMayHideTheFeatures()
    {
        IDataView data = TestData.Diabetes(_ml);
        IDataView encoded = Train(data).ToEncoder(2, "Features").Transform(data);
        DataViews.AssertSameBits(Train(data).ToEncoder(2).Transform(data).Vectors("Codes"), encoded.Vectors("Features"));
        Assert.Equal(data.Values<float>("Label"), encoded.Values<float>("Label"));
    }

    [Fact]
    public void MissingFeaturesAreImputedOrMakeCodesOfNaN()
    {
        IDataView data = Gaps.MakeRegular(_ml, TestData.Diabetes(_ml));
        var imputing = Train(data, o => o.ImputeMissingFeatures = true);
        float[][] codes = imputing.ToEncoder(2).Transform(data).Vectors("Codes");
        Assert.All(codes, row => Assert.All(row, code => Assert.True(float.IsFinite(code))));

        // As the model that predicts completes a row, so does its encoder.
        var inputs = new float[imputing.Model.Imputation!.Inputs];
        var expected = new float[3];
        imputing.Model.Imputation.Apply(data.Vectors("Features")[0], inputs);
        imputing.Model.Network.ToEncoder(2).Predict(inputs, expected);
        DataViews.AssertClose([expected], [codes[0]], Tolerance);

        float[][] missing = Train(TestData.Diabetes(_ml)).ToEncoder(2).Transform(data).Vectors("Codes");
        Assert.All(missing.Zip(data.Vectors("Features")), pair =>
            Assert.Equal(pair.Second.Contains(float.NaN), pair.First.Contains(float.NaN)));
    }

    [Fact]
    public void AnotherTrainerLearnsFromTheCodesInAPipeline()
    {
        IDataView data = TestData.BreastCancer(_ml);
        var pipeline = _ml.BinaryClassification.Trainers.BackPropagation(Options(new BackPropagationBinaryTrainer.Options(Preset.Fast)))
            .AsEncoder(2)
            .Append(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression(featureColumnName: "Codes"));
        foreach (var fold in _ml.BinaryClassification.CrossValidate(data, pipeline, numberOfFolds: 3))
        {
            Assert.InRange(fold.Metrics.AreaUnderRocCurve, 0.97, 1);
        }

        ITransformer model = pipeline.Fit(data);
        DataViews.AssertSameBits(model.Transform(data).Scores(), model.SaveAndLoad(data.Schema).Transform(data).Scores());
    }

    [Fact]
    public void EveryTaskHasCodes()
    {
        IDataView iris = TestData.Iris(_ml);
        var trainer = _ml.MulticlassClassification.Trainers.BackPropagation(
            Options(new BackPropagationMulticlassTrainer.Options(Preset.Fast)));
        DataViews.AssertSameBits(
            trainer.Fit(iris).ToEncoder(1).Transform(iris).Vectors("Codes"),
            trainer.AsEncoder(1).Fit(iris).Transform(iris).Vectors("Codes"));
        IDataView several = TaskCase.SeveralOutputs.Load(_ml);
        var labels = new BackPropagationMultiOutputTrainer.Options(Preset.Fast) { LabelColumnName = "Labels" };
        Assert.Equal(
            3, _ml.Regression.Trainers.MultiOutputBackPropagation(Options(labels)).Fit(several).ToEncoder(2).Model.Network.Outputs);
    }

    [Fact]
    [Trait("Needs", "OnnxRuntime")]
    public void ExportsToOnnx()
    {
        IDataView data = TestData.Diabetes(_ml);
        BackPropagationEncoderTransformer encoder = Train(data).ToEncoder(2);
        float[][] expected = encoder.Transform(data).Vectors("Codes");
        using var alone = new MemoryStream();
        encoder.Model.SaveAsOnnx(alone);
        using (var onnx = new OnnxModel(alone.ToArray()))
        {
            Assert.Equal(["Codes"], onnx.Outputs);
            DataViews.AssertClose(expected, Numbers(onnx.Run(data, ["Codes"])["Codes"]), Tolerance);
        }

        ITransformer pipeline = _ml.Transforms.NormalizeMinMax("Features").Append(
            _ml.Regression.Trainers.BackPropagation(Options(new BackPropagationRegressionTrainer.Options(Preset.Fast))).AsEncoder(2))
            .Append(_ml.Regression.Trainers.BackPropagation(
                new BackPropagationRegressionTrainer.Options(Preset.Fast) { FeatureColumnName = "Codes", NumberOfEpochs = 3 }))
            .Fit(data);
        using var whole = new MemoryStream();
        _ml.Model.ConvertToOnnx(pipeline, data, 12, whole);
        using var converted = new OnnxModel(whole.ToArray());
        Dictionary<string, object[][]> values = converted.Run(data, ["Codes.output", "Score.output"]);
        IDataView scored = pipeline.Transform(data);
        DataViews.AssertClose(scored.Vectors("Codes"), Numbers(values["Codes.output"]), Tolerance);
        DataViews.AssertClose(scored.Scores(), Numbers(values["Score.output"]), Tolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void ALayerThatIsNotHiddenIsRefused(int hiddenLayer)
    {
        IDataView data = TestData.Diabetes(_ml);
        var model = Train(data);
        string expected = $"hiddenLayer is {hiddenLayer}, but must be ";
        Assert.StartsWith(expected, Refusal(() => model.ToEncoder(hiddenLayer)), StringComparison.Ordinal);
        Assert.StartsWith(expected, Refusal(() => model.Model.ToEncoder(hiddenLayer)), StringComparison.Ordinal);
        var trainer = _ml.Regression.Trainers.BackPropagation(Options(new BackPropagationRegressionTrainer.Options(Preset.Fast)));
        Assert.StartsWith(expected, Refusal(() => trainer.AsEncoder(hiddenLayer).Fit(data)), StringComparison.Ordinal);

        static string Refusal(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void AColumnWithoutANameIsRefused(string name)
    {
        var trainer = _ml.Regression.Trainers.BackPropagation();
        Assert.ThrowsAny<ArgumentException>(() => trainer.AsEncoder(1, name));
        Assert.ThrowsAny<ArgumentException>(() => Train(TestData.Diabetes(_ml)).ToEncoder(1, name));
    }

    private BackPropagationTransformer<BackPropagationRegressionModelParameters> Train(
        IDataView data, Action<BackPropagationRegressionTrainer.Options>? set = null)
    {
        BackPropagationRegressionTrainer.Options options = Options(new BackPropagationRegressionTrainer.Options(Preset.Fast));
        set?.Invoke(options);
        return _ml.Regression.Trainers.BackPropagation(options).Fit(data);
    }

    private static TOptions Options<TOptions>(TOptions options)
        where TOptions : BackPropagationOptions
    {
        (options.HiddenLayers, options.NumberOfEpochs, options.Seed) = ([12, 3], 10, 1);
        return options;
    }

    private static float[][] Numbers(object[][] rows) => [.. rows.Select(row => row.Cast<float>().ToArray())];

    private sealed class Patient
    {
        [VectorType(TestData.DiabetesFeatures)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Coded
    {
        public float[] Codes { get; set; } = [];
    }
}
