using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// The worked examples of the literature, from ML.NET options alone: weights and figures are those of the engine's own tests, which compute
/// in double; ML.NET trains in float.
/// </summary>
public class TextbookTests
{
    private const double Tolerance = 1e-6;

    private readonly MLContext _ml = new(seed: 1);

    /// <summary>2-2-2, biases 0.35 and 0.60.</summary>
    private static readonly Example s_a = new(
        [0.05f, 0.10f], [0.01f, 0.99f], new[,] { { 0.15, 0.25 }, { 0.20, 0.30 } }, 0.35, new[,] { { 0.40, 0.50 }, { 0.45, 0.55 } }, 0.60);

    /// <summary>2-2-2, biases 0.1 and 0.2.</summary>
    private static readonly Example s_b = new(
        [0.05f, 0.10f], [0, 1], new[,] { { 0.15, 0.20 }, { 0.25, 0.30 } }, 0.1, new[,] { { 0.40, 0.45 }, { 0.50, 0.55 } }, 0.2);

    /// <summary>2-3-2, biases 0.35 and 0.65.</summary>
    private static readonly Example s_c = new(
        [5, 10], [0.01f, 0.99f], new[,] { { 0.1, 0.2, 0.3 }, { 0.15, 0.25, 0.35 } }, 0.35,
        new[,] { { 0.4, 0.45 }, { 0.5, 0.55 }, { 0.6, 0.65 } }, 0.65);

    [Fact]
    public void ExampleAAfterOneUpdate()
    {
        var model = Fit(s_a, updates: 1);
        AssertWeights([0.149780716133, 0.249751143632, 0.199561432266, 0.299502287265], model, layer: 0);
        AssertWeights([0.358916479718, 0.511301270239, 0.408666186076, 0.561370121108], model, layer: 1);
        Assert.Equal(0.298371108760, model.Model.History[0].TrainingLoss, Tolerance);
        Assert.Equal(0.291027773694, HalfSquaredError(s_a, model), Tolerance);
        Assert.Equal([0.35f, 0.35f], model.Model.Network.Layers[0].Biases.ToArray());
        Assert.Equal([0.6f, 0.6f], model.Model.Network.Layers[1].Biases.ToArray());
    }

    [Theory]
    [InlineData(BiasKind.Frozen, 0.015913620444, 0.984064273515)]
    [InlineData(BiasKind.PerUnit, 0.011587527391, 0.988458935026)]
    public void ExampleAAfterTenThousandUpdates(BiasKind bias, double o1, double o2)
    {
        float[] outputs = Score(s_a, Fit(s_a, updates: 10_000, bias));
        Assert.Equal(o1, outputs[0], Tolerance);
        Assert.Equal(o2, outputs[1], Tolerance);
    }

    [Fact]
    public void ExampleB()
    {
        var model = Fit(s_b, updates: 1);
        AssertWeights([0.149830256831, 0.199782404648, 0.249660513663, 0.299564809296], model, layer: 0);
        AssertWeights([0.360514884129, 0.468940752662, 0.460376645143, 0.569007065003], model, layer: 1);
        Assert.Equal(0.272962157584, model.Model.History[0].TrainingLoss, Tolerance);

        Example other = s_b with { Y = [0.01f, 0.99f] };
        var afterTen = Fit(other, updates: 10);
        Assert.Equal(0.263180253957, afterTen.Model.History[0].TrainingLoss, Tolerance);
        Assert.Equal(0.193677891124, HalfSquaredError(other, afterTen), Tolerance);
    }

    [Fact]
    public void ExampleC()
    {
        var model = Fit(s_c, updates: 1);
        float[] output = new float[6], hidden = new float[6];
        model.Model.Network.Layers[1].CopyWeightsTo(output);
        model.Model.Network.Layers[0].CopyWeightsTo(hidden);
        Assert.Equal(0.360968062250, output[0], Tolerance);
        Assert.Equal(0.458136464058, output[2], Tolerance);
        Assert.Equal(0.557447663964, output[4], Tolerance);
        Assert.Equal(0.093866091799, hidden[0], Tolerance);
        Assert.Equal(0.137732183597, hidden[3], Tolerance);
        Assert.Equal(0.391829176669, model.Model.History[0].TrainingLoss, Tolerance);
        Assert.Equal(0.380736352433, HalfSquaredError(s_c, model), Tolerance);
    }

    [Fact]
    public void ASharedBiasTakesTheErrorTermsOfAllUnits()
    {
        // 0.60 − 0.5·(0.138498561629 − 0.038098236517) and 0.35 − 0.5·(0.008771354689 + 0.009954254705)
        var network = Fit(s_a, updates: 1, BiasKind.Shared).Model.Network;
        Assert.All(network.Layers[1].Biases.ToArray(), bias => Assert.Equal(0.549799837444, bias, Tolerance));
        Assert.All(network.Layers[0].Biases.ToArray(), bias => Assert.Equal(0.340637195303, bias, Tolerance));
    }

    [Fact]
    public void ExampleDLearnsTheTruthTable()
    {
        // One sample at a time in random order, logistic units, half squared error; of a few restarts the best.
        IDataView xor = _ml.Data.LoadFromEnumerable(new Bit[]
        {
            new() { Features = [0, 0] }, new() { Features = [0, 1], Label = true },
            new() { Features = [1, 0], Label = true }, new() { Features = [1, 1] },
        });
        var options = new BackPropagationBinaryTrainer.Options(Preset.Textbook)
        {
            HiddenLayers = HiddenLayers.Of(Activation.Logistic, 5),
            Loss = Loss.HalfSquaredError,
            NumberOfEpochs = 5000,
            Shuffle = true,
            Ensemble = Ensemble.BestOf(3),
            Seed = 1,
        };
        IDataView scored = _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(xor).Transform(xor);
        Assert.Equal([false, true, true, false], scored.Values<bool>("PredictedLabel"));
    }

    [Fact]
    public void ExampleELogisticRegressionIsOneNeuron()
    {
        // z = 0.1 + 0.3x₁ − 0.2x₂: for x = (1, 2) z = 0, a = ½, y = 1, δ = −½; for x = (3, 0) z = 1, a = 0.731058578630, y = 0.
        // ∂J/∂w₁ = (−½·1 + 0.731058578630·3)/2 = 0.846587867945, ∂J/∂w₂ = (−½·2 + 0)/2 = −½, ∂J/∂b = 0.115529289315; η = 0.5.
        IDataView data = _ml.Data.LoadFromEnumerable(new Bit[]
        {
            new() { Features = [1, 2], Label = true }, new() { Features = [3, 0] },
        });
        var options = new BackPropagationBinaryTrainer.Options(Preset.Textbook)
        {
            HiddenLayers = [],
            OutputInitializer = Initializer.Given(new[,] { { 0.3 }, { -0.2 } }).WithBiases(0.1),
            BatchSize = int.MaxValue,
            NumberOfEpochs = 1,
        };
        Layer<float> neuron = Assert.Single(_ml.BinaryClassification.Trainers.BackPropagation(options).Fit(data).Model.Network.Layers);
        Assert.Equal(0.3 - (0.5 * 0.846587867945), neuron.GetWeight(0, 0), Tolerance);
        Assert.Equal(-0.2 + (0.5 * 0.5), neuron.GetWeight(1, 0), Tolerance);
        Assert.Equal(0.1 - (0.5 * 0.115529289315), neuron.GetBias(0), Tolerance);
    }

    [Fact]
    public void NothingIsAddedToTheNetwork()
    {
        Network<float> network = Fit(s_a, updates: 1).Model.Network;
        Assert.Null(network.InputScaling);
        Assert.Null(network.InputEncoding);
        Assert.Null(network.OutputScaling);
    }

    private BackPropagationTransformer<BackPropagationMultiOutputModelParameters> Fit(
        Example example, int updates, BiasKind bias = BiasKind.Frozen)
    {
        var options = new BackPropagationMultiOutputTrainer.Options(Preset.Textbook)
        {
            HiddenLayers =
            [
                new LayerSpec(example.Hidden.GetLength(1), Activation.Logistic)
                {
                    Bias = bias,
                    Initializer = Initializer.Given(example.Hidden).WithBiases(example.HiddenBias),
                },
            ],
            OutputActivation = Activation.Logistic,
            OutputInitializer = Initializer.Given(example.Output).WithBiases(example.OutputBias),
            OutputBias = bias,
            NumberOfEpochs = updates,
        };
        return _ml.Regression.Trainers.MultiOutputBackPropagation(options).Fit(View(example));
    }

    private IDataView View(Example example) => _ml.Data.LoadFromEnumerable(
        new Sample[] { new() { Features = example.X, Label = example.Y } });

    private float[] Score(Example example, ITransformer model) => model.Transform(View(example)).Scores()[0];

    private double HalfSquaredError(Example example, ITransformer model) =>
        Score(example, model).Zip(example.Y, (a, y) => 0.5 * (y - a) * (y - a)).Sum();

    private static void AssertWeights(
        double[] expected, BackPropagationTransformer<BackPropagationMultiOutputModelParameters> model, int layer)
    {
        var weights = new float[expected.Length];
        model.Model.Network.Layers[layer].CopyWeightsTo(weights);
        Assert.All(expected.Zip(weights), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    private sealed record Example(float[] X, float[] Y, double[,] Hidden, double HiddenBias, double[,] Output, double OutputBias);

    private sealed class Sample
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public float[] Label { get; set; } = [];
    }

    private sealed class Bit
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
