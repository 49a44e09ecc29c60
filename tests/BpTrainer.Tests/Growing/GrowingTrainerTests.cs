using BpTrainer.Ensembles;

namespace BpTrainer.Tests.Growing;

/// <summary>A network gets more hidden units as long as they lower the loss.</summary>
[Collection(nameof(Alone))]
public class GrowingTrainerTests
{
    private static readonly DataSet<double> s_training = Waves(seed: 1, rows: 120), s_validation = Waves(seed: 2, rows: 60);

    private static readonly TrainingOptions s_options = new()
    {
        Optimizer = Optimizer.ResilientPlus(),
        BatchSize = TrainingOptions.FullBatch,
        Epochs = 60,
        EarlyStoppingRounds = 60,
        Seed = 3,
    };

    [Fact]
    public void EachStageBeginsWhereTheLastOneEnded()
    {
        GrowingResult<double> result = new GrowingTrainer<double>(Builder(8), s_options, new GrowthOptions { First = 2, Step = 3 })
            .Train(s_training);
        Assert.Equal([2, 5, 8], result.Stages.Select(stage => stage.Units));
        Assert.Equal(8, result.Network.Layers[0].Outputs);
        TrainingHistory history = result.Training.History;
        Assert.Equal(Enumerable.Range(1, 180), history.Select(epoch => epoch.Epoch));
        Assert.Equal(history.Select(epoch => epoch.Seconds).Order(), history.Select(epoch => epoch.Seconds));

        // In a full batch the training loss of an epoch is that of the weights before it: new units do not make it jump.
        foreach (GrowthStage stage in result.Stages.SkipLast(1))
        {
            int end = 60 * (Array.IndexOf([.. result.Stages], stage) + 1);
            Assert.Equal(end, result.Stages.TakeWhile(other => other != stage).Append(stage).Sum(other => other.Epochs));
            Assert.InRange(history[end].TrainingLoss, 0.5 * history[end - 1].TrainingLoss, 1.001 * history[end - 1].TrainingLoss);
        }

        Assert.True(result.Stages[2].TrainingLoss < 0.2 * result.Stages[0].TrainingLoss);
        Assert.Equal(result.Training.BestEpoch, result.Stages[2].BestEpoch);
        Assert.Equal(StopReason.EpochsReached, result.Training.StopReason);
    }

    [Fact]
    public void TheFirstStageIsAPlainTraining()
    {
        GrowingResult<double> result = new GrowingTrainer<double>(Builder(4), s_options, new GrowthOptions { First = 4 })
            .Train(s_training, s_validation);
        Network<double> network = Builder(4).Build<double>(3);
        TrainingResult plain = network.Train(s_options, s_training, s_validation);
        Assert.Equal(network.ToBytes(), result.Network.ToBytes());
        GrowthStage stage = Assert.Single(result.Stages);
        Assert.Equal((4, 60, plain.BestEpoch, plain.Loss), (stage.Units, stage.Epochs, stage.BestEpoch, stage.ValidationLoss!.Value));
        Assert.Equal(plain.Loss, result.Training.Loss);
        Assert.Equal(plain.ConstantLoss, result.Training.ConstantLoss);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void GrowthEndsAfterStagesThatWereNotWorthIt(int rounds)
    {
        // y = x₁: one linear unit learns it, so that more do not help.
        DataSet<double> line = Line();
        GrowingResult<double> result = new GrowingTrainer<double>(
            new NetworkBuilder(2).Add(20, Activation.Linear).Add(1, Activation.Linear),
            s_options with { Epochs = 200, EarlyStoppingRounds = 200 },
            new GrowthOptions { Rounds = rounds, LeastGain = 0.999 }).Train(line, line);
        Assert.Equal(Enumerable.Range(1, 1 + rounds), result.Stages.Select(stage => stage.Units));
        Assert.Equal(1, result.Network.Layers[0].Outputs);
        Assert.InRange(result.Training.BestEpoch, 1, 200);
        Assert.Equal((1 + rounds) * 200, result.Training.History.Count);
    }

    [Fact]
    public void TheTargetLossEndsGrowth()
    {
        GrowingResult<double> result = new GrowingTrainer<double>(
            Builder(30), s_options with { TargetLoss = 0.02 }, new GrowthOptions { First = 1, Step = 2, Rounds = 5 }).Train(s_training);
        Assert.Equal(StopReason.TargetLossReached, result.Training.StopReason);
        Assert.Equal(StopReason.TargetLossReached, result.Stages[^1].StopReason);
        Assert.InRange(result.Stages[^1].Units, 2, 29);
        Assert.Equal(result.Stages[^1].Units, result.Network.Layers[0].Outputs);
        Assert.True(result.Training.Loss <= 0.02);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheCallbackSeesEveryEpochWithItsNetworkAndMayStop(bool isStopped)
    {
        var epochs = new List<EpochRecord>();
        var units = new List<int>();
        GrowingResult<double> result = new GrowingTrainer<double>(Builder(5), s_options, new GrowthOptions { First = 3, Step = 2 })
            .Train(s_training, s_validation, progress =>
            {
                epochs.Add(progress.Epoch);
                units.Add(progress.Network.Layers[0].Outputs);
                if (isStopped && epochs.Count == 70)
                {
                    progress.Stop();
                }
            });
        Assert.Equal(isStopped ? 70 : 120, epochs.Count);
        Assert.Equal(epochs, result.Training.History);
        Assert.Equal(Enumerable.Range(0, epochs.Count).Select(epoch => epoch < 60 ? 3 : 5), units);
        Assert.Equal(isStopped ? StopReason.StopRequested : StopReason.EpochsReached, result.Training.StopReason);
    }

    [Fact]
    public void CancellationKeepsTheBestWeightsSoFar()
    {
        using var source = new CancellationTokenSource();
        GrowingResult<double> result = new GrowingTrainer<double>(Builder(9), s_options, new GrowthOptions { First = 3, Step = 3 })
            .Train(s_training, onEpoch: progress => CancelAt(progress.Epoch.Epoch), cancellationToken: source.Token);
        Assert.Equal(StopReason.Cancelled, result.Training.StopReason);
        Assert.Equal([3, 6], result.Stages.Select(stage => stage.Units));
        Assert.Equal(100, result.Training.History.Count);

        void CancelAt(int epoch)
        {
            if (epoch == 100)
            {
                source.Cancel();
            }
        }
    }

    [Fact]
    public void TheTimeBudgetIsThatOfAllStages()
    {
        // With nothing but time to end it, growth goes on for as long as it lasts; the first stage alone has some tens of epochs.
        TrainingOptions options = s_options with { Epochs = 60, TimeBudget = TimeSpan.FromMilliseconds(100) };
        GrowingResult<double> result = new GrowingTrainer<double>(
            Builder(10_000), options, new GrowthOptions { Rounds = int.MaxValue }).Train(s_training);
        Assert.Equal(StopReason.TimeBudgetReached, result.Training.StopReason);
        Assert.Equal(StopReason.TimeBudgetReached, result.Stages[^1].StopReason);
        Assert.True(result.Stages.Count > 1);
        Assert.InRange(result.Training.BestEpoch, 1, result.Training.History.Count);
    }

    [Fact]
    public void NetworksOfAnEnsembleShareTheTime()
    {
        TrainingOptions options = s_options with
        {
            Epochs = int.MaxValue,
            EarlyStoppingRounds = int.MaxValue,
            TimeBudget = TimeSpan.FromMilliseconds(100),
            NumberOfThreads = 2,
        };
        EnsembleResult<double> result = new EnsembleTrainer<double>(Builder(9), options, size: 3) { Growth = new GrowthOptions() }
            .Run(s_training, s_validation);
        Assert.All(result.Members, member => Assert.Equal(StopReason.TimeBudgetReached, member.Result.StopReason));
        Assert.All(result.Members, member => Assert.Equal(StopReason.TimeBudgetReached, Assert.Single(member.Stages).StopReason));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyNumberOfThreadsGivesTheSameBits(int threads)
    {
        DataSet<float> data = Samples.Random<float>(4, rows: 700, inputs: 20, targets: 3);
        NetworkBuilder builder = new NetworkBuilder(20).Add(100, Activation.SiLU).Add(3, Activation.Linear);
        var options = new TrainingOptions { BatchSize = 350, Epochs = 4, Seed = 2 };
        var growth = new GrowthOptions { First = 40, Step = 30 };
        GrowingResult<float> one = new GrowingTrainer<float>(builder, options with { NumberOfThreads = 1 }, growth).Train(data);
        GrowingResult<float> several = new GrowingTrainer<float>(builder, options with { NumberOfThreads = threads }, growth).Train(data);
        Assert.Equal(one.Network.ToBytes(), several.Network.ToBytes());
        Assert.Equal(one.Stages, several.Stages);
        Assert.True(several.Training.Threads > 1 || Environment.ProcessorCount == 1);
    }

    [Fact]
    public void AStreamOfOneBlockTeachesAsMemoryDoes()
    {
        TrainingOptions options = s_options with { Optimizer = Optimizer.Momentum(0.1) };
        var trainer = new GrowingTrainer<double>(Builder(6), options, new GrowthOptions { First = 4 });
        GrowingResult<double> inMemory = trainer.Train(s_training, s_validation);
        GrowingResult<double> streamed = trainer.Train(new SampleStream<double>(s_training), s_training.Rows, s_validation);
        Assert.Equal(inMemory.Network.ToBytes(), streamed.Network.ToBytes());
        Assert.Equal(inMemory.Stages, streamed.Stages);
    }

    [Fact]
    public void EveryOptimizerGoesOnWithTheUnitsThatWereAdded()
    {
        var growth = new GrowthOptions { First = 2, Step = 4 };
        Assert.All(
            new[]
            {
                Optimizer.Lbfgs(), Optimizer.ScaledConjugateGradient(), Optimizer.LevenbergMarquardt(), Optimizer.AdaptiveMomentum(),
                Optimizer.Adam(0.02),
            },
            optimizer =>
            {
                TrainingOptions options = s_options with { Optimizer = optimizer };
                GrowingResult<double> result = new GrowingTrainer<double>(Builder(6), options, growth).Train(s_training);
                Assert.Equal([2, 6], result.Stages.Select(stage => stage.Units));
                Assert.True(result.Stages[1].TrainingLoss < 0.9 * result.Stages[0].TrainingLoss, $"{optimizer}");
            });
    }

    [Fact]
    public void DivergenceIsSaidAndEndsGrowth()
    {
        TrainingOptions options = s_options with { Optimizer = Optimizer.GradientDescent(1e300), Epochs = 5 };
        var trainer = new GrowingTrainer<double>(
            new NetworkBuilder(2).Add(9, Activation.Linear).Add(1, Activation.Linear), options, new GrowthOptions());
        Assert.Throws<NotFiniteNumberException>(() => trainer.Train(s_training));
    }

    [Theory]
    [InlineData(0, 1, 0.01, 1, "First")]
    [InlineData(10, 1, 0.01, 1, "First")]
    [InlineData(1, 0, 0.01, 1, "Step")]
    [InlineData(1, 1, -0.01, 1, "LeastGain")]
    [InlineData(1, 1, 1.0, 1, "LeastGain")]
    [InlineData(1, 1, double.NaN, 1, "LeastGain")]
    [InlineData(1, 1, 0.01, 0, "Rounds")]
    public void FiguresOutOfRangeAreNamed(int first, int step, double gain, int rounds, string name)
    {
        var growth = new GrowthOptions { First = first, Step = step, LeastGain = gain, Rounds = rounds };
        Assert.Throws<ArgumentOutOfRangeException>(name, () => new GrowingTrainer<double>(Builder(9), s_options, growth));
    }

    [Fact]
    public void WhatCannotGrowIsRefused()
    {
        NetworkBuilder none = new NetworkBuilder(2).Add(1, Activation.Linear);
        NetworkBuilder two = new NetworkBuilder(2).Add(3, Activation.Tanh).Add(3, Activation.Tanh).Add(1, Activation.Linear);
        Assert.Contains("0 hidden layers", Assert.Throws<ArgumentException>("builder", () => Trainer(none)).Message);
        Assert.Contains("2 hidden layers", Assert.Throws<ArgumentException>("builder", () => Trainer(two)).Message);
        Assert.Contains("Checkpoint", Assert.Throws<ArgumentException>("options", () => new GrowingTrainer<double>(
            Builder(3), s_options with { Checkpoint = Checkpoint.ToFile("nowhere") })).Message);
        Assert.Throws<ArgumentException>("training", () => Trainer(Builder(3)).Train(Samples.Pairs((1, 1))));

        static GrowingTrainer<double> Trainer(NetworkBuilder builder) => new(builder, s_options);
    }

    private static NetworkBuilder Builder(int most) => new NetworkBuilder(2)
        .Add(new LayerSpec(most, Activation.Tanh) { Initializer = Initializer.NguyenWidrow }).Add(1, Activation.Linear);

    /// <summary>A function with several bends, and some noise.</summary>
    private static DataSet<double> Waves(int seed, int rows)
    {
        DataSet<double> random = Samples.Random<double>(seed, rows, inputs: 2, targets: 1);
        double[] targets = [.. Enumerable.Range(0, rows).Select(row =>
            Math.Sin(4 * random.InputRow(row)[0]) + Math.Cos(3 * random.InputRow(row)[1]) + (0.05 * random.TargetRow(row)[0]))];
        return new DataSet<double>(random.Inputs, 2, targets, 1);
    }

    private static DataSet<double> Line()
    {
        DataSet<double> random = Samples.Random<double>(1, rows: 40, inputs: 2, targets: 1);
        return new DataSet<double>(random.Inputs, 2, random.Inputs.ToArray().Where((_, i) => i % 2 == 0).ToArray(), 1);
    }
}
