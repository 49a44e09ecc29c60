namespace BpTrainer.Tests.Optimizers;

/// <summary>Δw ← β Δw − η β ∂E/∂w with an adaptive rate, on one weight with E = ½(w − 1)² and β = 0.9.</summary>
public class MomentumAdaptiveTests
{
    private static readonly DataSet<double> s_data = Samples.Pairs((1, 1));

    [Fact]
    public void MomentumAndRateWorkTogether()
    {
        // Δ = 0.1·0.9·1                          = 0.09      w = 0.09      E fell: η = 0.105
        // Δ = 0.9·0.09 + 0.105·0.9·0.91          = 0.166995  w = 0.256995
        (Network<double> network, TrainingResult result) = Train(learningRate: 0.1, epochs: 2);
        Close.Absolute(0.256995, network.Weight(), 1e-15);
        Close.Absolute(0.105, result.History[1].LearningRate, 1e-15);
        Close.Absolute(0.5 * 0.743005 * 0.743005, result.History[1].TrainingLoss, 1e-15);
    }

    [Fact]
    public void ARejectedStepResetsTheMomentum()
    {
        // η = 3: Δ = 2.7, E = ½·1.7² > ½·1.04: rejected, w = 0, Δ = 0, η = 2.1
        // Δ = 2.1·0.9 = 1.89, w = 1.89, E = ½·0.89² fell. With the momentum left, Δ would be 0.9·2.7 + 1.89 = 4.32.
        (Network<double> network, TrainingResult result) = Train(learningRate: 3, epochs: 2);
        Close.Absolute(1.89, network.Weight(), 1e-14);
        Close.Absolute(2.1, result.History[1].LearningRate, 1e-14);
    }

    [Fact]
    public void ARiseWithinTheToleranceStaysAndKeepsRateAndMomentum()
    {
        // η·0.9 = 2.01: Δ = 2.01, E = ½·1.01² = 0.5·1.0201 < 0.5·1.04: kept
        // Δ = 0.9·2.01 − 2.01·1.01 = −0.2211, w = 1.7889. Without the momentum Δ would be −2.0301.
        (Network<double> network, TrainingResult result) = Train(learningRate: 2.01 / 0.9, epochs: 2);
        Close.Absolute(1.7889, network.Weight(), 1e-14);
        Close.Absolute(0.5 * 1.0201, result.History[0].TrainingLoss, 1e-14);
        Assert.Equal(2.01 / 0.9, result.History[1].LearningRate);
    }

    [Fact]
    public void InMiniBatchModeARejectedEpochResetsItToo()
    {
        // Two equal samples one at a time, β = 0.5, growth 12: with d = w − 1 and v = Δw, a step is v ← v/2 − η d/2, d ← d + v,
        // and an epoch is judged by ½d² at its end.
        // Epoch 1, η = 0.5: d −1 → v 0.25, d −0.75 → v 0.3125, d −0.4375.                 0.0957…, fell: η = 6
        // Epoch 2, η = 6:   v 1.46875, d 1.03125 → v −2.359375, d −1.328125.              0.8819…, rejected: η = 4.2, v = 0
        // Epoch 3, η = 4.2: d −0.4375 → v 0.91875, d 0.48125 → v −0.55125, d −0.07.       0.00245, fell
        Network<double> network = Networks.OneWeight();
        var optimizer = Optimizer.AdaptiveMomentum(0.5, momentum: 0.5, increase: 12);
        TrainingResult result = network.Train(
            Training.Incremental(learningRate: 0.5, epochs: 3) with { Optimizer = optimizer }, Samples.Pairs((1, 1), (1, 1)));
        double[] losses = [0.095703125, 0.8819580078125, 0.00245];
        double[] rates = [0.5, 6, 4.2];
        for (int i = 0; i < losses.Length; i++)
        {
            Close.Absolute(losses[i], result.History[i].TrainingLoss, 1e-14, $"loss of epoch {i + 1}");
            Close.Absolute(rates[i], result.History[i].LearningRate, 1e-14, $"rate of epoch {i + 1}");
        }

        Close.Absolute(0.93, network.Weight(), 1e-14);
        Assert.Equal(3, result.BestEpoch);
    }

    private static (Network<double> Network, TrainingResult Result) Train(double learningRate, int epochs)
    {
        Network<double> network = Networks.OneWeight();
        return (network, network.Train(
            Training.FullBatch(learningRate, epochs) with { Optimizer = Optimizer.AdaptiveMomentum(learningRate) }, s_data));
    }
}
