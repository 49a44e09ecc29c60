using System.Numerics;

namespace BpTrainer.Tests.Prediction;

/// <summary>The encoder of a network gives what its hidden layer has in the whole network.</summary>
public class ToEncoderTests
{
    private const int Inputs = 5, Rows = 300;

    /// <summary>What the network predicts is what its last hidden layer has, since x · 1 and sums with zeros are exact.</summary>
    [Theory]
    [InlineData(1, 3, 1)]
    [InlineData(1, 20, Rows)]
    [InlineData(2, 3, Rows)]
    [InlineData(2, 20, 1)]
    public void GivesTheOutputsOfTheLayerBitForBit(int hiddenLayers, int units, int rows)
    {
        Check<float>(hiddenLayers, units, rows);
        Check<double>(hiddenLayers, units, rows);
    }

    [Fact]
    public void AnInnerLayerIsThatOfTheEncoderBehindIt()
    {
        Network<float> network = Shown<float>(hiddenLayers: 2, units: 3);
        Assert.Equal(network.ToEncoder(2).ToEncoder(1).ToBytes(), network.ToEncoder(1).ToBytes());
        Assert.Equal(network.Layers[0].Outputs, network.ToEncoder(1).Outputs);
    }

    [Fact]
    public void RowsWithoutTheirZerosHaveTheSameCodes()
    {
        Network<float> encoder = Shown<float>(hiddenLayers: 2, units: 3).ToEncoder(2);
        var codes = new float[2 * 3];
        encoder.Predict(new SparseMatrix<float>(Inputs, new[] { 0, 1, 3 }, new[] { 2, 0, 4 }, new[] { 1f, 2, -1 }), codes);
        Assert.Equal(encoder.Predict<float>([0, 0, 1, 0, 0, 2, 0, 0, 0, -1]), codes);
    }

    [Fact]
    public void SharesNothingWithTheNetwork()
    {
        Network<float> network = Shown<float>(hiddenLayers: 2, units: 3);
        Network<float> encoder = network.ToEncoder(1);
        byte[] whole = network.ToBytes();
        encoder.Layers[0].SetWeight(0, 0, 100);
        Assert.Equal(whole, network.ToBytes());

        byte[] changed = encoder.ToBytes();
        network.Layers[0].SetWeight(0, 0, -100);
        Assert.Equal(changed, encoder.ToBytes());
    }

    [Fact]
    public void KeepsTheMapsOfTheInputsAloneAndIsSaved()
    {
        Network<float> network = Shown<float>(hiddenLayers: 2, units: 3, new ColumnScaling([1, 1, 1], [2, 2, 2]));
        Network<float> encoder = network.ToEncoder(2);
        Assert.Same(network.InputScaling, encoder.InputScaling);
        Assert.Same(network.InputEncoding, encoder.InputEncoding);
        Assert.Null(encoder.OutputScaling);
        Assert.Equal([Activation.Tanh, Activation.Logistic], encoder.Layers.Select(layer => layer.Activation));

        Network<float> loaded = Network<float>.Load(new MemoryStream(encoder.ToBytes()));
        float[] inputs = Numbers<float>(Rows);
        Assert.Equal(encoder.Predict<float>(inputs), loaded.Predict<float>(inputs));
    }

    [Fact]
    public void LearnedSlopesComeAlong()
    {
        Network<float> network = Networks.Random<float>(3, 2, new LayerSpec(4, Activation.PReLU()), new LayerSpec(1, Activation.Linear));
        network.Layers[0].SetSlope(2, 0.75f);
        Assert.Equal(network.Layers[0].Slopes.ToArray(), network.ToEncoder(1).Layers[0].Slopes.ToArray());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(3)]
    public void ALayerThatIsNotHiddenIsRefused(int hiddenLayer)
    {
        Network<float> network = Shown<float>(hiddenLayers: 2, units: 3);
        var error = Assert.Throws<ArgumentOutOfRangeException>("hiddenLayer", () => network.ToEncoder(hiddenLayer));
        Assert.Contains($"hiddenLayer is {hiddenLayer}, but must be from 1 to 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANetworkWithoutAHiddenLayerHasNoCodes()
    {
        Network<float> network = Networks.Random<float>(1, 2, new LayerSpec(1, Activation.Linear));
        var error = Assert.Throws<ArgumentOutOfRangeException>("hiddenLayer", () => network.ToEncoder(1));
        Assert.Contains("the network has none", error.Message, StringComparison.Ordinal);
    }

    private static void Check<T>(int hiddenLayers, int units, int rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = Shown<T>(hiddenLayers, units);
        T[] inputs = Numbers<T>(rows);
        T[] codes = network.ToEncoder(hiddenLayers).Predict<T>(inputs);
        Assert.Equal(rows * units, codes.Length);
        Assert.Equal(network.Predict<T>(inputs), codes);
    }

    /// <summary>A network with scaled and encoded inputs whose last layer passes on what the last hidden layer has.</summary>
    private static Network<T> Shown<T>(int hiddenLayers, int units, ColumnScaling? outputs = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var builder = new NetworkBuilder(Inputs);
        builder.ScaleInputs(new ColumnScaling([0.5, 0, -1, 2, 0], [2, 1, 0.5, 1, 3]));
        builder.EncodeInputs(new PiecewiseLinearEncoding([[-1, 0, 1], [], [0, 0.5], [], []]));
        for (int k = 1; k < hiddenLayers; k++)
        {
            builder.Add(6, Activation.Tanh);
        }

        builder.Add(units, Activation.Logistic);
        builder.Add(new LayerSpec(units, Activation.Linear) { Initializer = Initializer.Zero, Bias = BiasKind.Frozen });
        if (outputs is not null)
        {
            builder.ScaleOutputs(outputs);
        }

        Network<T> network = builder.Build<T>(seed: 7);
        for (int o = 0; o < units; o++)
        {
            network.Layers[^1].SetWeight(o, o, T.One);
        }

        return network;
    }

    private static T[] Numbers<T>(int rows)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, rows * Inputs).Select(_ => (T)Convert.ChangeType((random.NextDouble() * 4) - 2, typeof(T)))];
    }
}
