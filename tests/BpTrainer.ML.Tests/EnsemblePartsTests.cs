using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Tests;

/// <summary>Each network of an ensemble draws its own validation part if the losses of the networks are not compared.</summary>
public class EnsemblePartsTests
{
    private const int Epochs = 6;

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _messages = [];

    public EnsemblePartsTests() => _ml.Log += (_, message) => _messages.Add(message);

    [Fact]
    public void TheFirstNetworkIsThatOfATrainingWithoutOthers()
    {
        byte[] alone = Fit(1).Networks[0].ToBytes();
        Assert.Equal(alone, Fit(3).Networks[0].ToBytes());
        Assert.Contains(_messages, m => m.Message.Contains("each with its own validation part", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(null)]
    public void ItIsTheSameOnAnyNumberOfThreads(int? threads) => Assert.Equal(
        Fit(4, options => options.NumberOfThreads = 1).Networks.Select(network => network.ToBytes()),
        Fit(4, options => options.NumberOfThreads = threads).Networks.Select(network => network.ToBytes()));

    [Fact]
    public void OthersHaveAPartOfTheirOwn()
    {
        double[][] averaged = Losses(options => options.Ensemble = 3), best = Losses(options => options.Ensemble = Ensemble.BestOf(3));
        Assert.Equal(best[0], averaged[0]);
        Assert.NotEqual(best[1], averaged[1]);
        Assert.NotEqual(best[2], averaged[2]);

        // If all networks start from the mean, their losses before much is learned differ only by their validation parts.
        Optimizer still = Optimizer.Momentum(1e-12);
        double[] starts = [.. Losses(options => (options.Ensemble, options.Optimizer) = (3, still)).Select(losses => losses[0])];
        Assert.Equal(3, starts.Select(loss => Math.Round(loss, 6)).Distinct().Count());
        starts = [.. Losses(options => (options.Ensemble, options.Optimizer) = (Ensemble.BestOf(3), still)).Select(losses => losses[0])];
        Assert.Single(starts.Select(loss => Math.Round(loss, 6)).Distinct());
    }

    [Fact]
    public void GivenValidationRowsAreThoseOfAll()
    {
        IDataView diabetes = TestData.Diabetes(_ml), validation = _ml.Data.TakeRows(diabetes, 60);
        double[][] averaged = Losses(options => (options.Ensemble, options.ValidationData) = (3, validation));
        double[][] best = Losses(options => (options.Ensemble, options.ValidationData) = (Ensemble.BestOf(3), validation));
        Assert.Equal(best, averaged);
    }

    [Fact]
    public void StreamedNetworksShareTheirPart()
    {
        double[][] averaged = Losses(options => (options.Ensemble, options.MaximumMemory) = (3, 10_000));
        double[][] best = Losses(options => (options.Ensemble, options.MaximumMemory) = (Ensemble.BestOf(3), 10_000));
        Assert.Equal(best, averaged);
    }

    [Fact]
    public void WithoutAValidationPartAllRowsTeachAll()
    {
        double[][] averaged = TrainingLosses(options => (options.Ensemble, options.ValidationFraction) = (3, 0));
        double[][] best = TrainingLosses(options => (options.Ensemble, options.ValidationFraction) = (Ensemble.BestOf(3), 0));
        Assert.Equal(best, averaged);
    }

    /// <summary>Rows of a group are copies of each other: were they in both parts, the validation rows would be learned by heart.</summary>
    [Fact]
    public void RowsOfAGroupStayTogetherInEveryPart()
    {
        const int Copies = 10;
        var random = new Random(1);
        Point[] points = [.. Enumerable.Range(0, 60).SelectMany(group =>
        {
            float[] features = [.. Enumerable.Range(0, 6).Select(_ => (float)random.NextDouble())];
            return Enumerable.Repeat(new Point { Features = features, Label = (float)random.NextDouble(), Group = group }, Copies);
        })];
        IDataView data = _ml.Data.LoadFromEnumerable(points);
        double[][] together = Losses(Options("Group"), data), torn = Losses(Options(null), data);
        Assert.All(together, losses => Assert.True(losses[^1] > 0.3));
        Assert.All(torn, losses => Assert.True(losses[^1] < 0.15));

        static Action<BackPropagationOptions> Options(string? group) => options =>
        {
            (options.Ensemble, options.RowGroupColumnName, options.ValidationFraction) = (3, group, 0.2);
            (options.NumberOfEpochs, options.EarlyStoppingRounds) = (150, 150);
            options.Optimizer = Optimizer.Adam(0.01);
        };
    }

    private IReadOnlyList<(int Network, EpochRecord Epoch)> Records(Action<BackPropagationOptions> set, IDataView? data = null)
    {
        var records = new List<(int, EpochRecord)>();
        Fit(1, options =>
        {
            set(options);
            options.OnEpoch = progress => records.Add((progress.NetworkIndex, progress.Epoch));
        }, data);
        return records;
    }

    private double[][] Losses(Action<BackPropagationOptions> set, IDataView? data = null) => [.. Records(set, data)
        .GroupBy(record => record.Network, record => record.Epoch.ValidationLoss!.Value).OrderBy(one => one.Key)
        .Select(one => one.ToArray())];

    private double[][] TrainingLosses(Action<BackPropagationOptions> set) => [.. Records(set)
        .GroupBy(record => record.Network, record => record.Epoch.TrainingLoss).OrderBy(one => one.Key).Select(one => one.ToArray())];

    private NetworkEnsemble<float> Fit(int networks, Action<BackPropagationOptions>? set = null, IDataView? data = null)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { Seed = 3, NumberOfEpochs = Epochs, Ensemble = networks };
        set?.Invoke(options);
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(data ?? TestData.Diabetes(_ml)).Model;
        return model.Ensemble ?? new NetworkEnsemble<float>(model.Network);
    }

    private sealed class Point
    {
        [Microsoft.ML.Data.VectorType(6)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public int Group { get; set; }
    }
}
