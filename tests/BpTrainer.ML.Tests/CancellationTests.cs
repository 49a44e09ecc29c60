using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Tests;

/// <summary>A token ends Fit within one batch, with the best model of whole epochs so far, or an exception by option.</summary>
public sealed class CancellationTests : IDisposable
{
    /// <summary>Room for a block of about 150 of the 442 patients.</summary>
    private const long LittleMemory = 8_000;

    /// <summary>The engine looks at the token each time it has read this many rows of a stream.</summary>
    private const int RowsAtOnce = 32;

    /// <summary>More epochs than a cancelled training reaches, yet few enough that one that is not cancelled ends.</summary>
    private const int ManyEpochs = 3_000;

    private readonly MLContext _ml = new(seed: 1);
    private readonly CancellationTokenSource _source = new();

    private static readonly Dictionary<string, Action<BackPropagationOptions>> s_optimizers = new()
    {
        ["adam"] = o => o.Optimizer = Optimizer.Adam(),
        ["resilient"] = o => o.Optimizer = Optimizer.ResilientMinus(),
        ["l-bfgs"] = o => o.Optimizer = Optimizer.Lbfgs(),
        ["scaled-conjugate-gradient"] = o => o.Optimizer = Optimizer.ScaledConjugateGradient(),
        ["levenberg-marquardt"] = o => o.Optimizer = Optimizer.LevenbergMarquardt(),
        ["bayesian-regularization"] = o => o.Optimizer = Optimizer.BayesianRegularization(),
        ["adaptive rate"] = o => o.Optimizer = Optimizer.AdaptiveMomentum(),
        ["averaged weights"] = o => o.Averaging = WeightAveraging.Exponential(0.9),
        ["dropout"] = o => o.Regularization = new() { HiddenDropout = [0.2] },
    };

    public static TheoryData<string> Optimizers => [.. s_optimizers.Keys];

    public void Dispose() => _source.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(LittleMemory)]
    public void CancellingAfterAnEpochGivesTheModelOfTheBest(long? memory)
    {
        IDataView data = TestData.Diabetes(_ml);
        var rise = new Rise();
        var cancelled = Fit(
            data, memory, o => (o.CancellationToken, o.OnEpoch) = (_source.Token, progress => CancelIf(rise.IsOver(progress.Epoch))));
        AssertBestOfWholeEpochs(cancelled, epochs => Fit(data, memory, o => o.NumberOfEpochs = epochs));
    }

    [Fact]
    public void CancellingInAnEpochGivesTheModelOfTheBestBefore()
    {
        // The rows are streamed, so that the source of the data sees how far an epoch has come; no step is in between, which would read
        // ahead.
        var rise = new Rise();
        var watch = new Watch(this, at: 200);
        BackPropagationRegressionModelParameters Train(IDataView data, Action<BackPropagationRegressionTrainer.Options> set) =>
            _ml.Regression.Trainers.BackPropagation(Options(LittleMemory, set)).Fit(data).Model;
        var cancelled = Train(watch.Rows(Patients()), o =>
            (o.CancellationToken, o.OnEpoch) = (_source.Token, progress => watch.IsOn = rise.IsOver(progress.Epoch)));
        Assert.InRange(watch.ReadAfter, 0, RowsAtOnce);
        AssertBestOfWholeEpochs(cancelled, epochs => Train(_ml.Data.LoadFromEnumerable(Patients()), o => o.NumberOfEpochs = epochs));
    }

    [Fact]
    public void CancellingWhileAStepReadsAheadGivesTheModelOfTheBestBefore()
    {
        // The step before the trainer reads on threads of its own, so that the token comes anywhere in the epoch, but never behind its last
        // row.
        var rise = new Rise();
        var watch = new Watch(this, at: 200);
        var cancelled = Fit(watch.Rows(Patients()), LittleMemory, o =>
            (o.CancellationToken, o.OnEpoch) = (_source.Token, progress => watch.IsOn = rise.IsOver(progress.Epoch)));
        AssertBestOfWholeEpochs(
            cancelled, epochs => Fit(_ml.Data.LoadFromEnumerable(Patients()), LittleMemory, o => o.NumberOfEpochs = epochs));
    }

    [Fact]
    public void InMemoryAnEpochThatIsCutOffLeavesNothing()
    {
        // An epoch takes some tenths of a second, so that the token comes in the middle of one, whichever it is. That the current batch is
        // then the
        // last, a test of the engine shows, which counts them.
        IDataView data = TestData.Diabetes(_ml);
        BackPropagationRegressionModelParameters Train(Action<BackPropagationOptions> end) => Fit(data, memory: null, o =>
        {
            (
                o.HiddenLayers,
                o.FeatureEncoding,
                o.BatchSize,
                o.ValidationFraction,
                o.NumberOfThreads,
                o.Optimizer) = (
                    HiddenLayers.Of(Activation.Tanh, 1000, 1000), FeatureEncoding.None, 1, 0, 1, Optimizer.Momentum(1e-4));
            o.Regularization = new();
            end(o);
        });
        BackPropagationRegressionModelParameters cancelled = Train(o =>
            (o.CancellationToken, o.OnEpoch) = (_source.Token, progress => CancelInAWhile(progress.Epoch.Epoch == 2)));
        Assert.Equal((StopReason.Cancelled, cancelled.History.Count), (cancelled.StopReason, cancelled.BestEpoch));
        BackPropagationRegressionModelParameters whole = Train(o => o.NumberOfEpochs = cancelled.History.Count);
        Assert.Equal(whole.Network.ToBytes(), cancelled.Network.ToBytes());
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void EveryOptimizerIsCutOffBetweenEpochs(string optimizer)
    {
        IDataView data = TestData.Diabetes(_ml);
        BackPropagationRegressionModelParameters Train(Action<BackPropagationOptions> end) => Fit(data, memory: null, o =>
        {
            (o.HiddenLayers, o.BatchSize, o.Optimizer) = ([6], null, Optimizer.Momentum());
            s_optimizers[optimizer](o);
            end(o);
        });
        BackPropagationRegressionModelParameters cancelled = Train(o =>
            (o.CancellationToken, o.OnEpoch) = (_source.Token, progress => CancelIf(progress.Epoch.Epoch == 5)));
        BackPropagationRegressionModelParameters whole = Train(o => o.NumberOfEpochs = 5);
        Assert.Equal((StopReason.Cancelled, StopReason.EpochsReached), (cancelled.StopReason, whole.StopReason));
        Assert.Equal((5, whole.BestEpoch), (cancelled.History.Count, cancelled.BestEpoch));
        Assert.Equal(whole.Network.ToBytes(), cancelled.Network.ToBytes());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheModelSaysThatItWasCancelled(bool isBetweenEpochs)
    {
        var watch = new Watch(this, at: 200);
        BackPropagationRegressionModelParameters model = Fit(watch.Rows(Patients()), LittleMemory, o =>
        {
            o.CancellationToken = _source.Token;
            o.OnEpoch = progress =>
            {
                watch.IsOn = progress.Epoch.Epoch == 3;
                CancelIf(isBetweenEpochs && progress.Epoch.Epoch == 3);
            };
        });
        Assert.Equal((StopReason.Cancelled, 3), (model.StopReason, model.History.Count));
        Assert.Contains(model.Warnings, warning => warning.Text.Contains("after 3 epochs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(LittleMemory)]
    public void ATokenCancelledBeforeThrowsAtTheFirstRow(long? memory)
    {
        _source.Cancel();
        var watch = new Watch(this, at: 0) { IsOn = true };
        var trainer = _ml.Regression.Trainers.BackPropagation(Options(memory, o =>
            (o.CancellationToken, o.OnEpoch) = (_source.Token, _ => Assert.Fail("an epoch"))));
        var error = Assert.Throws<OperationCanceledException>(() => trainer.Fit(watch.Rows(Patients())));
        Assert.Equal(_source.Token, error.CancellationToken);
        Assert.InRange(watch.ReadAfter, 0, 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CancellingWhileRowsAreReadIntoMemoryThrows(bool isValidation)
    {
        var watch = new Watch(this, at: 100) { IsOn = true };
        IDataView watched = watch.Rows(Patients()), other = TestData.Diabetes(_ml);
        var trainer = _ml.Regression.Trainers.BackPropagation(Options(memory: null, o =>
            (o.CancellationToken, o.ValidationData) = (_source.Token, isValidation ? watched : null)));
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(isValidation ? other : watched));
        Assert.InRange(watch.ReadAfter, 0, 2);
    }

    [Fact]
    public void SeveralNetworksAtOnceEachKeepTheirLastWholeEpoch()
    {
        // Each on a thread of its own: one cancels behind an epoch, the other is wherever it is.
        IDataView data = TestData.Diabetes(_ml);
        NetworkEnsemble<float> Train(int epochs, Action<EpochProgress<float>>? onEpoch) => Fit(data, memory: null, o =>
        {
            (o.Ensemble, o.NumberOfThreads, o.ValidationFraction) = (2, 2, 0);
            (o.NumberOfEpochs, o.OnEpoch, o.CancellationToken) = (epochs, onEpoch, onEpoch is null ? default : _source.Token);
        }).Ensemble!;

        var last = new int[2];
        NetworkEnsemble<float> cancelled = Train(ManyEpochs, progress =>
        {
            last[progress.NetworkIndex] = progress.Epoch.Epoch;
            CancelIf(last.Min() >= 3);
        });
        for (int k = 0; k < 2; k++)
        {
            Assert.Equal(Train(last[k], onEpoch: null).Networks[k].ToBytes(), cancelled.Networks[k].ToBytes());
        }
    }

    [Fact]
    public void NetworksWithoutAnEpochAreLeftOutOfTheEnsemble()
    {
        // One after another: the first is ready, the second is cut off, the third never begins.
        var warnings = new List<string>();
        _ml.Log += (_, message) => warnings.AddRange(message.Kind == ChannelMessageKind.Warning ? [message.Message] : []);
        NetworkEnsemble<float> cancelled = FitThree().Ensemble!;
        Assert.Contains(warnings, message => message.Contains("2 of 3 networks were cancelled", StringComparison.Ordinal));
        NetworkEnsemble<float> Whole(int epochs) => Fit(TestData.Diabetes(_ml), memory: null, o =>
            (o.Ensemble, o.NumberOfEpochs, o.ValidationFraction) = (3, epochs, 0)).Ensemble!;
        Assert.Equal(
            [Whole(6).Networks[0].ToBytes(), Whole(2).Networks[1].ToBytes()], cancelled.Networks.Select(network => network.ToBytes()));
    }

    [Fact]
    public void TheModelSaysThatOtherNetworksWereCancelledThoughTheBestWasReady()
    {
        BackPropagationRegressionModelParameters model = FitThree();
        Assert.Equal(StopReason.EpochsReached, model.StopReason);
        Assert.Contains(model.Warnings, warning => warning.Text.Contains("2 of 3 networks", StringComparison.Ordinal));
    }

    private void CancelInAWhile(bool now)
    {
        if (now)
        {
            _source.CancelAfter(TimeSpan.FromMilliseconds(30));
        }
    }

    private void CancelIf(bool now)
    {
        if (now)
        {
            _source.Cancel();
        }
    }

    /// <summary>The history ends where it was cut off, and the model is what as many, or as few, epochs would have made.</summary>
    private static void AssertBestOfWholeEpochs(
        BackPropagationRegressionModelParameters cancelled, Func<int, BackPropagationRegressionModelParameters> fit)
    {
        Assert.Equal(StopReason.Cancelled, cancelled.StopReason);
        Assert.Equal(cancelled.History.MinBy(epoch => epoch.ValidationLoss)!.Epoch, cancelled.BestEpoch);
        Assert.True(cancelled.BestEpoch < cancelled.History.Count);
        BackPropagationRegressionModelParameters whole = fit(cancelled.History.Count);
        Assert.Equal(
            whole.History.Select(epoch => epoch with { Seconds = 0 }), cancelled.History.Select(epoch => epoch with { Seconds = 0 }));
        Assert.Equal(whole.Network.ToBytes(), cancelled.Network.ToBytes());
        Assert.Equal(fit(cancelled.BestEpoch).Network.ToBytes(), cancelled.Network.ToBytes());
    }

    private BackPropagationRegressionModelParameters FitThree() => Fit(TestData.Diabetes(_ml), memory: null, o =>
    {
        (o.Ensemble, o.NumberOfThreads, o.NumberOfEpochs, o.ValidationFraction) = (3, 1, 6, 0);
        o.CancellationToken = _source.Token;
        o.OnEpoch = progress => CancelIf(progress is { NetworkIndex: 1, Epoch.Epoch: 2 });
    });

    private BackPropagationRegressionModelParameters Fit(
        IDataView data, long? memory, Action<BackPropagationRegressionTrainer.Options> set) =>
        _ml.Transforms.NormalizeMinMax("Features").Append(
            _ml.Regression.Trainers.BackPropagation(Options(memory, set))).Fit(data).LastTransformer.Model;

    private static BackPropagationRegressionTrainer.Options Options(long? memory, Action<BackPropagationRegressionTrainer.Options> set)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            Seed = 3,
            BatchSize = 16,
            Optimizer = Optimizer.Momentum(0.05),

            // The default falls along a cosine, which depends on the number of epochs.
            Schedule = LearningRateSchedule.Constant,
            ValidationFraction = 0.25,
            MaximumMemory = memory,
        };
        set(options);
        return options;
    }

    private IEnumerable<Patient> Patients()
    {
        IDataView data = TestData.Diabetes(_ml);
        float[] labels = data.Values<float>("Label");
        return data.Values<VBuffer<float>>("Features").Select(
            (features, row) => new Patient { Features = [.. features.DenseValues()], Label = labels[row] });
    }

    /// <summary>Sees when the validation loss has risen, so that the last epoch is not the best.</summary>
    private sealed class Rise
    {
        private double _lowest = double.PositiveInfinity;

        public bool IsOver(EpochRecord epoch)
        {
            bool isRise = epoch.Epoch > 3 && epoch.ValidationLoss > _lowest;
            _lowest = Math.Min(_lowest, epoch.ValidationLoss!.Value);
            return isRise;
        }
    }

    /// <summary>Cancels when a number of rows of a pass have been read, and counts those read after that.</summary>
    private sealed class Watch(CancellationTests test, int at)
    {
        public bool IsOn { get; set; }

        public int ReadAfter { get; private set; }

        public IDataView Rows(IEnumerable<Patient> rows) => test._ml.Data.LoadFromEnumerable(Read(rows));

        private IEnumerable<Patient> Read(IEnumerable<Patient> rows)
        {
            int read = 0;
            foreach (Patient row in rows)
            {
                ReadAfter += test._source.IsCancellationRequested ? 1 : 0;
                test.CancelIf(IsOn && read++ >= at);
                yield return row;
            }
        }
    }

    private sealed class Patient
    {
        [VectorType(TestData.DiabetesFeatures)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
