using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>The options shape the network as they say, and the log gives an account of it before training.</summary>
public class LayerOptionsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void EachHiddenLayerMayHaveItsOwnActivation()
    {
        Network<float> network = Fit(
            new() { HiddenLayers = [new LayerSpec(8, Activation.LeakyReLU(0.1)), new LayerSpec(4, Activation.SiLU)] });
        Assert.Equal([8, 4, 1], network.Layers.Select(layer => layer.Outputs));
        Assert.Equal([Activation.LeakyReLU(0.1), Activation.SiLU, Activation.Linear], network.Layers.Select(layer => layer.Activation));
    }

    [Fact]
    public void LayersSayAllAboutTheHiddenLayers()
    {
        Network<float> network = Fit(new(Preset.Fast)
        {
            HiddenLayers =
            [
                new LayerSpec(6, Activation.PReLU()) { Bias = BiasKind.Shared, Initializer = Initializer.NguyenWidrow },
                new LayerSpec(3, Activation.Softplus) { Bias = BiasKind.Frozen },
            ],
        });
        Assert.Equal([6, 3, 1], network.Layers.Select(layer => layer.Outputs));
        Assert.Equal([Activation.PReLU(), Activation.Softplus, Activation.Linear], network.Layers.Select(layer => layer.Activation));
        Assert.Equal([BiasKind.Shared, BiasKind.Frozen, BiasKind.PerUnit], network.Layers.Select(layer => layer.Bias));
    }

    [Fact]
    public void NoHiddenLayersAtAllIsARegression()
    {
        Assert.Single(Fit(new() { HiddenLayers = Array.Empty<int>() }).Layers);
        Assert.Single(Fit(new() { HiddenLayers = [] }).Layers);
    }

    [Fact]
    public void TheRuleGivesOneHiddenLayer()
    {
        // √(10 + 1) + 3 = 6.3
        Network<float> network = Fit(new() { HiddenLayers = HiddenLayers.Rule(3, Activation.Mish) });
        Assert.Equal([6, 1], network.Layers.Select(layer => layer.Outputs));
        Assert.Equal(Activation.Mish, network.Layers[0].Activation);

        // √(4 + 3) + 1 = 3.6: the classes are the outputs.
        var iris = new BackPropagationMulticlassTrainer.Options(Preset.Fast) { HiddenLayers = HiddenLayers.Rule(1), NumberOfEpochs = 1 };
        Assert.Equal(
            4, _ml.MulticlassClassification.Trainers.BackPropagation(iris).Fit(TestData.Iris(_ml)).Model.Network.Layers[0].Outputs);
    }

    [Fact]
    public void InitialWeightsAreThoseGiven()
    {
        // With a rate this small they hardly move.
        var weights = new double[10, 2];
        (weights[9, 0], weights[9, 1]) = (9, 19);
        Network<float> network = Fit(new(Preset.Fast)
        {
            HiddenLayers = [new LayerSpec(2, Activation.Tanh) { Initializer = Initializer.Given(weights) }],
            FeatureEncoding = FeatureEncoding.None,
            OutputInitializer = Initializer.Given(new double[,] { { 3 }, { 4 } }, [5]),
            Optimizer = Optimizer.Momentum(1e-12),
        });
        Assert.Equal(19, network.Layers[0].GetWeight(9, 1), 1e-4);
        Assert.Equal(4, network.Layers[1].GetWeight(1, 0), 1e-4);
        Assert.Equal(5, network.Layers[1].GetBias(0), 1e-4);
    }

    [Fact]
    public void WeightsOfAnotherShapeAreRefusedWithTheLayer()
    {
        Initializer three = Initializer.Given(new double[3, 2]);
        LayerSpec layer = new(2, Activation.Tanh) { Initializer = three };
        var hidden = Assert.ThrowsAny<ArgumentException>(
            () => Fit(new(Preset.Fast) { HiddenLayers = [layer], FeatureEncoding = FeatureEncoding.None }));
        Assert.Contains("Layer 1 of 2: The initial weights are 3 × 2, but the layer has 10 inputs × 2 outputs.", hidden.Message);
        var output = Assert.ThrowsAny<ArgumentException>(() => Fit(new(Preset.Fast) { HiddenLayers = [5], OutputInitializer = three }));
        Assert.Contains("Layer 2 of 2: The initial weights are 3 × 2, but the layer has 5 inputs × 1 outputs.", output.Message);
    }

    [Fact]
    public void ChoicesOfBiasesReachEveryLayer()
    {
        Network<float> network = Fit(new(Preset.Fast)
        {
            HiddenLayers =
            [
                new LayerSpec(3, Activation.Tanh) { Initializer = Initializer.Glorot.WithBiases(1, 2, 3), Bias = BiasKind.Frozen },
                new LayerSpec(2, Activation.Tanh) { Bias = BiasKind.Frozen },
            ],
            FeatureEncoding = FeatureEncoding.None,
            OutputInitializer = Initializer.Zero.WithBiases(4),
            OutputBias = BiasKind.Frozen,
        });
        Assert.Equal([1, 2, 3], network.Layers[0].Biases.ToArray());
        Assert.Equal([0, 0], network.Layers[1].Biases.ToArray());
        Assert.Equal([4], network.Layers[2].Biases.ToArray());
        Assert.Equal(BiasKind.Frozen, network.Layers[2].Bias);
    }

    [Fact]
    public void EveryActivationLearnsInAHiddenLayerAndIsSaved()
    {
        string[] names =
        [
            "linear", "logistic", "logistic(2;0.5)", "tanh", "relu", "leaky-relu", "prelu", "elu", "selu", "softplus", "gelu", "silu",
            "mish", "softmax"
        ];
        IDataView data = TestData.Diabetes(_ml);
        Assert.All(names, name =>
        {
            var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                HiddenLayers = HiddenLayers.Of(Activation.Parse(name), 9),
                NumberOfEpochs = 15,
            };
            var model = _ml.Regression.Trainers.BackPropagation(options).Fit(data);
            Assert.True(model.Model.History[^1].TrainingLoss < model.Model.History[0].TrainingLoss, name);

            DataViews.AssertSameBits(model.Transform(data).Scores(), model.SaveAndLoad(data.Schema).Transform(data).Scores());
        });
    }

    [Fact]
    public void ParametersAndMemoryAreLoggedBeforeTraining()
    {
        var messages = new List<string>();
        _ml.Log += (_, message) => messages.Add(message.Message);
        Fit(new(Preset.Fast) { HiddenLayers = HiddenLayers.Of(Activation.PReLU(), 8), FeatureEncoding = FeatureEncoding.None });

        int account = messages.FindIndex(m => m.Contains(
            "layer 1: 8 prelu(0.25), 80 weights, 8 biases, 8 slopes; layer 2: 1 linear, 8 weights, 1 bias;", StringComparison.Ordinal));
        Assert.Contains("105 parameters in", messages[account], StringComparison.Ordinal);
        Assert.Contains("Memory for training, besides the data:", messages[account], StringComparison.Ordinal);
        Assert.Contains("workspace of a batch", messages[account], StringComparison.Ordinal);
        Assert.InRange(account, 0, messages.FindIndex(m => m.Contains("Epoch 1:", StringComparison.Ordinal)));
    }

    private Network<float> Fit(BackPropagationRegressionTrainer.Options options)
    {
        options.NumberOfEpochs = 2;
        return _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml)).Model.Network;
    }
}
