namespace BpTrainer.Tests.HiddenSizes;

/// <summary>Networks of several sizes are trained side by side, each as it would be alone.</summary>
[Collection(nameof(Alone))]
public class HiddenSizeSearchTests
{
    private static readonly DataSet<float> s_training = Wave(seed: 1, rows: 60), s_validation = Wave(seed: 2, rows: 30);

    private static readonly TrainingOptions s_options =
        new() { Optimizer = Optimizer.Momentum(0.1), BatchSize = 8, Epochs = 40, Seed = 7, EarlyStoppingRounds = 40 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EveryTrialIsATrainingOfItsOwn(int threads)
    {
        HiddenSizeTrials trials = Search([5, 1, 3], s_options with { NumberOfThreads = threads }).Run(s_training, s_validation);
        Assert.Equal([1, 3, 5], trials.Trials.Select(trial => trial.Units));
        foreach (HiddenSizeTrial trial in trials.Trials)
        {
            Network<float> network = Builder(trial.Units).Build<float>(7);
            TrainingResult alone = network.Train(s_options, s_training, s_validation);
            HiddenSizeRun run = Assert.Single(trial.Runs);
            Assert.Equal(
                (network.ParameterCount, alone.Loss, alone.BestEpoch, alone.History.Count, alone.StopReason),
                (trial.Parameters, run.ValidationLoss, run.BestEpoch, run.Epochs, run.StopReason));
        }

        Assert.Equal(trials.Trials.Min(trial => trial.ValidationLoss), trials.Choice.ValidationLoss);
        Assert.NotEqual(1, trials.Choice.Units);
    }

    [Fact]
    public void FoldsHoldEverySampleOnce()
    {
        HiddenSizeTrials trials = Search([2, 4], s_options).CrossValidate(s_training, folds: 7);
        Assert.All(trials.Trials, trial => Assert.Equal(7, trial.Runs.Count));
        Assert.All(trials.Trials, trial => Assert.True(trial.StandardError > 0));

        // With as many folds as samples, each of which is told apart by its input, the losses are those of leaving one out.
        DataSet<float> four = s_training.Take([0, 1, 2, 3]);
        double[] losses = [.. Search([3], s_options).CrossValidate(four, folds: 4).Trials[0].Runs.Select(run => run.ValidationLoss)];
        Assert.Equal(4, losses.Distinct().Count());
    }

    [Fact]
    public void CrossValidationIsTheSameOnAnyNumberOfThreadsAndFollowsTheSeed()
    {
        double[] Losses(int threads, int seed) =>
            [.. Search([2, 4, 6], s_options with { NumberOfThreads = threads, Seed = seed }).CrossValidate(s_training, folds: 3).Trials
                .SelectMany(trial => trial.Runs).Select(run => run.ValidationLoss)];

        Assert.Equal(Losses(1, 7), Losses(4, 7));
        Assert.NotEqual(Losses(1, 7), Losses(1, 8));
    }

    [Fact]
    public void SplitsMayBeGiven()
    {
        HiddenSizeTrials trials = Search([2, 3], s_options).Run([s_training, s_validation], [s_validation, s_training]);
        Assert.Equal(trials.Trials[0].Runs[0].ValidationLoss, Search([2], s_options).Run(s_training, s_validation).Choice.ValidationLoss);
        Assert.Equal(2, trials.Trials[1].Runs.Count);
        Assert.Throws<ArgumentException>("validation", () => Search([2], s_options).Run([s_training], []));
    }

    [Fact]
    public void AStreamIsTriedTooOneSizeAfterAnother()
    {
        HiddenSizeTrials inMemory = Search([2, 3], s_options).Run(s_training, s_validation);
        HiddenSizeTrials streamed = Search([2, 3], s_options)
            .Run(new SampleStream<float>(s_training), s_training.Rows, s_validation);
        Assert.Equal(inMemory.Trials.Select(trial => trial.ValidationLoss), streamed.Trials.Select(trial => trial.ValidationLoss));
    }

    [Fact]
    public void ASizeThatDivergesIsInTheTableWithAnInfiniteLoss()
    {
        // The weights of the larger network are too large for its first step.
        NetworkBuilder Describe(int units) => new NetworkBuilder(1)
            .Add(new LayerSpec(units, Activation.Linear) { Initializer = Initializer.Uniform(units == 3 ? 1e18 : 0.1) })
            .Add(1, Activation.Linear);

        HiddenSizeTrials trials = new HiddenSizeSearch<float>([2, 3], Describe, s_options).Run(s_training, s_validation);
        Assert.Equal(2, trials.Choice.Units);
        Assert.Equal((double.PositiveInfinity, StopReason.NonFinite), (
            trials.Trials[1].ValidationLoss, trials.Trials[1].Runs[0].StopReason));
        Assert.Throws<NotFiniteNumberException>(
            () => new HiddenSizeSearch<float>([3], Describe, s_options).Run(s_training, s_validation));
    }

    [Fact]
    public void TheTimeBudgetIsThatOfAllTrials()
    {
        TrainingOptions options = s_options with { Epochs = int.MaxValue, EarlyStoppingRounds = int.MaxValue };
        HiddenSizeTrials trials = Search([2, 3], options with { TimeBudget = TimeSpan.FromMilliseconds(200), NumberOfThreads = 1 })
            .Run(s_training, s_validation);

        // On one thread the larger network goes first and takes all of it.
        Assert.Equal(3, trials.Choice.Units);
        Assert.Equal((0, double.PositiveInfinity), (trials.Trials[0].Epochs, trials.Trials[0].ValidationLoss));
        Assert.All(trials.Trials, trial => Assert.Equal(StopReason.TimeBudgetReached, trial.Runs[0].StopReason));
        Assert.Throws<TimeoutException>(
            () => Search([2], options with { TimeBudget = TimeSpan.FromTicks(1) }).Run(s_training, s_validation));
    }

    [Fact]
    public void CancellationThrows()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Search([2, 3], s_options).Run(s_training, s_validation, source.Token));
    }

    [Fact]
    public void WhatIsOutOfRangeIsNamed()
    {
        Assert.Throws<ArgumentException>("sizes", () => Search([], s_options));
        Assert.Throws<ArgumentOutOfRangeException>("sizes", () => Search([3, 0], s_options));
        Assert.Throws<ArgumentException>("sizes", () => Search([3, 4, 3], s_options));
        Assert.Throws<ArgumentOutOfRangeException>("Epochs", () => Search([3], s_options with { Epochs = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("folds", () => Search([3], s_options).CrossValidate(s_training, folds: 1));
        Assert.Throws<ArgumentOutOfRangeException>("folds", () => Search([3], s_options).CrossValidate(s_training, folds: 61));
        Assert.Throws<ArgumentNullException>("validation", () => Search([3], s_options).Run(s_training, (DataSet<float>)null!));
    }

    [Theory]
    [InlineData(2, 1, 3, 12)] // √3 = 1.73: 2.73 and 11.73
    [InlineData(13, 3, 5, 14)] // √16 = 4
    [InlineData(4, 2, 3, 12)] // √6 = 2.449: 3.449 and 12.449
    public void TheRuleGivesTenSizes(int inputs, int outputs, int first, int last)
    {
        Assert.Equal(Enumerable.Range(first, 10), BpTrainer.HiddenSizes.ByRule(inputs, outputs));
        Assert.Equal(last, BpTrainer.HiddenSizes.ByRule(inputs, outputs, addend: 10));
    }

    private static HiddenSizeSearch<float> Search(int[] sizes, TrainingOptions options) => new(sizes, Builder, options);

    private static NetworkBuilder Builder(int units) => new NetworkBuilder(1)
        .Add(new LayerSpec(units, Activation.Tanh) { Initializer = Initializer.NguyenWidrow }).Add(1, Activation.Linear);

    private static DataSet<float> Wave(int seed, int rows)
    {
        DataSet<float> random = Samples.Random<float>(seed, rows, inputs: 1, targets: 1);
        return new DataSet<float>(random.Inputs, 1, random.Inputs.ToArray().Select(x => MathF.Sin(5 * x)).ToArray(), 1);
    }
}
