namespace BpTrainer.Tests.Prediction;

/// <summary>Predictions follow the formulas, however many rows there are.</summary>
public class PredictTests
{
    /// <summary>Neither a row alone nor rows together write behind the room for the outputs.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(17)]
    public void NothingIsWrittenBehindTheOutputs(int outputs)
    {
        Network<float> network = new NetworkBuilder(5).Add(20, Activation.Tanh).Add(outputs, Activation.Logistic).Build<float>(seed: 1);
        float[] input = [0.1f, -0.2f, 0.3f, 0.4f, -0.5f];
        var room = new float[outputs + 64];
        Array.Fill(room, 7);
        network.Predict(input, room.AsSpan(0, outputs));
        Assert.All(room[outputs..], number => Assert.Equal(7, number));
        network.Predict(input, room.AsSpan(0, outputs), rows: 1);
        Assert.All(room[outputs..], number => Assert.Equal(7, number));
        Assert.All(room[..outputs], number => Assert.InRange(number, 0, 1));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 7, 2)]
    [InlineData(8, 8, 8)]
    [InlineData(9, 15, 7)]
    [InlineData(15, 9, 16)]
    [InlineData(17, 33, 5)]
    [InlineData(64, 64, 64)]
    public void EveryActivationIsItsFormula(int inputs, int hidden, int outputs)
    {
        foreach (Activation activation in Activations.All)
        {
            Network<double> network = Networks.Random<double>(
                1, inputs, new LayerSpec(hidden, activation), new LayerSpec(outputs, activation));
            double[] x = Samples.Random<double>(2, rows: 1, inputs, targets: 1).Inputs.ToArray();
            double[] expected = PlainNetwork.Predict(network, x);
            double[] actual = network.Predict<double>(x);
            for (int o = 0; o < outputs; o++)
            {
                Close.Relative(expected[o], actual[o], 1e-12, $"{activation} {o}", floor: 0.1);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(300)]
    public void ABlockOfRowsIsItsRowsOneByOne(int rows)
    {
        foreach (int outputs in (int[])[1, 3, 8, 17])
        {
            Network<double> network = Scaled(outputs);
            double[] x = Samples.Random<double>(4, rows, network.Inputs, targets: 1).Inputs.ToArray();
            double[] block = network.Predict<double>(x);
            for (int row = 0; row < rows; row++)
            {
                double[] single = network.Predict<double>(x.AsSpan(row * network.Inputs, network.Inputs));
                for (int o = 0; o < outputs; o++)
                {
                    Close.Relative(single[o], block[(row * outputs) + o], 1e-12, $"row {row}, output {o}", floor: 1);
                }
            }
        }
    }

    [Fact]
    public void NoRowsGiveNoPredictions() => Assert.Empty(Scaled(2).Predict<double>([]));

    [Fact]
    public void NetInputsAreWhatTheOutputActivationGets()
    {
        Network<double> network = Networks.Random<double>(1, 3, new LayerSpec(5, Activation.Tanh), new LayerSpec(2, Activation.Logistic));
        double[] x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
        var z = new double[4];
        network.PredictNetInput(x, z, rows: 2);
        foreach ((double net, double a) in z.Zip(network.Predict<double>(x)))
        {
            Close.Relative(1 / (1 + Math.Exp(-net)), a, 1e-14);
        }
    }

    [Theory]
    [InlineData(5, 2, 2)]
    [InlineData(6, 3, 2)]
    [InlineData(6, 1, 2)]
    [InlineData(6, 2, 3)]
    public void SpansHaveTheLengthOfTheRows(int inputs, int outputs, int rows)
    {
        Network<double> network = new NetworkBuilder(3).Add(1, Activation.Linear).Build<double>();
        Assert.Throws<ArgumentException>(() => network.Predict(new double[inputs], new double[outputs], rows));
        Assert.Throws<ArgumentException>(() => network.PredictNetInput(new double[inputs], new double[outputs], rows));
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => network.Predict([], [], -1));
    }

    [Theory]
    [InlineData("logistic", -1000, 0)]
    [InlineData("logistic", 1000, 1)]
    [InlineData("tanh", -1000, -1)]
    [InlineData("tanh", 1000, 1)]
    [InlineData("relu", -1000, 0)]
    [InlineData("relu", 1000, 1000)]
    public void LargeNetInputsReachTheLimits(string activation, double z, double expected)
    {
        Network<double> network = Networks.Of(BiasKind.Frozen, new GivenLayer(Activation.Parse(activation), new[,] { { 1.0 } }, [0]));
        Close.Absolute(expected, network.Predict<double>([z])[0], 1e-15);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("logistic")]
    [InlineData("tanh")]
    [InlineData("relu")]
    [InlineData("softmax")]
    public void AnInputThatIsNoNumberIsNoNumberInTheOutput(string activation)
    {
        Network<float> network = Networks.Random<float>(
            1, 2, new LayerSpec(3, Activation.Parse(activation)), new LayerSpec(9, Activation.Parse(activation)));
        Assert.All(network.Predict<float>([1, float.NaN]), a => Assert.True(float.IsNaN(a)));
    }

    [Fact]
    public void SoftmaxTakesNetInputsOfAnySize()
    {
        Network<double> network = Networks.Of(
            BiasKind.Frozen, new GivenLayer(Activation.Softmax, new[,] { { 1000.0, 1000.0, -1000.0 } }, [0, 0, 0]));
        Assert.Equal([0.5, 0.5, 0], network.Predict<double>([1.0]));
        Assert.Equal([0, 0, 1.0], network.Predict<double>([-1.0]));
    }

    private static Network<double> Scaled(int outputs) => new NetworkBuilder(5)
        .Add(9, Activation.Tanh)
        .Add(outputs, Activation.Logistic)
        .ScaleInputs(new ColumnScaling([1, 2, 3, 4, 5], [1, 0.5, 0.25, 0.5, 1]))
        .ScaleOutputs(new ColumnScaling(new double[outputs], [.. Enumerable.Repeat(2.0, outputs)]))
        .Build<double>(seed: 3);
}
