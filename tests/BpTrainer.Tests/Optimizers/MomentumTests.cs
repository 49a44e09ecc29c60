namespace BpTrainer.Tests.Optimizers;

/// <summary>Δw ← β Δw − η ∂E/∂w, w ← w + Δw, on one weight with ∂E/∂w = w − 1.</summary>
public class MomentumTests
{
    private static readonly DataSet<double> s_data = Samples.Pairs((1, 1));

    [Fact]
    public void EveryStepKeepsAShareOfTheLast()
    {
        // β = 0.9, η = 0.1
        // Δ = 0.1·1                      = 0.1     w = 0.1
        // Δ = 0.9·0.1   + 0.1·0.9        = 0.18    w = 0.28
        // Δ = 0.9·0.18  + 0.1·0.72       = 0.234   w = 0.514
        // Δ = 0.9·0.234 + 0.1·0.486      = 0.2592  w = 0.7732
        Close.Absolute(0.1, WeightAfter(1), 1e-15);
        Close.Absolute(0.28, WeightAfter(2), 1e-15);
        Close.Absolute(0.514, WeightAfter(3), 1e-15);
        Close.Absolute(0.7732, WeightAfter(4), 1e-15);
    }

    [Fact]
    public void TheDefaultIsNineTenths() => Assert.Equal(Optimizer.Momentum(momentum: 0.9), Optimizer.Momentum());

    [Fact]
    public void NoMomentumIsGradientDescent()
    {
        Assert.Equal(WeightAfter(7, Optimizer.GradientDescent()), WeightAfter(7, Optimizer.Momentum(momentum: 0)));
    }

    [Fact]
    public void ANewTrainingBeginsWithoutMomentum()
    {
        Network<double> network = Networks.OneWeight();
        TrainingOptions options = Training.FullBatch(0.1, epochs: 1) with { Optimizer = Optimizer.Momentum(0.1, momentum: 0.9) };
        network.Train(options, s_data);
        network.Train(options, s_data);
        Close.Absolute(0.19, network.Weight(), 1e-15);
    }

    private static double WeightAfter(int epochs) => WeightAfter(epochs, Optimizer.Momentum(momentum: 0.9));

    private static double WeightAfter(int epochs, Optimizer optimizer)
    {
        Network<double> network = Networks.OneWeight();
        network.Train(Training.FullBatch(0.1, epochs) with { Optimizer = optimizer.WithLearningRate(0.1) }, s_data);
        return network.Weight();
    }
}
