using System.Globalization;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Tests;

/// <summary>Whoever trains is told of every epoch, and may end the run.</summary>
public class ProgressTests
{
    /// <summary>More epochs than a stopped training reaches, yet few enough that one that does not stop ends.</summary>
    private const int ManyEpochs = 3_000;

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void OnEpochSeesEveryEpochAndMayStop()
    {
        var seen = new List<EpochProgress<float>>();
        var model = Fit(o => o.OnEpoch = progress =>
        {
            seen.Add(progress);
            if (progress.Epoch.Epoch == 4)
            {
                progress.Stop();
            }
        });
        Assert.Equal(StopReason.StopRequested, model.StopReason);
        Assert.Equal(model.History, seen.Select(progress => progress.Epoch));
        Assert.Equal(4, seen.Count);
        Assert.All(seen, progress => Assert.Equal((0, 1), (progress.NetworkIndex, progress.NumberOfNetworks)));
        Assert.Equal(model.History.MinBy(epoch => epoch.ValidationLoss)!.Epoch, model.BestEpoch);
    }

    [Fact]
    public void OneNetworkStopsAll()
    {
        var last = new int[4];
        var model = Fit(o =>
        {
            (o.Ensemble, o.NumberOfThreads) = (4, 1);
            o.OnEpoch = progress =>
            {
                last[progress.NetworkIndex] = progress.Epoch.Epoch;
                if (progress is { NetworkIndex: 1, Epoch.Epoch: 3 })
                {
                    progress.Stop();
                }
            };
        });

        // One after another: the first goes to its end, and those behind the second have one epoch.
        Assert.True(last[0] > 3);
        Assert.Equal([3, 1, 1], last[1..]);
        Assert.Equal(4, model.Ensemble!.Networks.Count);
    }

    [Fact]
    public void ProgressIsReportedAndLogged()
    {
        var seen = new List<EpochRecord>();
        var logged = new List<LoggingEventArgs>();
        _ml.Log += (_, message) => logged.Add(message);
        var model = Fit(o => (o.OnEpoch, o.NumberOfEpochs) = (progress => seen.Add(progress.Epoch), 5));
        Assert.Equal(model.History, seen);
        foreach (EpochRecord epoch in model.History)
        {
            string expected = string.Create(
                CultureInfo.InvariantCulture,
                $"Epoch {epoch.Epoch}: training loss {epoch.TrainingLoss:G6}, validation loss {epoch.ValidationLoss:G6}, " +
                $"learning rate {epoch.LearningRate:G4}, {epoch.Seconds:F3} s.");
            LoggingEventArgs line = Assert.Single(logged, message => message.Message.EndsWith(expected, StringComparison.Ordinal));
            Assert.Equal(ChannelMessageKind.Trace, line.Kind);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void EveryEpochOfEveryNetworkIsReportedAndLogged(int threads)
    {
        var seen = new List<EpochProgress<float>>();
        var logged = new List<string>();
        _ml.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Trace && message.Message.Contains("training loss", StringComparison.Ordinal))
            {
                logged.Add(message.Message);
            }
        };
        Fit(o =>
        {
            (o.Ensemble, o.NumberOfThreads, o.NumberOfEpochs, o.ValidationFraction) = (Ensemble.BestOf(3), threads, 4, 0);
            o.OnEpoch = seen.Add;
        });
        Assert.Equal(
            Enumerable.Range(0, 3).SelectMany(network => Enumerable.Range(1, 4).Select(epoch => (network, epoch))),
            seen.Select(progress => (progress.NetworkIndex, progress.Epoch.Epoch)).Order());
        Assert.Equal(seen.Count, logged.Count);
        Assert.All(seen.Zip(logged), pair => Assert.Contains(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Network {pair.First.NetworkIndex + 1}, epoch {pair.First.Epoch.Epoch}: " +
                $"training loss {pair.First.Epoch.TrainingLoss:G6}, validation loss none, learning rate"),
            pair.Second,
            StringComparison.Ordinal));
    }

    [Fact]
    public void AStopReachesNetworksOnOtherThreadsWithinAnEpoch()
    {
        NetworkEnsemble<float> Train(int epochs, Action<EpochProgress<float>>? onEpoch) => Fit(o =>
        {
            (o.Ensemble, o.NumberOfThreads, o.ValidationFraction) = (4, 4, 0);
            (o.NumberOfEpochs, o.OnEpoch, o.Schedule) = (epochs, onEpoch, LearningRateSchedule.Constant);
        }).Ensemble!;

        int[] last = new int[4], afterStop = new int[4];
        bool isStopped = false;
        NetworkEnsemble<float> stopped = Train(ManyEpochs, progress =>
        {
            last[progress.NetworkIndex] = progress.Epoch.Epoch;
            afterStop[progress.NetworkIndex] += isStopped ? 1 : 0;
            if (progress is { NetworkIndex: 2, Epoch.Epoch: 3 })
            {
                progress.Stop();
                isStopped = true;
            }
        });
        Assert.All(afterStop, epochs => Assert.InRange(epochs, 0, 1));
        Assert.Equal((3, 0), (last[2], afterStop[2]));
        for (int k = 0; k < 4; k++)
        {
            Assert.Equal(Train(last[k], onEpoch: null).Networks[k].ToBytes(), stopped.Networks[k].ToBytes());
        }
    }

    private BackPropagationRegressionModelParameters Fit(Action<BackPropagationRegressionTrainer.Options> set)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { Seed = 3 };
        set(options);
        return _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml)).Model;
    }
}
