namespace BpTrainer.Tests.Schedules;

/// <summary>A schedule at work in a training, and where it makes no sense.</summary>
public class ScheduledTrainingTests
{
    private static readonly DataSet<double> s_pair = Samples.Pairs((1, 1));

    [Fact]
    public void EveryUpdateHasTheRateOfItsNumber()
    {
        // 1 − w shrinks by 1 − η in every update: η = 0.5·(1, 0.75, 0.25) leaves 0.5 · 0.625 · 0.875.
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(Training.FullBatch(0.5, epochs: 3) with { Schedule = LearningRateSchedule.Cosine() }, s_pair);
        Close.Absolute(1 - (0.5 * 0.625 * 0.875), network.Weight(), 1e-15);
        Assert.All(result.History.Zip([0.5, 0.375, 0.125]), pair => Close.Absolute(pair.Second, pair.First.LearningRate, 1e-15));
    }

    [Fact]
    public void BatchesInAnEpochHaveRatesOfTheirOwn()
    {
        // Two batches of 32 equal samples an epoch: N = 2, η = 0.5 and 0.25.
        Network<double> network = Networks.OneWeight();
        TrainingOptions options = Training.FullBatch(0.5, epochs: 1) with { BatchSize = 32, Schedule = LearningRateSchedule.Cosine() };
        network.Train(options, Samples.Pairs([.. Enumerable.Repeat((1.0, 1.0), 64)]));
        Close.Absolute(1 - (0.5 * 0.75), network.Weight(), 1e-15);
    }

    [Fact]
    public void IncrementalLearningLooksAtTheScheduleEvery32Samples()
    {
        // 64 updates, N = 64: η(0) = 0.01 for 32 of them, η(32) = 0.005 for the others.
        Network<double> network = Networks.OneWeight();
        TrainingOptions options = Training.Incremental(0.01, epochs: 1) with { Schedule = LearningRateSchedule.Cosine() };
        network.Train(options, Samples.Pairs([.. Enumerable.Repeat((1.0, 1.0), 64)]));
        Close.Absolute(1 - (Math.Pow(0.99, 32) * Math.Pow(0.995, 32)), network.Weight(), 1e-14);
    }

    [Fact]
    public void AConstantScheduleChangesNoBit()
    {
        DataSet<float> data = Samples.Random<float>(1, rows: 90, inputs: 3, targets: 2);
        byte[] without = Train(data, new TrainingOptions { Epochs = 5, BatchSize = 8 });
        byte[] with = Train(data, new TrainingOptions { Epochs = 5, BatchSize = 8, Schedule = LearningRateSchedule.Step(1, 1) });
        Assert.Equal(without, with);
    }

    [Fact]
    public void TheMostUpdatesAreTheLengthOfASchedule()
    {
        Network<double> network = Networks.OneWeight();
        TrainingOptions options =
            Training.FullBatch(0.5, epochs: int.MaxValue) with { Schedule = LearningRateSchedule.Cosine(), MaximumUpdates = 3 };
        TrainingResult result = network.Train(options, s_pair);
        Assert.Equal(StopReason.UpdatesReached, result.StopReason);
        Close.Absolute(1 - (0.5 * 0.625 * 0.875), network.Weight(), 1e-15);
    }

    [Fact]
    public void APlateauOfTheValidationLossShrinksTheRate()
    {
        // The network is perfect on the training set and stands still; the first epoch is the only new low.
        TrainingOptions options =
            Training.FullBatch(0.1, epochs: 6) with { Schedule = LearningRateSchedule.ReduceOnPlateau(0.5, patience: 1) };
        TrainingResult result = Networks.OneWeight(1).Train(options, s_pair, Samples.Pairs((1, 0)));
        Assert.Equal([0.1, 0.1, 0.1, 0.05, 0.05, 0.025], result.History.Select(epoch => epoch.LearningRate));
    }

    [Fact]
    public void WithoutAValidationSetItWatchesTheTrainingLoss()
    {
        TrainingOptions options =
            Training.FullBatch(0.1, epochs: 4) with { Schedule = LearningRateSchedule.ReduceOnPlateau(0.5, patience: 0) };
        TrainingResult result = Networks.OneWeight(1).Train(options, s_pair);

        // The loss is 0 in every epoch: after the first, never a new low.
        Assert.Equal([0.1, 0.1, 0.05, 0.025], result.History.Select(epoch => epoch.LearningRate));
    }

    private static readonly LearningRateSchedule[] s_all =
    [
        LearningRateSchedule.Constant,
        LearningRateSchedule.Step(20, 0.5),
        LearningRateSchedule.InverseScaling(),
        LearningRateSchedule.Exponential(),
        LearningRateSchedule.Cosine(),
        LearningRateSchedule.CosineRestarts(10),
        LearningRateSchedule.CosLog4,
        LearningRateSchedule.OneCycle(),
        LearningRateSchedule.ReduceOnPlateau(0.5, patience: 3),
        LearningRateSchedule.Cosine().WithWarmUp(3),
    ];

    public static TheoryData<LearningRateSchedule> All => [.. s_all];

    [Theory]
    [MemberData(nameof(All))]
    public void EveryScheduleLearnsIris(LearningRateSchedule schedule)
    {
        DataSet<float> iris = RealSets.Iris();
        Network<float> network = new NetworkBuilder(4).ScaleInputs(ColumnScaling.StandardizeInputs(iris))
            .Add(8, Activation.Tanh).Add(3, Activation.Softmax).Build<float>(1);
        network.Train(
            new TrainingOptions
            {
                Loss = Loss.CategoricalCrossEntropy(),
                Optimizer = Optimizer.Momentum(0.05),
                BatchSize = 16,
                Epochs = 60,
                Schedule = schedule,
            },
            iris);
        Assert.InRange(RealSets.Accuracy(network, iris), 0.95, 1);
    }

    public static TheoryData<string, LearningRateSchedule> AdaptiveOptimizersAndSchedules =>
        Combinations.Of([Optimizer.AdaptiveGradientDescent().Name, Optimizer.AdaptiveMomentum().Name], s_all);

    [Theory]
    [MemberData(nameof(AdaptiveOptimizersAndSchedules))]
    public void AdaptiveOptimizersTakeTheConstantRateOnly(string optimizer, LearningRateSchedule schedule)
    {
        var options = new TrainingOptions { Optimizer = EveryOptimizer.Of(optimizer), Schedule = schedule };
        if (schedule == LearningRateSchedule.Constant)
        {
            _ = new NetworkTrainer<double>(Networks.OneWeight(), options);
        }
        else
        {
            AssertRefused(options, "Schedule", "Optimizer", "adapts the learning rate itself");
        }
    }

    public static TheoryData<LearningRateSchedule> SpreadOverTheTraining =>
    [
        LearningRateSchedule.Cosine(),
        LearningRateSchedule.CosLog4,
        LearningRateSchedule.OneCycle(),
        LearningRateSchedule.Cosine().WithWarmUp(1),
    ];

    [Theory]
    [MemberData(nameof(SpreadOverTheTraining))]
    public void WhatIsSpreadOverTheTrainingNeedsAnEndOfIt(LearningRateSchedule schedule)
    {
        var options = new TrainingOptions { Epochs = int.MaxValue, Schedule = schedule };
        AssertRefused(options, "Schedule", "Epochs", "MaximumUpdates");
        _ = new NetworkTrainer<double>(Networks.OneWeight(), options with { MaximumUpdates = 10 });
    }

    [Fact]
    public void WhatIsNotSpreadOverTheTrainingNeedsNoEnd() => _ = new NetworkTrainer<double>(
        Networks.OneWeight(), new TrainingOptions { Epochs = int.MaxValue, Schedule = LearningRateSchedule.Exponential() });

    [Fact]
    public void AWarmUpMakesNoSenseInFrontOfWhatBeginsLowOrForAllOfTheTraining()
    {
        AssertRefused(new TrainingOptions { Schedule = LearningRateSchedule.OneCycle().WithWarmUp(1) }, "OneCycle", "warm-up");
        AssertRefused(new TrainingOptions { Schedule = LearningRateSchedule.CosLog4.WithWarmUp(1) }, "CosLog4", "warm-up");
        AssertRefused(new TrainingOptions { Schedule = LearningRateSchedule.Constant.WithWarmUp(1).WithWarmUp(1) }, "WarmUp", "warm-up");
        AssertRefused(
            new TrainingOptions { Schedule = LearningRateSchedule.Constant.WithWarmUp(5), Epochs = 5 }, "Schedule", "Epochs 5", "warm-up");
    }

    public static TheoryData<LearningRateSchedule, string> Bad => new()
    {
        { LearningRateSchedule.Step(0), "epochs is 0, but must be 1 or more" },
        { LearningRateSchedule.Step(1, 0), "factor is 0, but must be above 0 and at most 1" },
        { LearningRateSchedule.Step(1, 1.1), "factor is 1.1" },
        { LearningRateSchedule.InverseScaling(0), "power is 0" },
        { LearningRateSchedule.Exponential(double.NaN), "factor is NaN" },
        { LearningRateSchedule.Cosine(1), "floor is 1, but must be at least 0 and below 1" },
        { LearningRateSchedule.CosineRestarts(0), "epochs is 0" },
        { LearningRateSchedule.CosineRestarts(1, 0), "multiplier is 0, but must be 1 or more" },
        { LearningRateSchedule.CosineRestarts(1, 1, -0.1), "floor is -0.1" },
        { LearningRateSchedule.OneCycle(0), "rise is 0, but must be above 0 and below 1" },
        { LearningRateSchedule.OneCycle(1), "rise is 1" },
        { LearningRateSchedule.OneCycle(divisor: 0.5), "divisor is 0.5, but must be a finite number, 1 or more" },
        { LearningRateSchedule.OneCycle(finalDivisor: double.PositiveInfinity), "finalDivisor is Infinity" },
        { LearningRateSchedule.ReduceOnPlateau(1), "factor is 1, but must be above 0 and below 1" },
        { LearningRateSchedule.ReduceOnPlateau(patience: -1), "patience is -1, but must be 0 or more" },
        { LearningRateSchedule.ReduceOnPlateau(threshold: 1), "threshold is 1" },
        { LearningRateSchedule.ReduceOnPlateau(floor: double.NaN), "floor is NaN" },
        { LearningRateSchedule.Constant.WithWarmUp(0), "epochs is 0, but must be a finite number above 0" },
        { LearningRateSchedule.Step(0).WithWarmUp(1), "epochs is 0, but must be 1 or more" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void AFigureOutOfItsRangeIsRefused(LearningRateSchedule schedule, string message) =>
        AssertRefused(new TrainingOptions { Schedule = schedule }, message);

    private static void AssertRefused(TrainingOptions options, params string[] parts)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => new NetworkTrainer<double>(Networks.OneWeight(), options));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static byte[] Train(DataSet<float> data, TrainingOptions options)
    {
        Network<float> network = new NetworkBuilder(3).Add(6, Activation.Tanh).Add(2, Activation.Linear).Build<float>(seed: 9);
        network.Train(options, data);
        return network.ToBytes();
    }
}
