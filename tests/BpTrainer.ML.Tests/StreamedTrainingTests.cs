using System.Collections.Concurrent;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Tests;

/// <summary>Data above the memory limit streams in blocks, and teaches as data in memory does.</summary>
public class StreamedTrainingTests
{
    /// <summary>Three features, a label, and eight bytes for the order.</summary>
    private const int BytesPerRow = (4 * (3 + 1)) + 8;

    private static readonly ConcurrentDictionary<bool, float[][]> s_oneThread = new();

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _messages = [];

    public StreamedTrainingTests() => _ml.Log += (_, message) => _messages.Add(message);

    [Fact]
    public void RegressionIsAsGoodStreamed()
    {
        IDataView data = TestData.Diabetes(_ml);
        double R2(long? memory)
        {
            var trainer = _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                MaximumMemory = memory,
                NumberOfEpochs = 60,
                Seed = 1,
                ValidationFraction = 0,
            });
            return _ml.Regression.Evaluate(trainer.Fit(data).Transform(data)).RSquared;
        }

        double inMemory = R2(null);
        AssertNotStreamed();
        Assert.InRange(R2(8_000), inMemory - 0.05, 1);
        AssertStreamed();
    }

    [Fact]
    public void BinaryClassificationIsAsGoodStreamed()
    {
        IDataView data = TestData.BreastCancer(_ml);
        double Accuracy(long? memory)
        {
            var trainer = _ml.BinaryClassification.Trainers.BackPropagation(
                new BackPropagationBinaryTrainer.Options(Preset.Fast) { MaximumMemory = memory, NumberOfEpochs = 60, Seed = 1 });
            return _ml.BinaryClassification.Evaluate(trainer.Fit(data).Transform(data)).Accuracy;
        }

        Assert.InRange(Accuracy(20_000), Accuracy(null) - 0.02, 1);
        AssertStreamed();
    }

    [Fact]
    public void MulticlassClassificationIsAsGoodStreamed()
    {
        // The file is sorted by class: the cached view gives the rows in a new order every epoch.
        IDataView data = TestData.Iris(_ml);
        double Accuracy(long? memory)
        {
            var trainer = _ml.MulticlassClassification.Trainers.BackPropagation(new BackPropagationMulticlassTrainer.Options(Preset.Fast)
            {
                MaximumMemory = memory,
                NumberOfEpochs = 100,
                Optimizer = Optimizer.Momentum(0.05),
                Seed = 1,
            });
            return _ml.MulticlassClassification.Evaluate(trainer.Fit(data).Transform(data)).MicroAccuracy;
        }

        Assert.InRange(Accuracy(2_500), Accuracy(null) - 0.04, 1);
        AssertStreamed();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RowsInOrderGiveTheSameBitsAsInMemory(bool isSparse)
    {
        // With weights, and with rows that are left out.
        Row[] rows = MakeRows(100);
        rows[20].Weight = 0;
        rows[21].Features = [1, float.NaN, 0];
        rows[22].Label = float.PositiveInfinity;
        IDataView data = isSparse
            ? _ml.Data.LoadFromEnumerable(
                rows.Select(row => new SparseRow { Label = row.Label, Weight = row.Weight, Features = ToSparse(row.Features) }))
            : _ml.Data.LoadFromEnumerable(rows);
        BackPropagationRegressionTrainer.Options InOrder(long? memory) => Options(o =>
        {
            o.MaximumMemory = memory;
            o.Shuffle = false;
            o.ValidationFraction = 0;
            o.ExampleWeightColumnName = nameof(Row.Weight);
        });
        float[][] expected = Scores(InOrder(null), data);
        _messages.Clear();
        DataViews.AssertSameBits(expected, Scores(InOrder(40 * BytesPerRow), data));
        AssertStreamed();
        LoggingEventArgs warning = Assert.Single(_messages, m => m.Kind == ChannelMessageKind.Warning);
        Assert.Contains("Skipped 3 of 100 rows", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTaskTakesStreamedRowsAsThoseInMemory()
    {
        void AssertSame<TModel>(IDataView data, Func<long?, IEstimator<BackPropagationTransformer<TModel>>> trainer, long memory)
            where TModel : class
        {
            float[][] expected = trainer(null).Fit(data).Transform(data).Scores();
            DataViews.AssertSameBits(expected, trainer(memory).Fit(data).Transform(data).Scores());
            AssertStreamed();
        }

        T InOrder<T>(T options, long? memory) where T : BackPropagationOptions
        {
            (options.MaximumMemory, options.Shuffle, options.ValidationFraction, options.Seed) = (memory, false, 0, 2);
            (options.BatchSize, options.NumberOfEpochs) = (8, 3);

            // In a block the rate of a schedule is computed after every 32 samples.
            options.Schedule = LearningRateSchedule.Constant;
            return options;
        }

        AssertSame(
            TestData.Iris(_ml),
            memory =>
                _ml.MulticlassClassification.Trainers.BackPropagation(
                    InOrder(new BackPropagationMulticlassTrainer.Options(Preset.Fast), memory)),
            2_000);
        AssertSame(
            TestData.BreastCancer(_ml),
            memory => _ml.BinaryClassification.Trainers.BackPropagation(
                InOrder(new BackPropagationBinaryTrainer.Options(Preset.Fast), memory)),
            10_000);
        AssertSame(
            TestData.Diabetes(_ml),
            memory => _ml.Regression.Trainers.BackPropagation(
                InOrder(new BackPropagationRegressionTrainer.Options(Preset.Fast) { Optimizer = Optimizer.AdaptiveMomentum() }, memory)),
            8_000);
    }

    [Fact]
    public void VectorLabelsStreamAsInMemory()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(
            MakeRows(100).Select(row => new VectorRow { Label = [row.Label, row.Features[0] * row.Features[2]], Features = row.Features }));
        float[][] Train(long? memory) => _ml.Regression.Trainers.MultiOutputBackPropagation(
            new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
            {
                HiddenLayers = [5],
                NumberOfEpochs = 5,
                BatchSize = 8,
                Seed = 3,
                MaximumMemory = memory,
                Shuffle = false,
                ValidationFraction = 0,
            }).Fit(data).Transform(_ml.Data.LoadFromEnumerable(MakeRows(20))).Scores();
        float[][] expected = Train(memory: null);
        Assert.Equal(2, expected[0].Length);
        DataViews.AssertSameBits(expected, Train(40 * BytesPerRow));
        AssertStreamed();
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(false, 3)]
    [InlineData(false, 8)]
    [InlineData(true, 2)]
    [InlineData(true, 3)]
    [InlineData(true, 8)]
    public void TheNumberOfThreadsDoesNotChangeTheModel(bool canShuffle, int threads)
    {
        float[][] one = s_oneThread.GetOrAdd(canShuffle, _ => TrainOn(canShuffle, seed: 1, threads: 1));
        _messages.Clear();
        DataViews.AssertSameBits(one, TrainOn(canShuffle, seed: 1, threads));
        AssertStreamed();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnotherSeedGivesAnotherModel(bool canShuffle)
    {
        float[][] one = s_oneThread.GetOrAdd(canShuffle, _ => TrainOn(canShuffle, seed: 1, threads: 1));
        Assert.NotEqual(one[0][0], TrainOn(canShuffle, seed: 2, threads: 1)[0][0]);
        AssertStreamed();
    }

    private float[][] TrainOn(bool canShuffle, int seed, int threads)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(MakeRows(400));
        data = canShuffle ? _ml.Data.Cache(data) : data;
        Assert.Equal(canShuffle, data.CanShuffle);
        return Scores(
            Options(o => (o.MaximumMemory, o.Seed, o.NumberOfThreads, o.HiddenLayers) = (300 * BytesPerRow, seed, threads, [200])), data);
    }

    [Fact]
    public void TheValidationPartIsTheSameInEveryOrderAndTakesAtMostAQuarter()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(MakeRows(1000));
        Scores(Options(o => (o.MaximumMemory, o.ValidationFraction) = (200 * BytesPerRow, 0.4)), data);
        AssertStreamed();

        // The share is halved until it fits: about 400, 200, 100, 50 rows. Were a row in both parts, or in none, the engine would
        // miss rows in some pass.
        string start = _messages.Single(m => m.Message.Contains("streamed", StringComparison.Ordinal)).Message;
        int validationRows = int.Parse(
            System.Text.RegularExpressions.Regex.Match(start, @"(\d+) more for validation").Groups[1].Value,
            System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(validationRows, 20, 50);
        Assert.Contains($"on {1000 - validationRows} rows", start, StringComparison.Ordinal);
        Assert.Contains(
            _messages,
            m => m.Message.Contains("Epoch 1:", StringComparison.Ordinal)
                && !m.Message.Contains("validation loss none", StringComparison.Ordinal));
    }

    [Fact]
    public void ASmallValidationPartGoesBackToTraining()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(MakeRows(100));
        Scores(Options(o => (o.MaximumMemory, o.ValidationFraction) = (60 * BytesPerRow, 0.03)), data);
        Assert.Contains(
            _messages,
            m => m.Message.Contains("on 100 rows, streamed", StringComparison.Ordinal)
                && m.Message.Contains("0 more for validation", StringComparison.Ordinal));
    }

    [Fact]
    public void GivenValidationDataIsUsedWhole()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(MakeRows(100)), watched = _ml.Data.LoadFromEnumerable(MakeRows(20));
        _ml.Regression.Trainers.BackPropagation(Options(o => o.MaximumMemory = 60 * BytesPerRow)).Fit(data, watched);
        Assert.Contains(
            _messages,
            m => m.Message.Contains("on 100 rows, streamed", StringComparison.Ordinal)
                && m.Message.Contains("20 more for validation", StringComparison.Ordinal));
    }

    [Fact]
    public void LimitsThatAreTooSmallAreNamed()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(MakeRows(100));
        string Refused(Action<BackPropagationRegressionTrainer.Options> set, IDataView? watched = null)
        {
            var trainer = _ml.Regression.Trainers.BackPropagation(Options(set));
            return Assert.Throws<InvalidOperationException>(() => watched is null ? trainer.Fit(data) : trainer.Fit(data, watched)).Message;
        }

        string row = Refused(o => (o.MaximumMemory, o.ValidationFraction) = (10, 0));
        Assert.Contains("MaximumMemory leaves 10 bytes", row, StringComparison.Ordinal);
        Assert.Contains("3 features", row, StringComparison.Ordinal);
        string batch = Refused(o => (o.MaximumMemory, o.BatchSize, o.ValidationFraction) = (1000, int.MaxValue, 0));
        Assert.Contains("BatchSize is 2147483647", batch, StringComparison.Ordinal);
        Assert.Contains("MaximumMemory", batch, StringComparison.Ordinal);
        string watched = Refused(o => o.MaximumMemory = 2000, data);
        Assert.Contains("validation data", watched, StringComparison.Ordinal);
        Assert.Contains("MaximumMemory", watched, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.5)]
    public void CancellingWhileRowsAreReadBeforeTheFirstEpochThrows(double passes)
    {
        using var source = new CancellationTokenSource();
        int after = 0;
        IDataView data = Watched(passes, source, () => after++);
        var options = Options(o => (o.MaximumMemory, o.CancellationToken) = (30 * BytesPerRow, source.Token));
        Assert.Throws<OperationCanceledException>(() => _ml.Regression.Trainers.BackPropagation(options).Fit(data));
        Assert.InRange(after, 0, 32);
    }

    [Fact]
    public void CancellingWhileRowsAreReadKeepsWhatWasLearned()
    {
        using var source = new CancellationTokenSource();
        int after = 0;

        // The rows that show that they do not fit, the pass that measures them, two epochs, and a half.
        IDataView data = Watched(3.8, source, () => after++);
        var options = Options(o => (o.MaximumMemory, o.CancellationToken) = (30 * BytesPerRow, source.Token));
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(data).Model;
        Assert.Equal(StopReason.Cancelled, model.StopReason);
        Assert.Equal(2, model.History.Count);
        Assert.InRange(after, 0, 32);
    }

    /// <summary>100 rows that count how often they are read: the source is cancelled after a number of passes.</summary>
    private IDataView Watched(double passes, CancellationTokenSource source, Action afterwards)
    {
        int read = 0;
        Row[] rows = MakeRows(100);
        IEnumerable<Row> Read()
        {
            foreach (Row row in rows)
            {
                if (source.IsCancellationRequested)
                {
                    afterwards();
                }

                if (++read == (int)(passes * rows.Length))
                {
                    source.Cancel();
                }

                yield return row;
            }
        }

        return _ml.Data.LoadFromEnumerable(Read());
    }

    private float[][] Scores(BackPropagationRegressionTrainer.Options options, IDataView data) =>
        _ml.Regression.Trainers.BackPropagation(options).Fit(data).Transform(_ml.Data.LoadFromEnumerable(MakeRows(20))).Scores();

    private void AssertStreamed() => Assert.Contains(_messages, m => m.Message.Contains("streamed in blocks", StringComparison.Ordinal));

    private void AssertNotStreamed() =>
        Assert.DoesNotContain(_messages, m => m.Message.Contains("streamed in blocks", StringComparison.Ordinal));

    private static BackPropagationRegressionTrainer.Options Options(Action<BackPropagationRegressionTrainer.Options> set)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            HiddenLayers = [5],
            NumberOfEpochs = 5,
            BatchSize = 8,
            Seed = 3,
        };
        set(options);
        return options;
    }

    private static Row[] MakeRows(int count)
    {
        var random = new Random(2);
        return Enumerable.Range(0, count).Select(i =>
        {
            float a = (float)random.NextDouble(), b = i % 2, c = (float)random.NextDouble();
            return new Row { Features = [a, b, c], Label = (2 * a) - (b * b) + (c / 2), Weight = 1 + (i % 3) };
        }).ToArray();
    }

    private static VBuffer<float> ToSparse(float[] values)
    {
        int[] indices = Enumerable.Range(0, values.Length).Where(i => values[i] != 0).ToArray();
        return new VBuffer<float>(values.Length, indices.Length, indices.Select(i => values[i]).ToArray(), indices);
    }

    private sealed class Row
    {
        public float Label { get; set; }

        public float Weight { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class SparseRow
    {
        public float Label { get; set; }

        public float Weight { get; set; }

        [VectorType(3)]
        public VBuffer<float> Features { get; set; }
    }

    private sealed class VectorRow
    {
        [VectorType(2)]
        public float[] Label { get; set; } = [];

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
