namespace BpTrainer.Tests.Randomness;

/// <summary>The symmetry problem: hidden units that start alike stay alike, so a layer of them is worth one unit.</summary>
public class SymmetryTests
{
    [Fact]
    public void HiddenUnitsThatStartAtZeroStayAlike()
    {
        Network<double> network = Train(Initializer.Zero);
        Layer<double> hidden = network.Layers[0];
        Assert.NotEqual(0, hidden.GetWeight(0, 0));
        for (int o = 1; o < hidden.Outputs; o++)
        {
            Assert.Equal(hidden.GetBias(0), hidden.GetBias(o));
            Assert.Equal(hidden.GetWeight(0, 0), hidden.GetWeight(0, o));
            Assert.Equal(hidden.GetWeight(1, 0), hidden.GetWeight(1, o));
            Assert.Equal(network.Layers[1].GetWeight(0, 0), network.Layers[1].GetWeight(o, 0));
        }
    }

    [Fact]
    public void ThoseThatStartAtRandomDiffer()
    {
        Layer<double> hidden = Train(Initializer.Glorot).Layers[0];
        Assert.Equal(hidden.Outputs, Enumerable.Range(0, hidden.Outputs).Select(o => hidden.GetWeight(0, o)).Distinct().Count());
    }

    private static Network<double> Train(Initializer initializer)
    {
        Network<double> network = new NetworkBuilder(2)
            .Add(new LayerSpec(5, Activation.Logistic) { Initializer = initializer })
            .Add(new LayerSpec(1, Activation.Logistic) { Initializer = Initializer.Zero })
            .Build<double>(seed: 1);

        // Not the exclusive or, whose gradient at the zero start is 0 altogether.
        DataSet<double> data = Samples.Random<double>(3, rows: 20, inputs: 2, targets: 1);
        network.Train(Training.Incremental(learningRate: 0.5, epochs: 50), data);
        return network;
    }
}
