using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Weights of classes on real data: those that are balanced are scikit-learn's, and a rare class is found more often.</summary>
public class ClassWeightTests
{
    private const int RareRows = 8;

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _messages = [];

    public ClassWeightTests() => _ml.Log += (_, message) => _messages.Add(message.Message);

    [Fact]
    public void BalancedWeightsAreThoseOfScikitLearn()
    {
        // compute_class_weight('balanced', classes=['benign', 'malignant'], y=y) of scikit-learn 1.2.1 for the 569 rows.
        IDataView cancer = TestData.BreastCancer(_ml);
        float[][] balanced = Fit(ClassWeights.Balanced), given = Fit(ClassWeights.Given(0.79691877, 1.34198113));
        DataViews.AssertClose(given, balanced, 1e-4);
        Assert.NotEqual(Fit(weights: null)[0][0], balanced[0][0], 1e-3f);

        float[][] Fit(ClassWeights? weights) => _ml.BinaryClassification.Trainers
            .BackPropagation(
                InOrder(new BackPropagationBinaryTrainer.Options(Preset.Fast) { ClassWeights = weights }, memory: null)).Fit(cancer)
                .Transform(cancer)
                .Scores();
    }

    [Fact]
    public void ARareTumourIsFoundMoreOften()
    {
        // Half of the rows to learn from, of which eight are malignant; two features, so that classes overlap.
        double Recall(ClassWeights? weights) => Enumerable.Range(1, 5).Average(seed =>
        {
            (IDataView train, IDataView test) = Halves(seed, row => row.IsMalignant);
            var trainer = _ml.BinaryClassification.Trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Fast)
            {
                LabelColumnName = nameof(Row.IsMalignant),
                ClassWeights = weights,
                Seed = 1,
            });
            return _ml.BinaryClassification.Evaluate(trainer.Fit(train).Transform(test), nameof(Row.IsMalignant)).PositiveRecall;
        });
        double plain = Recall(null), balanced = Recall(ClassWeights.Balanced);
        Assert.True(balanced > plain + 0.2, $"{balanced} > {plain} + 0.2");
    }

    [Fact]
    public void ARareClassOfSeveralIsFoundMoreOften()
    {
        double Recall(ClassWeights? weights) => Enumerable.Range(1, 5).Average(seed =>
        {
            (IDataView train, IDataView test) = Halves(seed, row => row.Kind == 2);
            var trainer = _ml.MulticlassClassification.Trainers.BackPropagation(new BackPropagationMulticlassTrainer.Options(Preset.Fast)
            {
                LabelColumnName = nameof(Row.Kind),
                ClassWeights = weights,
                Seed = 1,
            });
            return _ml.MulticlassClassification.Evaluate(
                trainer.Fit(train).Transform(test), nameof(Row.Kind)).ConfusionMatrix.PerClassRecall[2];
        });
        double plain = Recall(null), balanced = Recall(ClassWeights.Balanced);
        Assert.True(balanced > plain + 0.2, $"{balanced} > {plain} + 0.2");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StreamedRowsHaveTheSameClassWeights(bool isMulticlass)
    {
        (IDataView data, _) = Halves(1, row => row.IsMalignant);
        float[][] streamed = Scores(ClassWeights.Balanced, 2000);
        Assert.Contains(_messages, message => message.Contains("streamed in blocks", StringComparison.Ordinal));
        DataViews.AssertSameBits(Scores(ClassWeights.Balanced, null), streamed);
        Assert.NotEqual(Scores(null, null)[0][0], streamed[0][0], 1e-3f);

        float[][] Scores(ClassWeights? weights, long? memory) => Trainer(weights, memory).Fit(data).Transform(data).Scores();

        IEstimator<ITransformer> Trainer(ClassWeights? weights, long? memory)
        {
            var multiclass = new BackPropagationMulticlassTrainer.Options(Preset.Fast)
            {
                LabelColumnName = nameof(Row.Kind),
                ClassWeights = weights,
            };
            var binary = new BackPropagationBinaryTrainer.Options(Preset.Fast)
            {
                LabelColumnName = nameof(Row.IsMalignant),
                ClassWeights = weights,
            };
            return isMulticlass
                ? _ml.MulticlassClassification.Trainers.BackPropagation(InOrder(multiclass, memory))
                : _ml.BinaryClassification.Trainers.BackPropagation(InOrder(binary, memory));
        }
    }

    [Theory]
    [InlineData("-1", 1.0, -1.0)]
    [InlineData("NaN", double.NaN, 1.0)]
    [InlineData("∞", 1.0, double.PositiveInfinity)]
    [InlineData("0", 0.0, 0.0)]
    public void AWeightThatIsNoneIsNamed(string value, params double[] weights)
    {
        var error = Assert.Throws<ArgumentException>(() => ClassWeights.Given(weights));
        Assert.Contains("ClassWeights", error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message.Replace("Infinity", "∞", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static T InOrder<T>(T options, long? memory)
        where T : BackPropagationOptions
    {
        (options.HiddenLayers, options.Shuffle, options.ValidationFraction, options.Seed) = ([8], false, 0, 2);
        (options.BatchSize, options.NumberOfEpochs, options.MaximumMemory) = (8, 5, memory);
        return options;
    }

    /// <summary>Half of the breast-cancer rows with few of a class, and the other half with all.</summary>
    private (IDataView Train, IDataView Test) Halves(int seed, Func<Row, bool> isRare)
    {
        IDataView cancer = TestData.BreastCancer(_ml);
        Row[] rows = [.. cancer.Values<VBuffer<float>>("Features").Zip(cancer.Values<bool>("Label"), (features, isMalignant) => new Row
        {
            // Mean texture and mean smoothness. A tumour whose mean radius is above 18 is of a third kind.
            Features = [features.GetItemOrDefault(1), features.GetItemOrDefault(4)],
            IsMalignant = isMalignant,
            Kind = !isMalignant ? 0u : features.GetItemOrDefault(0) < 18 ? 1u : 2u,
        })];
        new Random(seed).Shuffle(rows);
        Row[] half = rows[..(rows.Length / 2)];
        return (
            _ml.Data.LoadFromEnumerable([.. half.Where(row => !isRare(row)), .. half.Where(isRare).Take(RareRows)]),
            _ml.Data.LoadFromEnumerable(rows[(rows.Length / 2)..]));
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool IsMalignant { get; set; }

        /// <summary>A key, which counts from 0 in a class, but from 1 in a data view.</summary>
        [KeyType(3)]
        public uint Kind { get; set; }
    }
}
