using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Callbacks that fail end Fit with their error, and what one Fit is asked to do is nothing to the next.</summary>
public class CallbackTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string, int, int, long?> Failures
    {
        get
        {
            var cases = new TheoryData<string, int, int, long?>();
            foreach (string callback in new[] { "OnEpoch", "Log" })
            {
                cases.Add(callback, 1, 1, null);
                cases.Add(callback, 3, 1, null);
                cases.Add(callback, 4, 2, null);
                cases.Add(callback, 3, 8, null);
                cases.Add(callback, 2, 2, 8_000);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task AnErrorInACallbackEndsFit(string callback, int networks, int threads, long? memory)
    {
        IDataView data = TestData.Diabetes(_ml);
        var error = new TimeZoneNotFoundException("of the callback");
        bool isToFail = true;
        void Fail(bool now)
        {
            if (now && isToFail)
            {
                throw error;
            }
        }

        var options = Options(o => (o.Ensemble, o.NumberOfThreads, o.MaximumMemory) = (Ensemble.BestOf(networks), threads, memory));
        byte[] expected = _ml.Regression.Trainers.BackPropagation(options).Fit(data).Model.Network.ToBytes();
        switch (callback)
        {
            case "OnEpoch":
                options.OnEpoch = progress => Fail(progress.Epoch.Epoch == 3);
                break;
            default:
                _ml.Log += (_, message) => Fail(message.Message.Contains("poch 3:", StringComparison.Ordinal));
                break;
        }

        var trainer = _ml.Regression.Trainers.BackPropagation(options);
        Task fit = Task.Run(() => trainer.Fit(data));
        Assert.Same(error, await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => fit.WaitAsync(TimeSpan.FromMinutes(2))));

        // The trainer is as good as new.
        isToFail = false;
        Assert.Equal(expected, trainer.Fit(data).Model.Network.ToBytes());
    }

    [Fact]
    public void AStopIsForOneFitOnly()
    {
        IDataView data = TestData.Diabetes(_ml);
        bool isToStop = true;
        var trainer = _ml.Regression.Trainers.BackPropagation(Options(o => o.OnEpoch = StopIf(epoch => isToStop && epoch.Epoch == 4)));
        var stopped = trainer.Fit(data).Model;
        Assert.Equal((StopReason.StopRequested, 4), (stopped.StopReason, stopped.History.Count));
        isToStop = false;
        var whole = trainer.Fit(data).Model;
        Assert.Equal((StopReason.EpochsReached, 10), (whole.StopReason, whole.History.Count));
        Assert.Equal(_ml.Regression.Trainers.BackPropagation(Options(_ => { })).Fit(data).Model.Network.ToBytes(), whole.Network.ToBytes());
        isToStop = true;
        Assert.Equal(stopped.Network.ToBytes(), trainer.Fit(data).Model.Network.ToBytes());
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(1, 8_000)]
    public void TheNetworkCanBeReadAfterEveryEpoch(int networks, int? memory)
    {
        var seen = new Dictionary<(int Network, int Epoch), byte[]>();
        var model = _ml.Regression.Trainers.BackPropagation(Options(o =>
        {
            (o.Ensemble, o.MaximumMemory) = (networks, memory);
            o.OnEpoch = progress =>
            {
                float[] output = [float.NaN];
                progress.Network.Predict(new float[progress.Network.Inputs], output);
                Assert.True(float.IsFinite(output[0]));
                seen.Add((progress.NetworkIndex, progress.Epoch.Epoch), progress.Network.Clone().ToBytes());
            };
        })).Fit(TestData.Diabetes(_ml)).Model;
        Assert.Equal(networks * 10, seen.Count);
        Assert.Contains(seen, pair => pair.Key.Epoch == model.BestEpoch && pair.Value.AsSpan().SequenceEqual(model.Network.ToBytes()));
        Assert.Equal(10, model.History.ToCsv().Count(c => c == '\n') - 1);
    }

    [Fact]
    public void EveryFoldOfCrossValidationCallsBack()
    {
        var seen = new List<EpochRecord>();
        var trainer = _ml.Regression.Trainers.BackPropagation(Options(o =>
        {
            o.OnEpoch = progress =>
            {
                seen.Add(progress.Epoch);
                StopIf(epoch => epoch.Epoch == 3)(progress);
            };
        }));
        var pipeline = _ml.Transforms.NormalizeMinMax("Features").Append(trainer);
        EpochRecord[][] histories = [.. _ml.Regression.CrossValidate(TestData.Diabetes(_ml), pipeline, numberOfFolds: 4)
            .Select(fold => (TransformerChain<BackPropagationTransformer<BackPropagationRegressionModelParameters>>)fold.Model)
            .Select(model => model.LastTransformer.Model.History.ToArray())];
        Assert.All(histories, history => Assert.Equal(3, history.Length));
        Assert.Equal(histories.SelectMany(history => history), seen);
    }

    [Fact]
    public void FitsSideBySideDoNotStopOneAnother()
    {
        // Each has half of the patients; the one with fewer epochs of its own is told by its losses, which differ.
        DataOperationsCatalog.TrainTestData halves = _ml.Data.TrainTestSplit(TestData.Diabetes(_ml), testFraction: 0.5, seed: 1);
        IDataView[] data = [halves.TrainSet, halves.TestSet, halves.TrainSet, halves.TestSet];
        double stopAt = _ml.Regression.Trainers.BackPropagation(Options(_ => { })).Fit(data[0]).Model.History[2].TrainingLoss;
        var trainer = _ml.Regression.Trainers.BackPropagation(Options(o => o.OnEpoch = StopIf(epoch => epoch.TrainingLoss == stopAt)));
        var models = new BackPropagationRegressionModelParameters[data.Length];
        Parallel.For(0, data.Length, i => models[i] = trainer.Fit(data[i]).Model);
        Assert.Equal([3, 10, 3, 10], models.Select(model => model.History.Count));
        Assert.Equal(data.Select(view => trainer.Fit(view).Model.Network.ToBytes()), models.Select(model => model.Network.ToBytes()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void CallbacksComeOneAtATime(int threads)
    {
        int inside = 0, most = 0, calls = 0;
        var model = _ml.Regression.Trainers.BackPropagation(Options(o =>
        {
            (o.Ensemble, o.NumberOfThreads) = (4, threads);
            o.OnEpoch = _ =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                Thread.Yield();
                calls++;
                Interlocked.Decrement(ref inside);
            };
        })).Fit(TestData.Diabetes(_ml)).Model;
        Assert.Equal((1, 4 * model.History.Count), (most, calls));
    }

    private static BackPropagationRegressionTrainer.Options Options(Action<BackPropagationRegressionTrainer.Options> set)
    {
        var options =
            new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                Seed = 3,
                HiddenLayers = [8],
                NumberOfEpochs = 10,
                ValidationFraction = 0,
            };
        set(options);
        return options;
    }

    private static Action<EpochProgress<float>> StopIf(Func<EpochRecord, bool> isToStop) => progress =>
    {
        if (isToStop(progress.Epoch))
        {
            progress.Stop();
        }
    };

    /// <summary>Tells at once, on the thread that reports.</summary>
    private sealed class Told(Action<EpochRecord> tell) : IProgress<EpochRecord>
    {
        public void Report(EpochRecord value) => tell(value);
    }
}
