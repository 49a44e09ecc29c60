using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Models and trainers may be used by many threads at once.</summary>
public class ConcurrencyTests
{
    private const int Threads = 16;

    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [MemberData(nameof(TaskCase.EveryModel), MemberType = typeof(TaskCase))]
    public async Task SixteenThreadsScoreAModelWhileAnotherIsTrained(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        IEstimator<ITransformer> trainer = task.Ours(_ml);
        ITransformer model = trainer.Fit(data);
        float[][] expected = model.Transform(data).Scores();
        int left = Threads;
        Task training = OnThread(() =>
        {
            do
            {
                DataViews.AssertSameBits(expected, trainer.Fit(data).Transform(data).Scores());
            }
            while (Volatile.Read(ref left) > 0);
        });
        Task[] scoring = Enumerable.Range(0, Threads).Select(thread => OnThread(() =>
        {
            try
            {
                for (int pass = 0; pass < 5; pass++)
                {
                    DataViews.AssertSameBits(expected, model.Transform(data).Scores());
                    DataViews.AssertClose(expected, DataViews.SingleRowScores(model, data), 1e-4);
                }
            }
            finally
            {
                Interlocked.Decrement(ref left);
            }
        })).ToArray();
        await Task.WhenAll([training, .. scoring]);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(null, 3)]
    [InlineData(6_000L, 1)]
    public async Task OneTrainerFittedSixteenTimesAtOnceGivesSixteenEqualModels(long? memory, int networks)
    {
        IDataView data = TestData.Diabetes(_ml);
        BackPropagationRegressionTrainer trainer = _ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                NumberOfEpochs = 5,
                MaximumMemory = memory,
                Ensemble = Ensemble.BestOf(networks),
            });
        BackPropagationTransformer<BackPropagationRegressionModelParameters>[] models =
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => OnThread(() => trainer.Fit(data))));
        byte[] expected = trainer.Fit(data).Model.Network.ToBytes();
        Assert.All(models, model => Assert.Equal(expected, model.Model.Network.ToBytes()));
    }

    [Fact]
    public async Task AHundredFitsCancelledAnywhereEndWithTheBestModelOrSaySo() =>
        await OnThread(CancelAnywhere).WaitAsync(TimeSpan.FromMinutes(2));

    private void CancelAnywhere()
    {
        var random = new Random(3);
        int models = 0;
        for (int fit = 0; fit < 100; fit++)
        {
            using var source = new CancellationTokenSource();
            int read = random.Next(600), epoch = random.Next(1, 20), reads = 0, epochs = 0;
            int kind = fit % 3;
            Thread? other = kind > 0 ? null : new Thread(() =>
            {
                SpinWait.SpinUntil(() => Volatile.Read(ref epochs) >= epoch);
                source.Cancel();
            });
            IDataView data = _ml.Data.LoadFromEnumerable(Rows());
            BackPropagationRegressionTrainer trainer = _ml.Regression.Trainers.BackPropagation(
                new BackPropagationRegressionTrainer.Options(Preset.Fast)
                {
                    NumberOfEpochs = 30,
                    MaximumMemory = fit % 2 == 0 ? null : 2_000,
                    Ensemble = Ensemble.BestOf(random.Next(1, 3)),
                    CancellationToken = source.Token,
                    OnEpoch = OnEpoch,
                });
            other?.Start();
            try
            {
                BackPropagationRegressionModelParameters model = trainer.Fit(data).Model;
                models++;
                Assert.InRange(model.BestEpoch, 1, model.History.Count);
                Assert.All(model.History, epoch => Assert.False(epoch.ValidationLoss < model.History[model.BestEpoch - 1].ValidationLoss));
            }
            catch (OperationCanceledException error)
            {
                Assert.Equal(source.Token, error.CancellationToken);
            }
            finally
            {
                Volatile.Write(ref epochs, int.MaxValue);
                other?.Join();
            }

            void OnEpoch(EpochProgress<float> progress)
            {
                Volatile.Write(ref epochs, progress.Epoch.Epoch);
                if (kind == 1 && progress.Epoch.Epoch == epoch)
                {
                    source.Cancel();
                }
            }

            IEnumerable<Row> Rows()
            {
                for (int i = 0; i < 120; i++)
                {
                    if (kind == 2 && reads++ == read)
                    {
                        source.Cancel();
                    }

                    yield return new Row { Features = [i % 7, i % 11], Label = (i % 7) + (0.1f * (i % 5)) };
                }
            }
        }

        Assert.InRange(models, 20, 99);
    }

    private static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<T> OnThread<T>(Func<T> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Row
    {
        public float Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
