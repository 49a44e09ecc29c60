namespace BpTrainer.Tests.Stopping;

/// <summary>Training ends when the epochs are used up or the target loss is reached.</summary>
public class EpochsAndTargetLossTests
{
    private static readonly DataSet<double> s_data = Samples.Pairs((1, 1));

    [Fact]
    public void AllEpochsAreUsedWithoutAGoal()
    {
        TrainingResult result = Networks.OneWeight().Train(Training.FullBatch(0.1, epochs: 17), s_data);
        Assert.Equal(StopReason.EpochsReached, result.StopReason);
        Assert.Equal(17, result.History.Count);
        Assert.Equal(17, result.BestEpoch);
    }

    [Fact]
    public void TheFirstEpochAtOrBelowTheGoalIsTheLast()
    {
        // E = ½·0.81ⁿ before update n + 1: 0.5, 0.405, 0.32805, 0.2657…
        TrainingOptions options = Training.FullBatch(0.1, epochs: 100) with { TargetLoss = 0.33 };
        TrainingResult result = Networks.OneWeight().Train(options, s_data);
        Assert.Equal(StopReason.TargetLossReached, result.StopReason);
        Assert.Equal(3, result.History.Count);
        Close.Absolute(0.32805, result.History[^1].TrainingLoss, 1e-15);
    }

    [Fact]
    public void AGoalOfZeroIsReachedByAPerfectNetwork()
    {
        TrainingResult result = Networks.OneWeight(1).Train(Training.FullBatch(0.1, epochs: 5) with { TargetLoss = 0 }, s_data);
        Assert.Equal(StopReason.TargetLossReached, result.StopReason);
        Assert.Single(result.History);
    }

    [Fact]
    public void AGoalOutOfReachDoesNotStop()
    {
        TrainingResult result = Networks.OneWeight().Train(Training.FullBatch(0.1, epochs: 5) with { TargetLoss = 1e-9 }, s_data);
        Assert.Equal(StopReason.EpochsReached, result.StopReason);
    }

    [Fact]
    public void ARejectedEpochReachesNoGoal()
    {
        // η = 2.5 raises E from 0.5 to 1.125; the step is undone, so the goal of 2 is met by the first epoch that stays.
        TrainingOptions options =
            Training.FullBatch(2.5, epochs: 5) with { Optimizer = Optimizer.AdaptiveGradientDescent(2.5), TargetLoss = 2 };
        TrainingResult result = Networks.OneWeight().Train(options, s_data);
        Assert.Equal(StopReason.TargetLossReached, result.StopReason);
        Assert.Equal(2, result.History.Count);
    }
}
