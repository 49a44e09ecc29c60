using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Whoever trains is told of every epoch, and may end the run.</summary>
public class ProgressTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void OnEpochSeesEveryEpochAndMayStop()
    {
        var seen = new List<EpochProgress>();
        var model = Fit(o => o.OnEpoch = progress =>
        {
            seen.Add(progress);
            progress.Stop = progress.Epoch.Epoch == 4;
        });
        Assert.Equal(StopReason.StopRequested, model.StopReason);
        Assert.Equal(model.History, seen.Select(progress => progress.Epoch));
        Assert.Equal(4, seen.Count);
        Assert.All(seen, progress => Assert.Equal((0, 1), (progress.Network, progress.NumberOfNetworks)));
        Assert.Equal(model.History.MinBy(epoch => epoch.ValidationLoss)!.Epoch, model.BestEpoch);
    }

    [Fact]
    public void OneNetworkStopsAll()
    {
        var last = new int[4];
        var model = Fit(o =>
        {
            (o.NumberOfNetworks, o.AverageNetworks, o.NumberOfThreads) = (4, true, 1);
            o.OnEpoch = progress =>
            {
                last[progress.Network] = progress.Epoch.Epoch;
                progress.Stop = progress is { Network: 1, Epoch.Epoch: 3 };
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
        var reports = new Reports();
        var logged = new List<string>();
        _ml.Log += (_, message) => logged.Add(message.Message);
        var model = Fit(o => (o.Progress, o.NumberOfEpochs) = (reports, 5));
        Assert.Equal(model.History, reports.Epochs);
        foreach (EpochRecord epoch in model.History)
        {
            string expected = FormattableString.Invariant(
                $"Epoch {epoch.Epoch}: training loss {epoch.TrainingLoss:G6}, validation loss {epoch.ValidationLoss:G6}, learning rate {epoch.LearningRate:G4}, {epoch.Seconds:F3} s.");
            Assert.Single(logged, message => message == expected || message.EndsWith(expected, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void CancellingThrowsByOption()
    {
        using var source = new CancellationTokenSource();
        var error = Assert.Throws<OperationCanceledException>(() => Fit(o =>
        {
            (o.CancellationToken, o.ThrowOnCancellation) = (source.Token, true);
            o.OnEpoch = progress => Cancel(source, progress.Epoch.Epoch == 3);
        }));
        Assert.Contains("after 3 whole epochs", error.Message, StringComparison.Ordinal);
        Assert.Equal(source.Token, error.CancellationToken);
    }

    [Fact]
    public void CancellingAnEpochKeepsTheBestModelOfTheEpochsBefore()
    {
        // The rows are streamed, so that the source of the data sees how far an epoch has come: the third is cut off in its middle.
        const int Rows = 2_000;
        using var source = new CancellationTokenSource();
        int read = 0, cancelledAt = int.MaxValue;
        bool counts = false;
        IEnumerable<Row> Stream()
        {
            for (int i = 0; i < Rows; i++)
            {
                read++;
                if (counts && read == Rows / 2)
                {
                    cancelledAt = read;
                    source.Cancel();
                }

                yield return new Row { Features = [i % 7, i % 11], Label = i % 7 };
            }
        }

        var options = new BackPropagationRegressionTrainer.Options
        {
            Seed = 1,
            BatchSize = 20,
            ValidationFraction = 0,
            MaximumMemory = 100 * 24,
            CancellationToken = source.Token,
            OnEpoch = progress => (counts, read) = (progress.Epoch.Epoch == 2, 0),
        };
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(_ml.Data.LoadFromEnumerable(Stream())).Model;
        Assert.Equal(StopReason.Cancelled, model.StopReason);
        Assert.Equal(2, model.History.Count);
        Assert.Equal(2, model.BestEpoch);
        Assert.Equal(Rows / 2, cancelledAt);

        // No more than the block at hand was read after that.
        Assert.InRange(read, cancelledAt, cancelledAt + 100);
    }

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now)
        {
            source.Cancel();
        }
    }

    private BackPropagationRegressionModelParameters Fit(Action<BackPropagationRegressionTrainer.Options> set)
    {
        var options = new BackPropagationRegressionTrainer.Options { Seed = 3 };
        set(options);
        return _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml)).Model;
    }

    private sealed class Reports : IProgress<EpochRecord>
    {
        public List<EpochRecord> Epochs { get; } = [];

        public void Report(EpochRecord value) => Epochs.Add(value);
    }

    private sealed class Row
    {
        public float Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
