namespace BpTrainer.Tests.Regularizing;

/// <summary>Penalties and decay concern weights: they leave learned slopes alone, as they leave biases.</summary>
public class SlopeTests
{
    [Fact]
    public void PenaltiesAndDecayLeaveSlopesAlone()
    {
        // Of inputs that are 0 nothing is learned: only penalties and decay change anything.
        Network<double> network = new NetworkBuilder(2).Add(9, Activation.PReLU(0.5)).Add(1, Activation.Linear).Build<double>(seed: 1);
        double before = network.Layers[0].GetWeight(0, 0);
        TrainingOptions options = Training.FullBatch(learningRate: 0.1, epochs: 5) with
        {
            Regularization = new Regularization { L1 = 0.01, L2 = 0.1, WeightDecay = 0.1 },
        };
        network.Train(options, Samples.One([0, 0], [0]));
        Assert.NotEqual(before, network.Layers[0].GetWeight(0, 0));
        Assert.All(Enumerable.Range(0, 9), o => Assert.Equal(0.5, network.Layers[0].GetSlope(o)));
    }
}
