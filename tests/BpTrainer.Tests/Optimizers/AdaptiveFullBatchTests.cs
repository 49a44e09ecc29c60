namespace BpTrainer.Tests.Optimizers;

/// <summary>
/// The adaptive rate when every update is judged, on one weight with E = ½(w − 1)²: a step multiplies the distance w − 1 by
/// 1 − η and the error by (1 − η)².
/// </summary>
public class AdaptiveFullBatchTests
{
    private static readonly DataSet<double> s_data = Samples.Pairs((1, 1));

    [Fact]
    public void AnErrorThatFellMakesTheRateGrowByATwentieth()
    {
        // η = 0.5: E 0.5 → 0.125, fell; then η = 0.525: 0.125·0.475² = 0.028203125
        (Network<double> network, TrainingResult result) = Train(learningRate: 0.5, epochs: 2);
        AssertEpoch(result, 1, loss: 0.125, rate: 0.5);
        AssertEpoch(result, 2, loss: 0.028203125, rate: 0.525);
        Close.Absolute(1 - (0.5 * 0.475), network.Weight(), 1e-14);
    }

    [Fact]
    public void AnErrorThatRoseByMoreThanTheToleranceUndoesTheStepAndShrinksTheRate()
    {
        // η = 2.5: E 0.5 → 0.5·2.25 = 1.125, rejected; then η = 1.75 from the same weight: 0.5·0.75² = 0.28125
        (Network<double> network, TrainingResult result) = Train(learningRate: 2.5, epochs: 2);
        AssertEpoch(result, 1, loss: 1.125, rate: 2.5);
        AssertEpoch(result, 2, loss: 0.28125, rate: 1.75);
        Close.Absolute(1.75, network.Weight(), 1e-14);
    }

    [Fact]
    public void ARejectedLastStepLeavesTheWeightsBeforeIt()
    {
        (Network<double> network, TrainingResult result) = Train(learningRate: 2.5, epochs: 1);
        Assert.Equal(0.0, network.Weight());
        Assert.Equal(0, result.BestEpoch);
    }

    [Fact]
    public void ARiseWithinTheToleranceStaysAndKeepsTheRate()
    {
        // η = 2.01: E grows by 1.01² = 1.0201 < 1.04
        (Network<double> network, TrainingResult result) = Train(learningRate: 2.01, epochs: 2);
        AssertEpoch(result, 1, loss: 0.5 * 1.0201, rate: 2.01);
        AssertEpoch(result, 2, loss: 0.5 * 1.0201 * 1.0201, rate: 2.01);
        Close.Absolute(1 - 1.0201, network.Weight(), 1e-14);
    }

    [Theory]
    // (1 − η)² = 1.0397 and 1.0407, on either side of the tolerated 1.04
    [InlineData(2.01967, true)]
    [InlineData(2.02015, false)]
    public void TheToleratedRiseIsFourHundredths(double learningRate, bool stays)
    {
        (Network<double> network, TrainingResult _) = Train(learningRate, epochs: 1);
        Assert.Equal(stays, network.Weight() != 0);
    }

    private static readonly Optimizer s_own = Optimizer.AdaptiveGradientDescent(increase: 3, decrease: 0.5, toleratedRise: 1.2);

    [Fact]
    public void OwnFiguresReplaceTheUsualOnes()
    {
        // Tolerated rise 2: η = 2.2 gives 1.44, kept. Tolerated rise 1.2: rejected, and the rate halves.
        Assert.NotEqual(0.0, Train(2.2, 1, Optimizer.AdaptiveGradientDescent(toleratedRise: 2)).Network.Weight());
        (Network<double> network, TrainingResult result) = Train(2.2, 2, s_own);
        AssertEpoch(result, 2, loss: 0.5 * 0.01, rate: 1.1);
        Close.Absolute(1.1, network.Weight(), 1e-14);
        Close.Absolute(3.3, Train(2.2, 3, s_own).Result.History[2].LearningRate, 1e-14);
    }

    [Fact]
    public void AWildRateFindsItsWayDown()
    {
        (Network<double> network, TrainingResult result) = Train(
            learningRate: 1e6, epochs: 200, Optimizer.AdaptiveGradientDescent(toleratedRise: 1));
        Assert.Equal(StopReason.EpochsReached, result.StopReason);
        Close.Absolute(1, network.Weight(), 1e-3);
    }

    [Fact]
    public void TheStepAfterRejectedOnesIsAStepFromTheOldWeightsInEveryLayer()
    {
        // A rate of 300 is rejected a few times; the first step that stays must be the plain step with the rate it has then.
        DataSet<double> data = Samples.Random<double>(1, rows: 6, inputs: 3, targets: 2);
        Network<double> Start() => Networks.Random<double>(
            2, 3, new LayerSpec(9, Activation.Tanh), new LayerSpec(17, Activation.Tanh), new LayerSpec(2, Activation.Linear));
        Network<double> network = Start();
        var options = Training.FullBatch(300, epochs: 100) with { Optimizer = Optimizer.AdaptiveGradientDescent(300, toleratedRise: 1) };
        using var source = new CancellationTokenSource();
        double loss = Gradient.LossOf(network, Loss.HalfSquaredError, data);
        TrainingResult result = network.Train(
            options, data, onEpoch: epoch => CancelBelow(loss, epoch, source), cancellationToken: source.Token);

        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.InRange(result.BestEpoch, 3, 99);
        Network<double> expected = Start();
        expected.Train(Training.FullBatch(result.History[^1].LearningRate, epochs: 1), data);
        Assert.All(Parameter.All(expected), p => Close.Absolute(p.Get(expected), p.Get(network), 1e-13, p.ToString()));
    }

    private static void CancelBelow(double loss, EpochRecord epoch, CancellationTokenSource source)
    {
        if (epoch.TrainingLoss < loss)
        {
            source.Cancel();
        }
    }

    private static (Network<double> Network, TrainingResult Result) Train(double learningRate, int epochs, Optimizer? optimizer = null)
    {
        Network<double> network = Networks.OneWeight();
        optimizer = (optimizer ?? Optimizer.AdaptiveGradientDescent()).WithLearningRate(learningRate);
        return (network, network.TrainToTheLast(Training.FullBatch(learningRate, epochs) with { Optimizer = optimizer }, s_data));
    }

    private static void AssertEpoch(TrainingResult result, int epoch, double loss, double rate)
    {
        Close.Absolute(loss, result.History[epoch - 1].TrainingLoss, 1e-14);
        Close.Absolute(rate, result.History[epoch - 1].LearningRate, 1e-14);
    }
}
