using BpTrainer.Ensembles;
using BpTrainer.Tests.Checkpoints;
using BpTrainer.Tests.Files;
using BpTrainer.Training;

namespace BpTrainer.Tests.Optimizers;

/// <summary>The optimizer state can be saved, for another training to continue with.</summary>
public class OptimizerStateTests
{
    private static readonly DataSet<float> s_training = Samples.Random<float>(1, rows: 40, inputs: 5, targets: 2);
    private static readonly DataSet<float> s_validation = Samples.Random<float>(2, rows: 15, inputs: 5, targets: 2);

    /// <summary>Every optimizer that keeps a state, with the size of a batch.</summary>
    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (Optimizer optimizer in EveryOptimizer.All.Where(optimizer => optimizer.KeepsState))
            {
                cases.Add(optimizer.Name, TrainingOptions.FullBatch);
                if (!optimizer.IsFullBatchOnly)
                {
                    cases.Add(optimizer.Name, 8);
                    cases.Add(optimizer.Name, 1);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TwoHalvesAreTheWhole(string optimizer, int batchSize)
    {
        TrainingOptions options = Options(optimizer, batchSize, epochs: 4);
        Network<float> whole = Start();
        whole.Train(options with { Epochs = 8 }, s_training);

        Network<float> network = Start();
        var first = new NetworkTrainer<float>(network, options);
        OptimizerState state = SaveAndLoad(first.Train(s_training).OptimizerState!);
        new NetworkTrainer<float>(network, options, state).Train(s_training);
        Assert.Equal(whole.ToBytes(), network.ToBytes());
    }

    [Fact]
    public void ItMatters()
    {
        TrainingOptions options = Options("momentum", batchSize: 8, epochs: 4);
        Network<float> with = Start(), without = Start();
        OptimizerState? state = new NetworkTrainer<float>(with, options).Train(s_training).OptimizerState;
        new NetworkTrainer<float>(with, options, state).Train(s_training);
        without.Train(options, s_training);
        without.Train(options, s_training);
        Assert.NotEqual(without.ToBytes(), with.ToBytes());
    }

    [Fact]
    public void ItIsThatOfTheWeightsWhichTheNetworkIsLeftWith()
    {
        // The validation set is other noise, so that its loss soon rises.
        TrainingOptions options =
            Options("adam", batchSize: 8, epochs: 60) with { Optimizer = Optimizer.Adam(0.02), EarlyStoppingRounds = 10 };
        Network<float> stopped = Start(), straight = Start();
        var trainer = new NetworkTrainer<float>(stopped, options);
        TrainingResult result = trainer.Train(s_training, s_validation);
        Assert.InRange(result.BestEpoch, 1, result.History.Count - 1);

        var same = new NetworkTrainer<float>(straight, options with { Epochs = result.BestEpoch });
        TrainingResult sameResult = same.Train(s_training);
        Assert.Equal(straight.ToBytes(), stopped.ToBytes());
        Assert.Equal(Bytes(sameResult.OptimizerState!), Bytes(result.OptimizerState!));
    }

    [Fact]
    public void ACheckpointHoldsIt()
    {
        var checkpoints = new List<MemoryStream>();
        TrainingOptions options =
            Options("adam", batchSize: 8, epochs: 60) with { Optimizer = Optimizer.Adam(0.02), EarlyStoppingRounds = 10 };
        var whole = new NetworkTrainer<float>(Start(), options);
        TrainingResult expected = whole.Train(s_training, s_validation);
        int best = expected.BestEpoch;

        // The checkpoint comes after the best epoch, whose state is then nowhere else.
        Start().Train(options with { Checkpoint = ResumeTests.Into(checkpoints, every: best + 2) }, s_training, s_validation);
        var resumed = new NetworkTrainer<float>(Start(seed: 8), options);
        TrainingResult actual = resumed.Resume(ResumeTests.Copy(checkpoints[^1]), s_training, s_validation);
        Assert.Equal(Bytes(expected.OptimizerState!), Bytes(actual.OptimizerState!));

        var error = Assert.Throws<ArgumentException>(
            () => new NetworkTrainer<float>(Start(), options with { KeepOptimizerState = false })
                .Resume(ResumeTests.Copy(checkpoints[^1]), s_training, s_validation));
        Assert.Contains("KeepOptimizerState was True, but is False now", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThatWhichIsGoneOnFromStaysAsItWas()
    {
        TrainingOptions options = Options("adam", batchSize: 8, epochs: 3);
        var first = new NetworkTrainer<float>(Start(), options);
        OptimizerState state = first.Train(s_training).OptimizerState!;
        byte[] before = Bytes(state);
        var second = new NetworkTrainer<float>(Start(), options, state);
        Assert.NotEqual(before, Bytes(second.Train(s_training).OptimizerState!));
        Assert.Equal(before, Bytes(state));
    }

    [Fact]
    public void WithoutTheOptionThereIsNone()
    {
        var trainer = new NetworkTrainer<float>(Start(), Options("momentum", batchSize: 8, epochs: 2) with { KeepOptimizerState = false });
        Assert.Null(trainer.Train(s_training).OptimizerState);
    }

    [Fact]
    public void AdamAndAdamWShareItAndOtherFiguresMayFollow()
    {
        var trainer = new NetworkTrainer<float>(Start(), Options("adamw", batchSize: 8, epochs: 2));
        OptimizerState state = trainer.Train(s_training).OptimizerState!;
        Assert.Equal("adam", state.Optimizer);
        Assert.True(state.Fits(Optimizer.Adam(beta1: 0.8)));
        Assert.True(state.Fits(Optimizer.AdamW()));
        Assert.False(state.Fits(Optimizer.Nadam()));
    }

    [Theory]
    [InlineData(AdaptiveMomentumRule.Textbook)]
    [InlineData(AdaptiveMomentumRule.MatlabCode)]
    [InlineData(AdaptiveMomentumRule.MatlabHelp)]
    public void ThatOfAnotherRuleOfMomentumIsRefused(AdaptiveMomentumRule rule)
    {
        Optimizer optimizer = Optimizer.AdaptiveMomentum(rule: rule);
        OptimizerState state = new NetworkTrainer<float>(Start(), Options(optimizer.Name, batchSize: 8, epochs: 2))
            .Train(s_training).OptimizerState!;
        foreach (AdaptiveMomentumRule other in Enum.GetValues<AdaptiveMomentumRule>())
        {
            Assert.Equal(rule == other, state.Fits(Optimizer.AdaptiveMomentum(momentum: 0.5, rule: other)));
        }
    }

    [Fact]
    public void ThatOfAnotherOptimizerOrNetworkIsRefused()
    {
        var trainer = new NetworkTrainer<float>(Start(), Options("momentum", batchSize: 8, epochs: 2));
        OptimizerState state = trainer.Train(s_training).OptimizerState!;
        var error = Assert.Throws<ArgumentException>(
            () => new NetworkTrainer<float>(Start(), Options("adam", 8, 2), state).Train(s_training));
        Assert.Contains("of the optimizer momentum, but the optimizer is adam", error.Message, StringComparison.Ordinal);

        Network<float> wider = new NetworkBuilder(5).Add(40, Activation.Tanh).Add(2, Activation.Linear).Build<float>(1);
        error = Assert.Throws<ArgumentException>(
            () => new NetworkTrainer<float>(wider, Options("momentum", 8, 2), state).Train(s_training));
        Assert.Contains("a network with another shape", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("l-bfgs")]
    [InlineData("levenberg-marquardt")]
    public void AnOptimizerWithoutOneSaysSo(string optimizer)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Options(optimizer, TrainingOptions.FullBatch, 2).Validate());
        Assert.Contains(
            $"KeepOptimizerState is True, but must be false with the optimizer {optimizer}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralNetworksGoOnEachWithItsOwn()
    {
        TrainingOptions options = Options("momentum", batchSize: 8, epochs: 3);
        var builder = new NetworkBuilder(5).Add(6, Activation.Tanh).Add(2, Activation.Linear);
        EnsembleResult<float> first = new EnsembleTrainer<float>(builder, options, 3).Run(s_training);
        EnsembleResult<float> second = new EnsembleTrainer<float>(
            [.. first.Members.Select(run => run.Network)],
            options,
            [.. first.Members.Select(run => run.Result.OptimizerState)]).Run(s_training);
        EnsembleResult<float> whole = new EnsembleTrainer<float>(builder, options with { Epochs = 6 }, 3).Run(s_training);
        Assert.Equal(whole.Members.Select(run => run.Network.ToBytes()), second.Members.Select(run => run.Network.ToBytes()));
        Assert.Throws<ArgumentException>("states", () => new EnsembleTrainer<float>([Start()], options, [null, null]));

        // What is wrong is said before the threads begin.
        var error = Assert.Throws<ArgumentException>(
            () => new EnsembleTrainer<float>([Start()], options with { Optimizer = Optimizer.Adam() }, [first.Best.Result.OptimizerState]));
        Assert.Contains("of the optimizer momentum, but the optimizer is adam", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheAccountOfMemoryHasIt()
    {
        TrainingOptions options = Options("adam", batchSize: 8, epochs: 3);
        long kept = TrainingMemory.Of<float>(Start().Layouts, options, 40, 0).Optimizer;

        // Two copies: at the best epoch, and at the last one while its loss is not known.
        Assert.Equal(kept, 3 * TrainingMemory.Of<float>(Start().Layouts, options with { KeepOptimizerState = false }, 40, 0).Optimizer);
    }

    [Fact]
    public void ADamagedFileIsRefused()
    {
        var trainer = new NetworkTrainer<float>(Start(), Options("adam", batchSize: 8, epochs: 2));
        byte[] file = Bytes(trainer.Train(s_training).OptimizerState!);
        for (int i = 0; i < file.Length; i += 5)
        {
            Assert.Throws<InvalidDataException>(() => Load([.. file[..i]]));
            byte[] changed = [.. file];
            changed[i] ^= 0x41;
            Assert.Throws<InvalidDataException>(() => Load(changed));
        }

        Assert.Throws<InvalidDataException>(() => OptimizerState.Load<double>(new MemoryStream(file)));

        // A body that makes no sense, with the right checksum: refused or read, but no other error.
        (int start, int length) = Examples.Body(file).GetOffsetAndLength(file.Length);
        for (int i = start; i < start + Math.Min(length, 60); i++)
        {
            byte[] changed = [.. file];
            changed[i] ^= 0xFF;
            try
            {
                Load(Examples.Reseal(changed));
            }
            catch (InvalidDataException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    private static TrainingOptions Options(string optimizer, int batchSize, int epochs) => new()
    {
        Optimizer = EveryOptimizer.Of(optimizer),
        BatchSize = batchSize,
        Epochs = epochs,
        Shuffle = false,
        KeepOptimizerState = true,
    };

    private static Network<float> Start(int seed = 7) =>
        Networks.Random<float>(seed, 5, new LayerSpec(6, Activation.Tanh), new LayerSpec(2, Activation.Linear));

    private static OptimizerState SaveAndLoad(OptimizerState state) => Load(Bytes(state));

    private static OptimizerState Load(byte[] file) => OptimizerState.Load<float>(new MemoryStream(file));

    private static byte[] Bytes(OptimizerState state)
    {
        using var stream = new MemoryStream();
        state.Save(stream);
        return stream.ToArray();
    }
}
