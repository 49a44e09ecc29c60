namespace BpTrainer.Tests.Optimizers;

/// <summary>w ← w − η ∂E/∂w, on one weight with ∂E/∂w = w − 1.</summary>
public class GradientDescentTests
{
    private static readonly DataSet<double> s_data = Samples.Pairs((1, 1));

    [Fact]
    public void EveryStepTakesOffTheRateTimesTheSlope()
    {
        // w: 0 → 0 + 0.1·1 = 0.1 → 0.1 + 0.1·0.9 = 0.19 → 0.19 + 0.1·0.81 = 0.271
        Close.Absolute(0.1, WeightAfter(1), 1e-15);
        Close.Absolute(0.19, WeightAfter(2), 1e-15);
        Close.Absolute(0.271, WeightAfter(3), 1e-15);
    }

    [Fact]
    public void TrainingAgainGoesOnFromTheWeightsThereAre()
    {
        Network<double> network = Networks.OneWeight();
        network.Train(Training.FullBatch(0.1, epochs: 2), s_data);
        network.Train(Training.FullBatch(0.1, epochs: 1), s_data);
        Assert.Equal(WeightAfter(3), network.Weight());
    }

    private static double WeightAfter(int epochs)
    {
        Network<double> network = Networks.OneWeight();
        network.Train(Training.FullBatch(0.1, epochs), s_data);
        return network.Weight();
    }
}
