using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>A weight counts as that many rows of real data, in scalings, in gradients and in the loss, for every task.</summary>
public class ExampleWeightTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _messages = [];

    public ExampleWeightTests() => _ml.Log += (_, message) => _messages.Add(message.Message);

    [Fact]
    public void FullBatchesOfWeightedRowsAreThoseOfRepeatedRows()
    {
        Patient[] weighted = Patients(row => 1 + (row % 4));
        Patient[] repeated = [.. weighted.SelectMany(row => Enumerable.Repeat(row with { Weight = 1 }, (int)row.Weight))];
        (float[][] scores, double[] losses) = Fit(weighted);
        (float[][] expected, double[] expectedLosses) = Fit(repeated);

        // The same sums, but in another order of summation.
        DataViews.AssertClose(expected, scores, 1e-4);
        Assert.All(expectedLosses.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.NotEqual(expected[0][0], Fit(Patients(_ => 1)).Scores[0][0], 0.1f);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0.25)]
    [InlineData(1024)]
    public void EqualWeightsOfAnySizeChangeNothing(float weight)
    {
        // Powers of two: exact, bit for bit.
        DataViews.AssertSameBits(Fit(Patients(_ => 1)).Scores, Fit(Patients(_ => weight)).Scores);
    }

    [Fact]
    public void ARowOfWeightZeroIsNotThere()
    {
        Patient[] rows = Patients(row => row % 3 == 0 ? 0 : 1);
        DataViews.AssertSameBits(Fit([.. rows.Where(row => row.Weight > 0)]).Scores, Fit(rows).Scores);
    }

    [Theory]
    [InlineData(nameof(Flower.PetalWidth), false)]
    [InlineData(nameof(Flower.PetalWidth), true)]
    [InlineData(nameof(Flower.Petal), false)]
    [InlineData(nameof(Flower.Petal), true)]
    [InlineData("quantiles of " + nameof(Flower.PetalWidth), false)]
    [InlineData("quantiles of " + nameof(Flower.PetalWidth), true)]
    [InlineData(nameof(Flower.IsVirginica), false)]
    [InlineData(nameof(Flower.IsVirginica), true)]
    [InlineData(nameof(Flower.Species), false)]
    [InlineData(nameof(Flower.Species), true)]
    public void BatchesOfWeightedRowsAreThoseOfRepeatedRows(string learned, bool isStreamed)
    {
        // The weights are 1, 3, 1, 3, …: two weighted rows are four repeated ones, so batches of two and of four take the same steps. Early
        // stopping
        // watches weighted rows as well.
        Flower[] rows = Flowers(), training = rows[..100], watched = rows[100..120];
        (float[][] scores, double[] losses) = Learn(learned, training, watched, batchSize: 2, isStreamed);
        (float[][] expected, double[] expectedLosses) = Learn(learned, Repeat(training), Repeat(watched), batchSize: 4, isStreamed);
        Assert.Equal(expectedLosses.Length, losses.Length);
        Assert.All(expectedLosses.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        DataViews.AssertClose(expected, scores, 1e-3);
        Assert.Equal(isStreamed ? 2 : 0, _messages.Count(message => message.Contains("streamed in blocks", StringComparison.Ordinal)));

        (float[][] unweighted, double[] unweightedLosses) = Learn(
            learned, Unweighted(training), Unweighted(watched), batchSize: 2, isStreamed);
        Assert.True(unweighted.Zip(scores, (one, other) => Math.Abs(one[0] - other[0])).Max() > 0.01);
        Assert.NotEqual(unweightedLosses[^1], losses[^1], 1e-3);
    }

    /// <summary>Learns one thing about flowers; gives the scores of all flowers and the losses of training and validation rows.</summary>
    private (float[][] Scores, double[] Losses) Learn(string learned, Flower[] training, Flower[] watched, int batchSize, bool isStreamed)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(training), watchedRows = _ml.Data.LoadFromEnumerable(watched);
        var regression = _ml.Regression.Trainers;
        return learned switch
        {
            nameof(Flower.Species) => Fit(
                _ml.MulticlassClassification.Trainers.BackPropagation(Set(new BackPropagationMulticlassTrainer.Options(Preset.Fast), 3)),
                model => model.History),
            nameof(Flower.IsVirginica) => Fit(
                _ml.BinaryClassification.Trainers.BackPropagation(Set(new BackPropagationBinaryTrainer.Options(Preset.Fast), 1)),
                model => model.History),
            nameof(Flower.Petal) =>
                Fit(regression.MultiOutputBackPropagation(
                    Set(new BackPropagationMultiOutputTrainer.Options(Preset.Fast), 2)), model => model.History),
            nameof(Flower.PetalWidth) =>
                Fit(regression.BackPropagation(Set(new BackPropagationRegressionTrainer.Options(Preset.Fast), 1)), model => model.History),
            _ =>
                Fit(
                    regression.MultiOutputBackPropagation(
                        Set(new BackPropagationMultiOutputTrainer.Options(Preset.Fast) { Loss = Loss.Quantiles(0.2, 0.5, 0.8) }, 3)),
                    model => model.History),
        };

        T Set<T>(T options, int outputs)
            where T : BackPropagationOptions
        {
            (options.LabelColumnName, options.ExampleWeightColumnName) = (learned.Split(' ')[^1], nameof(Flower.Weight));
            (options.HiddenLayers, options.BatchSize, options.NumberOfEpochs) = ([6], batchSize, 10);
            (options.Shuffle, options.Seed) = (false, 3);

            // Edges are chosen by the rows, whatever they weigh, and a schedule goes by the number of samples.
            (options.FeatureEncoding, options.Schedule) = (FeatureEncoding.None, LearningRateSchedule.Constant);

            // Room for the validation rows and for twice as many of the five times as many training rows; a row has two features, its
            // targets and its weight.
            options.MaximumMemory = isStreamed ? 3 * watched.Length * ((sizeof(float) * (2 + outputs + 1)) + 8) : null;
            return options;
        }

        (float[][] Scores, double[] Losses) Fit<TModel>(
            BackPropagationTrainer<TModel> trainer, Func<TModel, IReadOnlyList<EpochRecord>> history)
            where TModel : class
        {
            var model = trainer.Fit(rows, watchedRows);
            return (
                model.Transform(_ml.Data.LoadFromEnumerable(Flowers())).Scores(),
                [.. history(model.Model).SelectMany(epoch => new[] { epoch.TrainingLoss, epoch.ValidationLoss!.Value })]);
        }
    }

    private static Flower[] Repeat(Flower[] rows) =>
        [.. rows.SelectMany(row => Enumerable.Repeat(row with { Weight = 1 }, (int)row.Weight))];

    private static Flower[] Unweighted(Flower[] rows) => [.. rows.Select(row => row with { Weight = 1 })];

    /// <summary>The flowers of the iris data, species mixed, every second with the weight 3.</summary>
    private Flower[] Flowers()
    {
        IDataView data = TestData.Iris(_ml);
        uint[] species = data.Values<uint>("Label");
        float[][] sizes = [.. data.Values<VBuffer<float>>("Features").Select(features => features.DenseValues().ToArray())];
        return [.. Enumerable.Range(0, species.Length).Select(
            i => (Row: i * 53 % species.Length, Weight: 1 + (2 * (i % 2)))).Select(at => new Flower
        {
            Features = sizes[at.Row][..2],
            Petal = sizes[at.Row][2..],
            PetalWidth = sizes[at.Row][3],
            IsVirginica = species[at.Row] == 3,
            Species = species[at.Row] - 1,
            Weight = at.Weight,
        })];
    }

    private (float[][] Scores, double[] Losses) Fit(Patient[] rows)
    {
        var model = _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            ExampleWeightColumnName = nameof(Patient.Weight),
            HiddenLayers = [10],
            FeatureEncoding = FeatureEncoding.None,
            BatchSize = int.MaxValue,
            Optimizer = Optimizer.Momentum(0.05),
            NumberOfEpochs = 40,
            ValidationFraction = 0,
            Shuffle = false,
            Seed = 3,
        }).Fit(_ml.Data.LoadFromEnumerable(rows));
        return (model.Transform(TestData.Diabetes(_ml)).Scores(), [.. model.Model.History.Select(epoch => epoch.TrainingLoss)]);
    }

    private Patient[] Patients(Func<int, float> weight)
    {
        IDataView data = TestData.Diabetes(_ml);
        float[] labels = data.Values<float>("Label");
        return [.. data.Values<VBuffer<float>>("Features").Select((features, row) => new Patient
        {
            Features = [.. features.DenseValues()],
            Label = labels[row],
            Weight = weight(row),
        })];
    }

    private sealed record Patient
    {
        [VectorType(TestData.DiabetesFeatures)]
        public float[] Features { get; init; } = [];

        public float Label { get; init; }

        public float Weight { get; init; }
    }

    private sealed record Flower
    {
        [VectorType(2)]
        public float[] Features { get; init; } = [];

        [VectorType(2)]
        public float[] Petal { get; init; } = [];

        public float PetalWidth { get; init; }

        public bool IsVirginica { get; init; }

        /// <summary>A key, which counts from 0 in a class, but from 1 in a data view.</summary>
        [KeyType(3)]
        public uint Species { get; init; }

        public float Weight { get; init; }
    }
}
