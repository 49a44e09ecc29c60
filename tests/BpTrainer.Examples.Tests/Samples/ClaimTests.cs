using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Tests.Samples;

/// <summary>What the comments of the samples say beside the figures that they print.</summary>
public sealed class ClaimTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 0);
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(false, 0f)]
    [InlineData(true, float.NaN)]
    public void AnEmptyFieldIsMissingOnlyWithMissingRealsAsNaNs(bool missingRealsAsNaNs, float expected)
    {
        IDataView data = WithEmptyFields(missingRealsAsNaNs);
        var model = _ml.Regression.Trainers.BackPropagation(new() { ImputeMissingFeatures = true, NumberOfEpochs = 2 }).Fit(data).Model;

        Assert.Equal(expected, data.GetColumn<float[]>("Features").ElementAt(1)[0]);
        Assert.Equal(missingRealsAsNaNs ? 3 : 2, model.Network.Inputs);
    }

    [Fact]
    public void WithoutImputationAMissingFeatureMakesThePredictionNaN()
    {
        IDataView data = WithEmptyFields(missingRealsAsNaNs: true);
        float[] scores = [.. _ml.Regression.Trainers.BackPropagation().Fit(data).Transform(data).GetColumn<float>("Score")];
        Assert.All(scores.Select((score, row) => (score, row)), pair => Assert.Equal(pair.row % 2 == 1, float.IsNaN(pair.score)));
    }

    [Fact]
    public void LabelsMustBeBoolOrKey()
    {
        IDataView text = _ml.Data.LoadFromEnumerable(Rows(row => $"{row % 2}"));
        Assert.ThrowsAny<Exception>(() => _ml.BinaryClassification.Trainers.BackPropagation().Fit(text));
        Assert.ThrowsAny<Exception>(() => _ml.MulticlassClassification.Trainers.BackPropagation().Fit(text));
        Assert.NotNull(_ml.BinaryClassification.Trainers.BackPropagation().Fit(_ml.Data.LoadFromEnumerable(Rows(row => row % 2 == 0))));
    }

    [Fact]
    public void QuantilesNeverCross()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows(row => (row % 7) + (row * 31 % 5f)));
        var model = _ml.Regression.Trainers.MultiOutputBackPropagation(new() { Loss = Loss.Quantiles(0.1, 0.5, 0.9) }).Fit(data);
        Assert.All(model.Transform(data).GetColumn<float[]>("Score"), score => Assert.Equal(score.Order(), score));
    }

    [Fact]
    public void OutliersPullLessOnAHuberLoss()
    {
        // One label in twenty is 40 times the others, which are all 1.
        IDataView data = _ml.Data.LoadFromEnumerable(Rows(row => row % 20 == 0 ? 40f : 1f));
        Assert.InRange(MeanScore(Loss.Huber()) - 1, -1, 0.5 * (MeanScore(Loss.HalfSquaredError) - 1));

        float MeanScore(Loss loss) =>
            _ml.Regression.Trainers.BackPropagation(new() { Loss = loss, ValidationFraction = 0, NumberOfEpochs = 50 })
            .Fit(data).Transform(data).GetColumn<float>("Score").Average();
    }

    [Fact]
    public void BalancedClassesCountTheSame()
    {
        // The features tell nothing, so the probability is the share of the weights.
        IDataView data = _ml.Data.LoadFromEnumerable(Rows(row => row % 10 == 0));
        Assert.Equal(0.1, MeanProbability(null), 0.05);
        Assert.Equal(0.5, MeanProbability(ClassWeights.Balanced), 0.1);

        float MeanProbability(ClassWeights? weights) =>
            _ml.BinaryClassification.Trainers.BackPropagation(new() { ClassWeights = weights, HiddenLayers = [] })
            .Fit(data).Transform(data).GetColumn<float>("Probability").Average();
    }

    [Fact]
    public void TrainingGoesOnWithTheSameFeaturesAndLayersOnly()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows(row => (float)(row % 7)));
        ITransformer first = Fit(data, new() { HiddenLayers = [20] });
        IDataView others = _ml.Data.LoadFromEnumerable(Rows(row => row % 5 * 2f));

        Assert.NotNull(
            Fit(others, new() { HiddenLayers = [20], InitialModel = first, Optimizer = Optimizer.Momentum(0.02), BatchSize = 7 }));
        Exception layers = Assert.ThrowsAny<Exception>(() => Fit(data, new() { HiddenLayers = [10], InitialModel = first }));
        Assert.Contains("layer 1", layers.Message, StringComparison.Ordinal);
        IDataView narrow = _ml.Transforms.CopyColumns("Features", "X").Fit(WithEmptyFields(false)).Transform(WithEmptyFields(false));
        Exception features = Assert.ThrowsAny<Exception>(() => Fit(narrow, new() { HiddenLayers = [20], InitialModel = first }));
        Assert.Contains("features", features.Message, StringComparison.Ordinal);

        ITransformer Fit(IDataView rows, BackPropagationRegressionTrainer.Options options) =>
            _ml.Regression.Trainers.BackPropagation(options).Fit(rows);
    }

    private static IEnumerable<Row<TLabel>> Rows<TLabel>(Func<int, TLabel> label) =>
        Enumerable.Range(0, 200).Select(row => new Row<TLabel> { Features = [row % 7, row * 31 % 11], Label = label(row) });

    /// <summary>Sixty rows of two features, the first of which is empty in every other row.</summary>
    private IDataView WithEmptyFields(bool missingRealsAsNaNs)
    {
        File.WriteAllLines(_file, Enumerable.Range(0, 60).Select(row => $"{(row % 2 == 0 ? row % 7 : "")},{row % 5},{row % 3}"));
        return _ml.Data.LoadFromTextFile(_file, new TextLoader.Options
        {
            Columns = [new("Features", DataKind.Single, 0, 1), new("X", DataKind.Single, [new(1, 1)]), new("Label", DataKind.Single, 2)],
            Separators = [','],
            MissingRealsAsNaNs = missingRealsAsNaNs,
        });
    }

    private sealed class Row<TLabel>
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public TLabel Label { get; set; } = default!;
    }
}
