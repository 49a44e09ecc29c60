using System.Reflection;
using BpTrainer.ML.Onnx;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests.Onnx;

/// <summary>
/// Exported models compute what ours do, to 1e-5, with their pipelines and alone, in Microsoft's runtime and in <c>ApplyOnnxModel</c>.
/// </summary>
[Trait("Needs", "OnnxRuntime")]
public class OnnxTests
{
    private const double Tolerance = 1e-5;
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Activations =>
    [
        "linear", "logistic", "logistic(2;3)", "tanh", "relu", "leaky-relu(0.1)", "prelu(0.3)", "elu(0.7)", "selu", "softplus", "gelu",
        "silu", "mish",
        "exponential", "softmax", "cumulative-softplus",
    ];

    /// <summary>All that gradients come through are trained and exported here.</summary>
    [Fact]
    public void NoActivationIsLeftOut()
    {
        const BindingFlags Factories = BindingFlags.Public | BindingFlags.Static;
        IEnumerable<object?> values = typeof(Activation).GetProperties(Factories).Select(property => property.GetValue(null));
        IEnumerable<object?> made = typeof(Activation).GetMethods(Factories)
            .Where(method => !method.IsSpecialName && method.GetParameters().All(parameter => parameter.HasDefaultValue))
            .Select(method => method.Invoke(null, [.. method.GetParameters().Select(parameter => parameter.DefaultValue)]));
        Assert.Equal(
            values.Concat(made).Cast<Activation>().Select(activation => activation.Name).Where(name => name != "hard-limit").ToHashSet(),
            Activations.Cast<object[]>().Select(row => Activation.Parse((string)row[0]).Name).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void EveryActivation(string activation)
    {
        // Small, for exponentials of exponentials.
        Initializer small = Initializer.Gaussian(0.1);
        IDataView data = TestData.Diabetes(_ml);
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            // Wide and narrow layers are stored differently.
            HiddenLayers =
            [
                new LayerSpec(5, Activation.Parse(activation)) { Initializer = small },
                new LayerSpec(20, Activation.Parse(activation)) { Initializer = small, Bias = BiasKind.Shared }
            ],
            Optimizer = Optimizer.Momentum(0.001),
            NumberOfEpochs = 5,
        };
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(data);
        CheckAlone(model.Model.SaveAsOnnx, data, model);
        CheckPipeline(model, data, 9);
    }

    [Fact]
    public void QuantilesOfARegression()
    {
        IDataView data = TestData.Diabetes(_ml);
        var model = _ml.Regression.Trainers.MultiOutputBackPropagation(
            new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
            {
                Loss = Loss.Quantiles(0.3, 0.5, 0.7),
                HiddenLayers = [16],
                NumberOfEpochs = 5,
            }).Fit(data);
        CheckPipeline(model, data, 9);
    }

    [Fact]
    public void HardLimitWithGivenWeights()
    {
        Network<float> network =
            new NetworkBuilder(2).Add(new LayerSpec(2, Activation.HardLimit)).Add(new LayerSpec(1, Activation.HardLimit)).Build<float>(1);
        float[] weights = [1, -1, 1, -1];
        for (int i = 0; i < weights.Length; i++)
        {
            network.Layers[0].SetWeight(i / 2, i % 2, weights[i]);
        }

        network.Layers[0].SetBias(0, -1);
        network.Layers[0].SetBias(1, 1);
        network.Layers[1].SetWeight(0, 0, 1);
        network.Layers[1].SetWeight(1, 0, 1);
        network.Layers[1].SetBias(0, -2);

        var file = new OnnxFile("Features", 2);
        new OnnxNetwork(file, network).Predict("Features", "Score");
        file.AddOutput("Score", 1);
        using var stream = new MemoryStream();
        file.Save(stream);
        Point[] points = [new(0, 0), new(0, 1), new(1, 0), new(1, 1)];
        using var onnx = new OnnxModel(stream.ToArray());
        var expected = new float[4];
        network.Predict([.. points.SelectMany(point => point.Features)], expected, 4);
        Assert.Equal([0, 1, 1, 0], expected);
        Assert.Equal(expected, onnx.Run(_ml.Data.LoadFromEnumerable(points), "Score")["Score"].Select(row => (float)row.Single()));
    }

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void EveryTask(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        ITransformer model = task.Ours(_ml).Fit(data);
        switch (model)
        {
            case BackPropagationTransformer<BackPropagationRegressionModelParameters> regression:
                CheckAlone(regression.Model.SaveAsOnnx, data, model);
                break;
            case BackPropagationTransformer<BackPropagationBinaryModelParameters> binary:
                CheckAlone(binary.Model.SaveAsOnnx, data, model, "Probability");
                break;
            case BackPropagationTransformer<BackPropagationMulticlassModelParameters> multiclass:
                CheckAlone(multiclass.Model.SaveAsOnnx, data, model, "PredictedLabel");
                break;
            default:
                Assert.Fail($"{model.GetType()} is not ours.");
                break;
        }

        CheckPipeline(_ml.Transforms.NormalizeMinMax("Features").Append(task.Ours(_ml)).Fit(data), data, 9);
        CheckPipeline(_ml.Transforms.NormalizeMinMax("Features").Append(task.Ours(_ml)).Fit(data), data, 12);
    }

    [Fact]
    public void SeveralOutputs()
    {
        IDataView data = TestData.Prepare(TestData.Diabetes(_ml), _ml.Transforms.Concatenate("Labels", "Label", "Label"));
        var model = _ml.Regression.Trainers.MultiOutputBackPropagation(labelColumnName: "Labels", hiddenLayers: [16], numberOfEpochs: 5)
            .Fit(data);
        CheckAlone(model.Model.SaveAsOnnx, data, model);
        CheckPipeline(model, data, 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void SeveralLabels(int networks)
    {
        IDataView data = TaskCase.SeveralLabels.Load(_ml);
        var model = _ml.BinaryClassification.Trainers.MultiLabelBackPropagation(
            new() { LabelColumnName = "Labels", HiddenLayers = [16], NumberOfEpochs = 5, Ensemble = networks }).Fit(data);
        CheckAlone(model.Model.SaveAsOnnx, data, model, "Probability", "PredictedLabel");
        CheckPipeline(model, data, 12);
    }

    [Theory]
    [InlineData("logistic", 1)]
    [InlineData("logistic(2;0.5)", 1)]
    [InlineData("tanh", 1)]
    [InlineData("tanh", 3)]
    public void ClassesBySquaredError(string output, int networks)
    {
        var activation = Activation.Parse(output);
        Loss loss = Loss.HalfSquaredError;
        IDataView two = TestData.BreastCancer(_ml), several = TestData.Iris(_ml);
        var binary = _ml.BinaryClassification.Trainers.BackPropagation(
            new() { OutputActivation = activation, Loss = loss, NumberOfEpochs = 5, Ensemble = networks, HiddenLayers = [16] }).Fit(two);
        CheckAlone(binary.Model.SaveAsOnnx, two, binary, "Probability");
        CheckPipeline(binary, two, 12);
        var multiclass = _ml.MulticlassClassification.Trainers.BackPropagation(
            new() { OutputActivation = activation, Loss = loss, NumberOfEpochs = 5, Ensemble = networks, HiddenLayers = 16 }).Fit(several);
        CheckAlone(multiclass.Model.SaveAsOnnx, several, multiclass, "PredictedLabel");
        CheckPipeline(multiclass, several, 12);
    }

    [Theory]
    [InlineData("MinMax")]
    [InlineData("None")]
    public void OtherScalings(string kind)
    {
        Scaling scaling = kind == "MinMax" ? Scaling.MinMax(0, 1) : Scaling.None;
        IDataView data = TestData.Prepare(TestData.Diabetes(_ml), _ml.Transforms.NormalizeMinMax("Features"));
        var model = _ml.Regression.Trainers.BackPropagation(
            new() { FeatureScaling = scaling, LabelScaling = scaling, NumberOfEpochs = 5, HiddenLayers = [16], Ensemble = 1 }).Fit(data);
        CheckAlone(model.Model.SaveAsOnnx, data, model);
    }

    [Fact]
    public void Ensembles()
    {
        IDataView numbers = TestData.Diabetes(_ml);
        var regression = _ml.Regression.Trainers.BackPropagation(new() { Ensemble = 3, NumberOfEpochs = 3 }).Fit(numbers);
        CheckAlone(regression.Model.SaveAsOnnx, numbers, regression);

        IDataView diagnoses = TestData.BreastCancer(_ml);
        var binary = _ml.BinaryClassification.Trainers.BackPropagation(new() { Ensemble = 3, NumberOfEpochs = 3 }).Fit(diagnoses);
        Assert.Equal(3, binary.Model.Ensemble!.Networks.Count);
        CheckPipeline(binary, diagnoses, 12);
    }

    [Fact]
    public void PoissonRates()
    {
        IDataView data = TestData.Diabetes(_ml);
        var model = _ml.Regression.Trainers.BackPropagation(new() { Loss = Loss.Poisson, NumberOfEpochs = 5 }).Fit(data);
        CheckAlone(model.Model.SaveAsOnnx, data, model);
        CheckPipeline(model, data, 12);
    }

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void MissingFeaturesThatAreImputed(TaskCase task)
    {
        IDataView data = Gaps.MakeRegular(_ml, task.Load(_ml));
        switch (task.Name)
        {
            case nameof(TaskCase.Regression):
                var regression = _ml.Regression.Trainers.BackPropagation(
                    new() { ImputeMissingFeatures = true, NumberOfEpochs = 5 }).Fit(data);
                CheckAlone(regression.Model.SaveAsOnnx, data, regression);
                CheckPipeline(regression, data, 9);
                break;
            case nameof(TaskCase.Binary):
                var binary = _ml.BinaryClassification.Trainers.BackPropagation(
                    new() { ImputeMissingFeatures = true, NumberOfEpochs = 5 }).Fit(data);
                CheckAlone(binary.Model.SaveAsOnnx, data, binary, "Probability");
                CheckPipeline(binary, data, 12);
                break;
            default:
                var multiclass = _ml.MulticlassClassification.Trainers.BackPropagation(
                    new() { ImputeMissingFeatures = true, NumberOfEpochs = 5 }).Fit(data);
                CheckAlone(multiclass.Model.SaveAsOnnx, data, multiclass, "PredictedLabel");
                CheckPipeline(multiclass, data, 12);
                break;
        }
    }

    [Fact]
    public void WithoutScalingOfTheInputs()
    {
        IDataView data = TestData.Iris(_ml);
        var model = _ml.MulticlassClassification.Trainers.BackPropagation(
            new() { FeatureScaling = Scaling.Limit, NumberOfEpochs = 5 }).Fit(data);
        CheckAlone(model.Model.SaveAsOnnx, data, model, "PredictedLabel");
    }

    [Fact]
    public void APipelineFromColumnsToLabels()
    {
        IDataView data = TestData.IrisColumns(_ml);
        ITransformer model = _ml.Transforms.Concatenate("Features", "feature0", "feature1", "feature2", "feature3")
            .Append(_ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label", "Species"))
            .Append(_ml.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 20))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        CheckPipeline(model, data, 12);
    }

    [Fact]
    public void OneVersusAll()
    {
        IDataView data = TestData.Iris(_ml);
        var trainer = _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 10);
        CheckPipeline(_ml.MulticlassClassification.Trainers.OneVersusAll(trainer).Fit(data), data, 12);
    }

    [Fact]
    public void AChangedThreshold()
    {
        IDataView data = TestData.BreastCancer(_ml);
        var trained = _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 10).Fit(data);
        CheckPipeline(_ml.BinaryClassification.ChangeModelThreshold(trained, 1.5f), data, 12);
    }

    [Fact]
    public void LoadedModelsExportToo()
    {
        IDataView data = TestData.BreastCancer(_ml);
        CheckPipeline(TaskCase.Binary.Ours(_ml).Fit(data).SaveAndLoad(data.Schema), data, 12);
    }

    /// <summary>A pipeline whose file has every column that the pipeline adds.</summary>
    private void CheckPipeline(ITransformer model, IDataView data, int operatorSet)
    {
        using var stream = new MemoryStream();
        _ml.Model.ConvertToOnnx(model, data, operatorSet, stream);
        using var onnx = new OnnxModel(stream.ToArray());
        Assert.Equal(operatorSet, onnx.OperatorSet);
        IDataView scored = model.Transform(data);
        string[] added = [.. scored.Schema.Select(column => column.Name).Except(data.Schema.Select(column => column.Name))];
        Check(onnx, data, scored, ".output", added);
    }

    private void CheckAlone(Action<Stream> save, IDataView data, ITransformer model, params string[] more)
    {
        using var stream = new MemoryStream();
        save(stream);
        using var onnx = new OnnxModel(stream.ToArray());
        Assert.Equal(OnnxGraph.OperatorSet, onnx.OperatorSet);
        Assert.Equal(["Features"], onnx.Inputs);
        Assert.Equal(more.Append("Score").Order(), onnx.Outputs.Order());
        Check(onnx, data, model.Transform(data), "", onnx.Outputs);
    }

    /// <summary>The runtime, and ML.NET's transformer around it, compute the columns as ours does.</summary>
    private void Check(OnnxModel onnx, IDataView data, IDataView scored, string suffix, IReadOnlyList<string> columns)
    {
        Assert.Contains("Score", columns);
        string[] outputs = [.. columns.Select(column => column + suffix)];
        Dictionary<string, object[][]> values = onnx.Run(data, outputs);
        Dictionary<string, object[][]> applied = onnx.Apply(_ml, data, outputs);
        foreach (string column in columns)
        {
            object[][] expected = scored.Rows(column);
            AssertClose(expected, values[column + suffix]);
            AssertClose(expected, applied[column + suffix]);
        }
    }

    private static void AssertClose(object[][] expected, object[][] actual)
    {
        if (expected[0][0] is float)
        {
            DataViews.AssertClose(Numbers(expected), Numbers(actual), Tolerance);
        }
        else
        {
            Assert.Equal(expected, actual);
        }
    }

    private static float[][] Numbers(object[][] rows) => [.. rows.Select(row => row.Cast<float>().ToArray())];

    private sealed class Point(params float[] features)
    {
        [VectorType(2)]
        public float[] Features => features;
    }
}
