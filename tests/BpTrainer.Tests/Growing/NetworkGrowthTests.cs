using System.Numerics;
using BpTrainer.Networks;
using BpTrainer.Numbers;

namespace BpTrainer.Tests.Growing;

/// <summary>A network with more units predicts what it did with fewer.</summary>
public class NetworkGrowthTests
{
    public static TheoryData<string, LayerSpec, int> Layers => new()
    {
        { "narrow to narrow", new LayerSpec(2, Activation.Tanh), 3 },
        { "narrow to wide", new LayerSpec(7, Activation.SiLU), 9 },
        { "wide to wide", new LayerSpec(16, Activation.ReLU), 33 },
        { "slopes", new LayerSpec(5, Activation.PReLU()), 12 },
        { "shared bias", new LayerSpec(4, Activation.Tanh) { Bias = BiasKind.Shared }, 6 },
        { "frozen bias", new LayerSpec(4, Activation.Tanh) { Bias = BiasKind.Frozen }, 6 },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void OldUnitsStayAndNewOnesBeginSilent(string what, LayerSpec hidden, int units)
    {
        Network<double> network = Networks.Random<double>(3, 4, hidden, new LayerSpec(2, Activation.Logistic));
        if (network.Layers[0].HasSlopes)
        {
            network.Layers[0].SetSlope(1, 0.7);
        }

        byte[] before = network.ToBytes();
        Network<double> grown = Grow(network, units);
        Assert.Equal(units, grown.Layers[0].Outputs);
        Assert.Equal(before, network.ToBytes());
        double[] inputs = Samples.Random<double>(5, rows: 20, inputs: 4, targets: 1).Inputs.ToArray();
        foreach ((double expected, double actual) in network.Predict(inputs).Zip(grown.Predict(inputs)))
        {
            Close.Absolute(expected, actual, 1e-14, what);
        }

        Layer<double> layer = grown.Layers[0];
        for (int unit = hidden.Units; unit < units; unit++)
        {
            Assert.All([0, 1], output => Assert.Equal(0, grown.Layers[1].GetWeight(unit, output)));
            Assert.NotEqual(0, layer.GetWeight(0, unit));
            Assert.NotEqual(layer.GetWeight(0, unit), layer.GetWeight(0, hidden.Units - 1));
            if (layer.HasSlopes)
            {
                Assert.Equal(0.25, layer.GetSlope(unit));
            }
        }
    }

    [Fact]
    public void CodesOfInputsKeepTheirWeights()
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 80, inputs: 3, targets: 1);
        Network<double> network = new NetworkBuilder(3).ScaleInputs(ColumnScaling.StandardizeInputs(data))
            .EncodeInputs(PiecewiseLinearEncoding.FromTrees(data, 4))
            .Add(5, Activation.ReLU).Add(1, Activation.Linear).Build<double>(2);
        Network<double> grown = Grow(network, 11);
        Assert.True(network.Layers[0].Inputs > 3);
        foreach ((double expected, double actual) in network.Predict(data.Inputs.Span).Zip(grown.Predict(data.Inputs.Span)))
        {
            Close.Absolute(expected, actual, 1e-14);
        }
    }

    [Fact]
    public void NewUnitsAreDrawnWhereTheWeightsOfTheOldOnesWereGiven()
    {
        var given = Initializer.Given(new double[,] { { 1, 2 }, { 3, 4 } }, [5, 6]);
        Network<double> network = new NetworkBuilder(2).Add(new LayerSpec(2, Activation.Tanh) { Initializer = given })
            .Add(1, Activation.Linear).Build<double>();
        Layer<double> layer = Grow(network, 3).Layers[0];
        Assert.Equal([1, 2, 3, 4], new[] { (0, 0), (0, 1), (1, 0), (1, 1) }.Select(at => layer.GetWeight(at.Item1, at.Item2)));
        Assert.Equal([5, 6], layer.Biases[..2].ToArray());

        // Glorot's bound: √(6 / (2 inputs + 3 units)).
        Assert.InRange(Math.Abs(layer.GetWeight(0, 2)), 1e-6, Math.Sqrt(6.0 / 5));
    }

    private static Network<T> Grow<T>(Network<T> network, int units) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        NetworkGrowth.Grow(network, units, new RandomStream(1, RandomPurpose.NewUnits));
}
