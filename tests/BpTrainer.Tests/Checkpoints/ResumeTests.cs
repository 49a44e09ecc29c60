using System.Globalization;

namespace BpTrainer.Tests.Checkpoints;

/// <summary>A training that is resumed from a checkpoint ends with the same bits as one without a break.</summary>
public sealed class ResumeTests
{
    private const int Epochs = 9;

    private static readonly DataSet<float> s_training = Samples.Random<float>(1, rows: 70, inputs: 5, targets: 3, weighted: true);
    private static readonly DataSet<float> s_validation = Samples.Random<float>(2, rows: 20, inputs: 5, targets: 3);

    public static TheoryData<string, TrainingOptions> Trainings
    {
        get
        {
            var mini = new TrainingOptions
            {
                Epochs = Epochs,
                BatchSize = 8,
                Optimizer = Optimizer.Momentum(0.05),
                Seed = 3,
                EarlyStoppingRounds = Epochs,
            };
            var trainings = new TheoryData<string, TrainingOptions>();
            foreach (Optimizer optimizer in EveryOptimizer.All)
            {
                TrainingOptions ruled = mini with { Optimizer = optimizer };
                trainings.Add($"{optimizer}, full batch", ruled with { BatchSize = TrainingOptions.FullBatch });
                if (!optimizer.IsFullBatchOnly)
                {
                    trainings.Add($"{optimizer}, mini-batch", ruled);
                    trainings.Add($"{optimizer}, incremental", ruled with { BatchSize = 1 });
                }
            }

            trainings.Add("no shuffling", mini with { Shuffle = false });
            trainings.Add("dropout", mini with { Regularization = new() { HiddenDropout = [0.3], InputDropout = 0.1 } });
            trainings.Add(
                "dropout, incremental",
                mini with { Regularization = new() { HiddenDropout = [0.3] }, BatchSize = 1, Optimizer = Optimizer.Momentum(0.005) });
            trainings.Add(
                "penalties", mini with { Regularization = new Regularization { L1 = 0.001, L2 = 0.01, ClipNorm = 0.5, MaxNorm = 1 } });
            trainings.Add("cosine", mini with { Schedule = LearningRateSchedule.Cosine().WithWarmUp(1) });
            trainings.Add("plateau", mini with { Schedule = LearningRateSchedule.ReduceOnPlateau(0.5, patience: 0) });
            trainings.Add("exponential average", mini with { Averaging = WeightAveraging.Exponential(0.9) });
            trainings.Add("average of epochs", mini with { Averaging = WeightAveraging.LastEpochs(3) });
            trainings.Add("gradient", mini with { MinimumGradient = 1e-9 });
            return trainings;
        }
    }

    [Theory]
    [MemberData(nameof(Trainings))]
    public void ItEndsWithTheSameBits(string training, TrainingOptions options)
    {
        var checkpoints = new List<MemoryStream>();
        Network<float> whole = Start();
        TrainingResult expected = whole.Train(options with { Checkpoint = Into(checkpoints, every: 2) }, s_training, s_validation);
        Assert.True(expected.History.Count / 2 == checkpoints.Count && checkpoints.Count > 0, training);
        foreach (MemoryStream checkpoint in checkpoints)
        {
            // Another network, with other weights: all of the state comes from the checkpoint.
            Network<float> resumed = Start(seed: 77);
            TrainingResult result = new NetworkTrainer<float>(resumed, options).Resume(Copy(checkpoint), s_training, s_validation);
            AssertSame(expected, result);
            Assert.Equal(whole.ToBytes(), resumed.ToBytes());
        }
    }

    [Fact]
    public void ACheckpointChangesNothing()
    {
        var options = new TrainingOptions { Epochs = Epochs, BatchSize = 8 };
        Network<float> with = Start(), without = Start();
        with.Train(options with { Checkpoint = Into([], every: 1) }, s_training, s_validation);
        without.Train(options, s_training, s_validation);
        Assert.Equal(without.ToBytes(), with.ToBytes());
    }

    [Fact]
    public void ItGoesOnAfterACancellationInAnEpoch()
    {
        var checkpoints = new List<MemoryStream>();
        var options = new TrainingOptions { Epochs = Epochs, BatchSize = 8, Seed = 3 };
        Network<float> whole = Start();
        TrainingResult expected = whole.Train(options, s_training);

        using var source = new CancellationTokenSource();
        Start().Train(
            options with { Checkpoint = Into(checkpoints, every: 1) },
            s_training, cancellationToken: source.Token, stopWhen: epoch => CancelAt(epoch, 4, source));
        Network<float> resumed = Start();
        AssertSame(expected, new NetworkTrainer<float>(resumed, options).Resume(Copy(checkpoints[^1]), s_training));
        Assert.Equal(whole.ToBytes(), resumed.ToBytes());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACopyOfTheRowsAndASelectionOfThemGoOnTheSame(bool selectsFirst)
    {
        int[] rows = [5, 3, 9, 5, 0, 20, 11, 5, 17, 40, 2];
        DataSet<float> selected = s_training.Select(rows), copied = s_training.Take(rows);
        var checkpoints = new List<MemoryStream>();
        var options = new TrainingOptions { Epochs = Epochs, BatchSize = 4, Seed = 3 };
        Network<float> whole = Start(), resumed = Start();
        whole.Train(options with { Checkpoint = Into(checkpoints, every: 2) }, selectsFirst ? selected : copied);
        new NetworkTrainer<float>(resumed, options).Resume(Copy(checkpoints[0]), selectsFirst ? copied : selected);
        Assert.Equal(whole.ToBytes(), resumed.ToBytes());
    }

    [Fact]
    public void MoreEpochsMayBeAllowedThanBefore()
    {
        var checkpoints = new List<MemoryStream>();
        var options = new TrainingOptions { Epochs = 4, BatchSize = 8, Checkpoint = Into(checkpoints, every: 4) };
        Start().Train(options, s_training);
        Network<float> whole = Start(), resumed = Start();
        TrainingResult expected = whole.Train(options with { Epochs = 7 }, s_training);

        // The last checkpoint of the short training is that of its end.
        TrainingResult atOnce = new NetworkTrainer<float>(resumed, options).Resume(Copy(checkpoints[0]), s_training);
        Assert.Equal(StopReason.EpochsReached, atOnce.StopReason);
        Assert.Equal(4, atOnce.History.Count);
        AssertSame(expected, new NetworkTrainer<float>(resumed, options with { Epochs = 7 }).Resume(Copy(checkpoints[0]), s_training));
        Assert.Equal(whole.ToBytes(), resumed.ToBytes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void TheNumberOfThreadsMayChange(int threads)
    {
        DataSet<float> data = Samples.Random<float>(1, rows: 600, inputs: 60, targets: 10);
        var options = new TrainingOptions
        {
            Epochs = 4,
            BatchSize = 200,
            NumberOfThreads = 1,
            Averaging = WeightAveraging.Exponential(0.9),
            Schedule = LearningRateSchedule.OneCycle(),
        };
        var checkpoints = new List<MemoryStream>();
        Network<float> whole = Wide(), resumed = Wide();
        whole.Train(options with { Checkpoint = Into(checkpoints, every: 2) }, data);
        TrainingResult result = new NetworkTrainer<float>(
            resumed, options with { NumberOfThreads = threads }).Resume(Copy(checkpoints[0]), data);
        Assert.Equal(threads, result.Threads);
        Assert.Equal(whole.ToBytes(), resumed.ToBytes());
    }

    [Theory]
    [InlineData(70)]
    [InlineData(24)]
    public void SoDoesATrainingOnAStream(int blockRows)
    {
        var checkpoints = new List<MemoryStream>();
        var options = new TrainingOptions { Epochs = Epochs, BatchSize = 8, Seed = 3 };
        Network<float> whole = Start(), resumed = Start();
        TrainingResult expected = new NetworkTrainer<float>(whole, options with { Checkpoint = Into(checkpoints, every: 2) })
            .Train(new SampleStream<float>(s_training), blockRows, s_validation);
        foreach (MemoryStream checkpoint in checkpoints)
        {
            AssertSame(expected, new NetworkTrainer<float>(resumed, options).Resume(
                Copy(checkpoint), new SampleStream<float>(s_training), blockRows, s_validation));
            Assert.Equal(whole.ToBytes(), resumed.ToBytes());
        }
    }

    [Fact]
    public void TheLanguageOfTheMachineMayChange()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var checkpoints = new List<MemoryStream>();
            var options = new TrainingOptions
            {
                Epochs = 2,
                Schedule = LearningRateSchedule.Exponential(0.5),
                Optimizer = Optimizer.Momentum(0.015, momentum: 0.75),
            };
            Start().Train(options with { Checkpoint = Into(checkpoints, every: 1) }, s_training);
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            new NetworkTrainer<float>(Start(), options).Resume(Copy(checkpoints[0]), s_training);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void TheSecondsGoOnFromThoseBefore()
    {
        var checkpoints = new List<MemoryStream>();
        var options = new TrainingOptions { Epochs = 4, Checkpoint = Into(checkpoints, every: 2) };
        TrainingResult first = Start().Train(options, s_training);
        TrainingResult resumed = new NetworkTrainer<float>(Start(), options).Resume(Copy(checkpoints[0]), s_training);
        Assert.Equal(first.History[1].Seconds, resumed.History[1].Seconds);
        Assert.True(resumed.History[2].Seconds >= first.History[1].Seconds);
    }

    internal static Checkpoint Into(List<MemoryStream> checkpoints, int every) => Checkpoint.ToStream(
        () =>
        {
            var stream = new MemoryStream();
            checkpoints.Add(stream);
            return stream;
        },
        every);

    internal static MemoryStream Copy(MemoryStream checkpoint) => new(checkpoint.ToArray());

    private static bool CancelAt(EpochRecord epoch, int number, CancellationTokenSource source)
    {
        if (epoch.Epoch == number)
        {
            source.Cancel();
        }

        return false;
    }

    private static void AssertSame(TrainingResult expected, TrainingResult actual)
    {
        Assert.Equal(expected.StopReason, actual.StopReason);
        Assert.Equal(expected.BestEpoch, actual.BestEpoch);
        Assert.Equal(
            expected.History.Select(epoch => epoch with { Seconds = 0 }), actual.History.Select(epoch => epoch with { Seconds = 0 }));
    }

    private static Network<float> Start(int seed = 9) =>
        new NetworkBuilder(5).Add(20, Activation.Tanh).Add(6, Activation.PReLU()).Add(3, Activation.Linear).Build<float>(seed);

    private static Network<float> Wide() =>
        new NetworkBuilder(60).Add(96, Activation.ReLU).Add(70, Activation.Logistic).Add(10, Activation.Linear).Build<float>(3);
}
