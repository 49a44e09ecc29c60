using BpTrainer.Ensembles;
using BpTrainer.Numbers;

namespace BpTrainer.Tests.Ensembles;

/// <summary>Several trainings from different weights: each is one that could have been made alone, on any number of threads.</summary>
public class EnsembleTrainerTests
{
    private const int Runs = 5;

    private static readonly DataSet<float> s_training = Samples.Random<float>(1, rows: 60, inputs: 4, targets: 2);
    private static readonly DataSet<float> s_validation = Samples.Random<float>(2, rows: 20, inputs: 4, targets: 2);
    private static readonly TrainingOptions s_options =
        new() { Optimizer = Optimizer.Momentum(0.1), BatchSize = 8, Epochs = 12, Seed = 7, EarlyStoppingRounds = 12 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void EveryRunIsWhatItWouldBeAlone(int threads)
    {
        EnsembleResult<float> result = new EnsembleTrainer<float>(
            Builder(), s_options with { NumberOfThreads = threads }, Runs).Run(s_training, s_validation);
        Assert.Equal(Runs, result.Members.Count);
        Assert.Equal(7, result.Members[0].Seed);
        Assert.Equal(Runs, result.Members.Select(run => run.Seed).Distinct().Count());
        foreach (EnsembleMember<float> run in result.Members)
        {
            Network<float> alone = Builder().Build<float>(run.Seed);
            TrainingResult expected = alone.Train(s_options with { Seed = run.Seed }, s_training, s_validation);
            Assert.Equal(alone.ToBytes(), run.Network.ToBytes());
            Assert.Equal(expected.History.Select(epoch => epoch.ValidationLoss), run.Result.History.Select(epoch => epoch.ValidationLoss));
        }
    }

    [Fact]
    public void TheBestHasTheLowestValidationLoss()
    {
        EnsembleResult<float> result = new EnsembleTrainer<float>(Builder(), s_options, Runs).Run(s_training, s_validation);
        double[] losses = [.. result.Members.Select(run => run.Result.History.Min(epoch => epoch.ValidationLoss!.Value))];
        Assert.Equal(losses, result.Members.Select(run => run.Loss));
        Assert.Same(result.Members[Array.IndexOf(losses, losses.Min())], result.Best);
        Assert.Equal(Runs, losses.Distinct().Count());
    }

    [Fact]
    public void WithoutAValidationSetItHasTheLowestTrainingLoss()
    {
        EnsembleResult<float> result = new EnsembleTrainer<float>(Builder(), s_options, Runs).Run(s_training);
        Assert.Equal(result.Members.Min(run => run.Loss), result.Best.Loss);
        Assert.All(
            result.Members, run => Assert.Equal(run.Result.History.Min(epoch => epoch.TrainingLoss), run.Loss, tolerance: 0.1 * run.Loss));
    }

    [Fact]
    public void GivenNetworksAreTrainedFurtherAndStayAsTheyAre()
    {
        Network<float>[] networks = [Builder().Build<float>(3), Builder().Build<float>(4)];
        byte[][] before = [.. networks.Select(network => network.ToBytes())];
        EnsembleResult<float> result = new EnsembleTrainer<float>(networks, s_options).Run(s_training, s_validation);
        Assert.Equal(before, networks.Select(network => network.ToBytes()));
        foreach ((Network<float> network, EnsembleMember<float> run) in networks.Zip(result.Members))
        {
            network.Train(s_options with { Seed = run.Seed }, s_training, s_validation);
            Assert.Equal(network.ToBytes(), run.Network.ToBytes());
        }

        Network<float>[] none = [];
        Assert.Throws<ArgumentOutOfRangeException>("networks", () => new EnsembleTrainer<float>(none, s_options));
        none = null!;
        Assert.Throws<ArgumentNullException>("networks", () => new EnsembleTrainer<float>(none, s_options));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void NetworksMayHaveLayersAndSamplesOfTheirOwn(int threads)
    {
        NetworkBuilder[] builders = [Builder(), new NetworkBuilder(4).Add(3, Activation.ReLU).Add(2, Activation.Linear), Builder()];
        DataSet<float>[] training = [.. Enumerable.Range(0, 3).Select(k => Part(row => row % 3 != k))];
        DataSet<float>[] validation = [.. Enumerable.Range(0, 3).Select(k => Part(row => row % 3 == k))];
        EnsembleResult<float> result = new EnsembleTrainer<float>(builders, s_options with { NumberOfThreads = threads })
            .Run(training, validation);
        for (int k = 0; k < 3; k++)
        {
            EnsembleMember<float> member = result.Members[k];
            Network<float> alone = builders[k].Build<float>(member.Seed);
            TrainingResult expected = alone.Train(s_options with { Seed = member.Seed }, training[k], validation[k]);
            Assert.Equal(alone.ToBytes(), member.Network.ToBytes());
            Assert.Equal(expected.Loss, member.Loss);
        }

        static DataSet<float> Part(Func<int, bool> takes) => s_training.Select([.. Enumerable.Range(0, s_training.Rows).Where(takes)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WhatHasNotLearnedIsTrainedOnceMoreAndTheBetterKept(int threads)
    {
        // The targets are noise, so that chance alone decides which training has the lower validation loss.
        var trainer = new EnsembleTrainer<float>(Builder(), s_options with { NumberOfThreads = threads }, Runs) { TriesAgain = true };
        EnsembleResult<float> result = trainer.Run(s_training, s_validation);
        int[] seeds = [.. new EnsembleTrainer<float>(Builder(), s_options, Runs).Run(s_training, s_validation).Members.Select(m => m.Seed)];
        for (int k = 0; k < Runs; k++)
        {
            int secondSeed = new RandomStream(seeds[k], RandomPurpose.SecondTry).NextInt(int.MaxValue);
            (Network<float> Network, TrainingResult Result)[] tries = [.. new[] { seeds[k], secondSeed }.Select(Alone)];
            int best = tries[0].Result.Loss <= tries[1].Result.Loss ? 0 : 1;
            Assert.True(tries[0].Result.Loss > 0.95 * tries[0].Result.ConstantLoss);
            Assert.Equal(tries[best].Network.ToBytes(), result.Members[k].Network.ToBytes());
            Assert.Equal(tries[best].Result.Loss, result.Members[k].Loss);
            Assert.Equal(tries[1 - best].Result.Loss, result.Members[k].Discarded!.Loss);
        }

        Assert.Equal(2, result.Members.Select(member => seeds.Contains(member.Seed)).Distinct().Count());

        static (Network<float>, TrainingResult) Alone(int seed)
        {
            Network<float> network = Builder().Build<float>(seed);
            return (network, network.Train(s_options with { Seed = seed }, s_training, s_validation));
        }
    }

    [Fact]
    public void WhatHasLearnedOrWasStoppedIsNotTrainedAgain()
    {
        float[] targets = [.. Enumerable.Range(0, 60).SelectMany(row => new[] { s_training.InputRow(row)[0], 1f })];
        var learnable = new DataSet<float>(s_training.Inputs, 4, targets, 2);
        EnsembleTrainer<float> trainer = new(Builder(), s_options with { NumberOfThreads = 1 }, 2) { TriesAgain = true };
        Assert.All(trainer.Run(learnable, learnable).Members, member => Assert.Null(member.Discarded));

        // Without validation samples nobody can say.
        Assert.All(trainer.Run(s_training).Members, member => Assert.Null(member.Discarded));
        EnsembleResult<float> stopped = trainer.Run(s_training, s_validation, progress => progress.Stop());
        Assert.All(stopped.Members, member => Assert.Null(member.Discarded));
        using var source = new CancellationTokenSource();
        EnsembleResult<float> cancelled = trainer.Run(s_training, s_validation, progress => Cancel(progress.Epoch, source), source.Token);
        Assert.All(cancelled.Members, member => Assert.Null(member.Discarded));
    }

    [Fact]
    public void TheKindWithTheLowerValidationLossWeighsMore()
    {
        NetworkBuilder wide = Builder(), narrow = new NetworkBuilder(4).Add(1, Activation.Tanh).Add(2, Activation.Linear);
        var trainer = new EnsembleTrainer<float>([wide, wide, narrow], s_options);
        EnsembleResult<float> result = trainer.Run(s_training, s_validation);
        double[] losses = [.. result.Members.Select(member => member.Loss)];
        double ratio = Math.Pow((losses[0] + losses[1]) / 2 / losses[2], 8);
        double[] expected = [1 / (1 + ratio) / 2, 1 / (1 + ratio) / 2, ratio / (1 + ratio)];
        Assert.All(expected.Zip(result.ToEnsemble().Weights), pair => Close.Relative(pair.First, pair.Second, 1e-9));

        // Training losses do not tell which kind is better.
        Assert.Equal([1.0 / 3, 1.0 / 3, 1.0 / 3], trainer.Run(s_training).ToEnsemble().Weights);
    }

    [Fact]
    public void AStreamIsReadByOneRunAfterAnother()
    {
        EnsembleResult<float> inMemory = new EnsembleTrainer<float>(Builder(), s_options, 3).Run(s_training, s_validation);
        EnsembleResult<float> streamed = new EnsembleTrainer<float>(Builder(), s_options, 3)
            .Run(new SampleStream<float>(s_training), s_training.Rows, s_validation);
        Assert.Equal(inMemory.Members.Select(run => run.Network.ToBytes()), streamed.Members.Select(run => run.Network.ToBytes()));
    }

    [Fact]
    public void RunsThatRanAwayAreNeverTheBestAndHaveNoPartInTheEnsemble()
    {
        // The second network begins with a weight that no error comes back from.
        Network<float> good = Builder().Build<float>(1), bad = Builder().Build<float>(2);
        bad.Layers[0].SetWeight(0, 0, float.PositiveInfinity);
        EnsembleResult<float> result = new EnsembleTrainer<float>([bad, good], s_options).Run(s_training);
        Assert.Equal(StopReason.NonFinite, result.Members[0].Result.StopReason);
        Assert.Equal(double.PositiveInfinity, result.Members[0].Loss);
        Assert.Same(result.Members[1], result.Best);
        Assert.Same(result.Best.Network, Assert.Single(result.ToEnsemble().Networks));
    }

    [Fact]
    public void WithoutAGoodRunThereIsAnErrorWithTheRemedy()
    {
        var error = Assert.Throws<NotFiniteNumberException>(
            () => new EnsembleTrainer<float>(Builder(), s_options with { Optimizer = Optimizer.Momentum(1e30) }, 3).Run(s_training));
        Assert.Contains("The learning rate was 1E+30: lower it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CallbacksComeOneAtATimeWithTheNumberOfTheRun()
    {
        int inside = 0;
        var epochs = new Dictionary<int, List<EpochRecord>>();
        bool overlapped = false;
        EnsembleResult<float> result = new EnsembleTrainer<float>(Builder(), s_options with { NumberOfThreads = 4 }, Runs)
            .Run(s_training, onEpoch: progress => Enter(() =>
            {
                epochs.TryAdd(progress.NetworkIndex, []);
                epochs[progress.NetworkIndex].Add(progress.Epoch);
            }));
        Assert.False(overlapped);
        Assert.Equal(Runs, epochs.Count);
        for (int run = 0; run < Runs; run++)
        {
            Assert.Equal(result.Members[run].Result.History, epochs[run]);
        }

        void Enter(Action action)
        {
            overlapped |= Interlocked.Increment(ref inside) > 1;
            Thread.Yield();
            action();
            Interlocked.Decrement(ref inside);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AStopEndsTheTrainingOfAllNetworks(int threads)
    {
        // No network comes to its end before the stop, however late the first one is.
        TrainingOptions options = s_options with { Epochs = int.MaxValue, NumberOfThreads = threads };
        bool isStopped = false;
        var epochsAfterStop = new int[Runs];
        EnsembleResult<float> result = new EnsembleTrainer<float>(Builder(), options, Runs).Run(
            s_training,
            onEpoch: progress =>
            {
                epochsAfterStop[progress.NetworkIndex] += isStopped ? 1 : 0;
                if (progress is { NetworkIndex: 0, Epoch.Epoch: 6 })
                {
                    progress.Stop();
                    isStopped = true;
                }
            });
        Assert.All(epochsAfterStop, epochs => Assert.InRange(epochs, 0, 1));
        Assert.Equal(6, result.Members[0].Result.History.Count);
        Assert.All(result.Members, run => Assert.Equal(StopReason.StopRequested, run.Result.StopReason));
        if (threads == 1)
        {
            Assert.Single(result.Members[^1].Result.History);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ACancellationEndsAllRunsAndKeepsWhatTheyLearned(int threads)
    {
        using var source = new CancellationTokenSource();
        EnsembleResult<float> result = new EnsembleTrainer<float>(
            Builder(), s_options with { Epochs = int.MaxValue, NumberOfThreads = threads }, Runs)
            .Run(s_training, onEpoch: progress => Cancel(progress.Epoch, source), cancellationToken: source.Token);
        Assert.All(result.Members, run => Assert.Equal(StopReason.Cancelled, run.Result.StopReason));
        Assert.True(result.Best.Result.BestEpoch >= 1);
        Assert.InRange(result.ToEnsemble().Networks.Count, 1, threads);
    }

    [Fact]
    public void TheTimeBudgetIsThatOfAllRuns()
    {
        var options = s_options with { Epochs = int.MaxValue, NumberOfThreads = 2, TimeBudget = TimeSpan.FromMilliseconds(50) };
        EnsembleResult<float> result = new EnsembleTrainer<float>(Builder(), options, Runs).Run(s_training);
        Assert.All(result.Members, run => Assert.Equal(StopReason.TimeBudgetReached, run.Result.StopReason));
        Assert.Empty(result.Members[^1].Result.History);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AnExceptionOfACallbackEndsAllRunsAndComesOut(int threads)
    {
        TrainingOptions options = s_options with { Epochs = int.MaxValue, NumberOfThreads = threads };
        var error = Assert.Throws<NotSupportedException>(() => new EnsembleTrainer<float>(Builder(), options, Runs)
            .Run(s_training, onEpoch: _ => throw new NotSupportedException("callback")));
        Assert.Equal("callback", error.Message);
    }

    [Fact]
    public void WhatIsWrongIsRefusedAtOnce()
    {
        Assert.Throws<ArgumentOutOfRangeException>("size", () => new EnsembleTrainer<float>(Builder(), s_options, 0));
        Assert.Throws<ArgumentOutOfRangeException>("Epochs", () => new EnsembleTrainer<float>(Builder(), s_options with { Epochs = 0 }, 2));
        NetworkBuilder[] none = [];
        Assert.Throws<ArgumentOutOfRangeException>("builders", () => new EnsembleTrainer<float>(none, s_options));
        var error = Assert.Throws<ArgumentException>(
            () => new EnsembleTrainer<float>(Builder(), s_options with { Checkpoint = Checkpoint.ToFile("x") }, 2));
        Assert.Contains("Checkpoint", error.Message, StringComparison.Ordinal);
        var trainer = new EnsembleTrainer<float>(Builder(), s_options, 2);
        error = Assert.Throws<ArgumentException>("training", () => trainer.Run([s_training]));
        Assert.Contains("1 sets of samples for 2 networks", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("validation", () => trainer.Run([s_training, s_training], [s_validation]));
        Assert.ThrowsAny<ArgumentException>(
            () => new EnsembleTrainer<float>(Builder(), s_options, 2).Run(Samples.Random<float>(1, rows: 5, inputs: 3, targets: 2)));
    }

    private static void Cancel(EpochRecord epoch, CancellationTokenSource source)
    {
        if (epoch.Epoch == 3)
        {
            source.Cancel();
        }
    }

    private static NetworkBuilder Builder() => new NetworkBuilder(4).Add(6, Activation.Tanh).Add(2, Activation.Linear);
}
