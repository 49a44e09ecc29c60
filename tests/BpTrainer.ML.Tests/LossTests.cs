using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>The loss is a choice: the regression's kind, the smoothing and the class weights of classifications.</summary>
public class LossTests
{
    private const int Rows = 300;

    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<Loss> RegressionLosses =>
        [Loss.HalfSquaredError, Loss.MeanSquaredError, Loss.MeanAbsoluteError, Loss.Huber(1), Loss.Quantile(0.5), Loss.Poisson];

    [Theory]
    [MemberData(nameof(RegressionLosses))]
    public void EveryLossLearnsDiabetes(Loss loss)
    {
        var halves = _ml.Data.TrainTestSplit(TestData.Diabetes(_ml), testFraction: 0.25, seed: 1);
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { Loss = loss, HiddenLayers = [16] };
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(halves.TrainSet);
        RegressionMetrics metrics = _ml.Regression.Evaluate(model.Transform(halves.TestSet));

        // Squared-error linear regression reaches a mean absolute error of 43 to 45; always the mean gives 65.
        Assert.InRange(metrics.MeanAbsoluteError, 35, 52);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void QuantilesLieAroundTheirShareOfTheLabels(double tau)
    {
        IDataView scored = FitAndScore(NoisyRows(), new() { Loss = Loss.Quantile(tau), ValidationFraction = 0, HiddenLayers = [8] });
        float[] labels = scored.Values<float>("Label");
        double below = scored.Scores().Where((score, row) => labels[row] < score[0]).Count() / (double)Rows;
        Assert.InRange(below, tau - 0.05, tau + 0.05);
    }

    [Fact]
    public void HuberAndAbsoluteErrorsResistOutliers()
    {
        Row[] clean = NoisyRows(), spoiled = [.. clean.Select((row, i) => i % 20 == 0 ? row with { Label = row.Label + 500 } : row)];
        double squares =
            ErrorOfModel(Loss.HalfSquaredError), huber = ErrorOfModel(Loss.Huber(0.1)), absolute = ErrorOfModel(Loss.MeanAbsoluteError);
        Assert.True(huber < squares / 3, $"Huber {huber}, squares {squares}");
        Assert.True(absolute < squares / 3, $"absolute {absolute}, squares {squares}");

        double ErrorOfModel(Loss loss)
        {
            float[][] scores = FitAndScore(spoiled, new() { Loss = loss, HiddenLayers = [] }).Scores();
            return scores.Zip(clean, (score, row) => Math.Abs(score[0] - row.Label)).Average();
        }
    }

    [Fact]
    public void PoissonFindsRatesAboveZeroInTheUnitOfTheLabel()
    {
        // The rate is e^(6 + x) with x in [0, 1]; the mean over rows of equal x is exact.
        Row[] rows = [.. Enumerable.Range(0, Rows).Select(i => i % 30 / 29f).Select(
            x => new Row { Features = [x, -x], Label = MathF.Round(MathF.Exp(6 + x)) })];
        var options =
            new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                Loss = Loss.Poisson,
                HiddenLayers = [],
                ValidationFraction = 0,
                Seed = 1,
            };
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(data);
        Assert.All(
            model.Transform(data).Scores().Zip(rows), pair => Assert.Equal(pair.Second.Label, pair.First[0], 0.01 * pair.Second.Label));

        Network<float> network = model.Model.Network;
        Assert.Equal("exponential", network.Layers[^1].Activation.ToString());
        Assert.Equal(0, network.OutputScaling!.Offsets[0]);
        Assert.Equal(rows.Average(row => row.Label), 1 / network.OutputScaling.Scales[0], 1e-2);
    }

    [Fact]
    public void PoissonTakesLabelsThatAreAllZero()
    {
        Row[] rows = [.. NoisyRows().Select(row => row with { Label = 0 })];
        float[][] scores = FitAndScore(rows, new() { Loss = Loss.Poisson, HiddenLayers = [] }).Scores();
        Assert.All(scores, score => Assert.InRange(score[0], 0, 0.1f));
    }

    [Fact]
    public void PoissonRefusesANegativeLabel()
    {
        Row[] rows = [.. NoisyRows()[..5], new Row { Features = [1, 1], Label = -3 }];
        var error = Assert.Throws<InvalidOperationException>(() => FitAndScore(rows, new() { Loss = Loss.Poisson }));
        Assert.Contains("'Label'", error.Message, StringComparison.Ordinal);
        Assert.Contains("-3", error.Message, StringComparison.Ordinal);
        Assert.Contains("poisson", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<Loss> LossesOfClasses => [Loss.BinaryCrossEntropy(), Loss.CategoricalCrossEntropy()];

    [Theory]
    [MemberData(nameof(LossesOfClasses))]
    public void ARegressionRefusesLossesOfClasses(Loss loss)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast) { Loss = loss }));
        Assert.Equal("Loss", error.ParamName);
        Assert.Contains(loss.Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARegressionNeedsALoss() => Assert.Throws<ArgumentOutOfRangeException>(
        () => _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast) { Loss = null! }));

    [Theory]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void SmoothingIsAShare(double smoothing)
    {
        var binary = new BackPropagationBinaryTrainer.Options(Preset.Fast) { LabelSmoothing = smoothing };
        var multiclass = new BackPropagationMulticlassTrainer.Options(Preset.Fast) { LabelSmoothing = smoothing };
        Assert.Equal(
            "LabelSmoothing",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.Trainers.BackPropagation(binary)).ParamName);
        Assert.Equal(
            "LabelSmoothing",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.BackPropagation(multiclass)).ParamName);
    }

    [Fact]
    public void SmoothingKeepsProbabilitiesFromTheEnds()
    {
        IDataView iris = TestData.Iris(_ml);
        float[][] plain = Fit(0), smooth = Fit(0.3);

        // With ε = 0.3 and three classes the best probability is 0.8, the others 0.1.
        Assert.InRange(plain.Average(scores => scores.Max()), 0.93, 1);
        Assert.InRange(smooth.Average(scores => scores.Max()), 0.72, 0.85);

        IDataView cancer = TestData.BreastCancer(_ml);
        var options = new BackPropagationBinaryTrainer.Options(Preset.Fast) { LabelSmoothing = 0.2 };
        float[] probabilities =
            _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(cancer).Transform(cancer).Values<float>("Probability");
        Assert.InRange(probabilities.Average(p => Math.Max(p, 1 - p)), 0.82, 0.93);

        float[][] Fit(double smoothing) => _ml.MulticlassClassification.Trainers
            .BackPropagation(
                new BackPropagationMulticlassTrainer.Options(Preset.Fast)
                {
                    LabelSmoothing = smoothing,
                    Seed = 1,
                }).Fit(iris).Transform(iris).Scores();
    }

    [Fact]
    public void WeightsOfClassesEqualWeightsOfRows()
    {
        // Row weights are divided by their mean; 20 rows of 0.5, 20 of 1 and 20 of 1.5 have the mean 1.
        IDataView data = Keyed(
            [.. ClassRows(20, 20, 20).Select(row => row with { Weight = row.Class == "a" ? 0.5f : row.Class == "b" ? 1 : 1.5f })]);
        float[][] byRows = Fit(data, options => options.ExampleWeightColumnName = "Weight");
        float[][] byClasses = Fit(data, options => options.ClassWeights = ClassWeights.Given(0.5, 1, 1.5));
        DataViews.AssertClose(byRows, byClasses, 1e-4);
        Assert.NotEqual(Fit(data, _ => { })[0][0], byClasses[0][0], 1e-3f);
    }

    [Fact]
    public void BalancedWeightsMakeUpForRareClasses()
    {
        // n/(K nₖ): 100/(3·70), 100/(3·25), 100/(3·5).
        IDataView data = Keyed(ClassRows(70, 25, 5));
        float[][] balanced = Fit(data, options => options.ClassWeights = ClassWeights.Balanced);
        DataViews.AssertClose(
            Fit(data, options => options.ClassWeights = ClassWeights.Given(100 / 210.0, 100 / 75.0, 100 / 15.0)), balanced, 1e-4);
        Assert.True(balanced.Average(s => s[2]) > 2 * Fit(data, _ => { }).Average(s => s[2]));
    }

    [Fact]
    public void BalancedWeightsCountTheWeightsOfRows()
    {
        Row[] rows = [.. ClassRows(10, 10, 10).Select(row => row with { Weight = row.Class == "a" ? 3 : row.Class == "b" ? 2 : 1 })];
        IDataView weighted = Keyed(rows);
        IDataView repeated = Keyed([.. rows.SelectMany(row => Enumerable.Repeat(row with { Weight = 1 }, (int)row.Weight))]);
        DataViews.AssertClose(Fit(repeated, Balanced, weighted), Fit(weighted, Balanced), 1e-4);

        static void Balanced(BackPropagationMulticlassTrainer.Options options)
        {
            options.ClassWeights = ClassWeights.Balanced;
            options.ExampleWeightColumnName = "Weight";
        }
    }

    [Fact]
    public void BinaryClassesHaveWeightsToo()
    {
        IDataView cancer = TestData.BreastCancer(_ml);
        double plain = Positive(null), balanced = Positive(ClassWeights.Balanced), heavy = Positive(ClassWeights.Given(1, 20));
        Assert.True(plain < balanced, $"{plain} < {balanced}");
        Assert.True(balanced < heavy, $"{balanced} < {heavy}");

        double Positive(ClassWeights? weights)
        {
            var options = new BackPropagationBinaryTrainer.Options(Preset.Fast)
            {
                ClassWeights = weights,
                HiddenLayers = [],
                NumberOfEpochs = 20,
                ValidationFraction = 0,
                Seed = 1,
            };
            return _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(cancer).Transform(cancer).Values<float>("Probability")
                .Average();
        }
    }

    [Fact]
    public void ThereIsAWeightForEveryClass()
    {
        var binary = new BackPropagationBinaryTrainer.Options(Preset.Fast) { ClassWeights = ClassWeights.Given(1, 2, 3) };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.Trainers.BackPropagation(binary));
        Assert.Contains("ClassWeights has 3 weights", error.Message, StringComparison.Ordinal);

        var multiclass = new BackPropagationMulticlassTrainer.Options(Preset.Fast) { ClassWeights = ClassWeights.Given(1, 2) };
        error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.MulticlassClassification.Trainers.BackPropagation(multiclass).Fit(TestData.Iris(_ml)));
        Assert.Contains("ClassWeights has 2 weights", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Label' has 3 classes", error.Message, StringComparison.Ordinal);

        Assert.Throws<ArgumentException>(() => ClassWeights.Given(1, -1));
        Assert.Throws<ArgumentException>(() => ClassWeights.Given(1));
    }

    [Fact]
    public void ClassWeightsAreValues()
    {
        Assert.Equal(ClassWeights.Given(1, 2), ClassWeights.Given(1, 2));
        Assert.Equal(ClassWeights.Given(1, 2).GetHashCode(), ClassWeights.Given(1, 2).GetHashCode());
        Assert.NotEqual(ClassWeights.Given(1, 2), ClassWeights.Given(2, 1));
        Assert.NotEqual(ClassWeights.Given(1, 2), ClassWeights.Balanced);
        Assert.Equal("balanced", ClassWeights.Balanced.ToString());
        Assert.Equal("1:2.5", ClassWeights.Given(1, 2.5).ToString());
    }

    private IDataView FitAndScore(Row[] rows, BackPropagationRegressionTrainer.Options options)
    {
        options.Seed = 1;
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Regression.Trainers.BackPropagation(options).Fit(data).Transform(data);
    }

    private float[][] Fit(IDataView data, Action<BackPropagationMulticlassTrainer.Options> set, IDataView? probe = null)
    {
        var options = new BackPropagationMulticlassTrainer.Options(Preset.Fast)
        {
            HiddenLayers = [],
            FeatureEncoding = FeatureEncoding.None,
            BatchSize = int.MaxValue,
            Optimizer = Optimizer.Momentum(0.1),
            Schedule = LearningRateSchedule.Constant,
            Regularization = new(),
            NumberOfEpochs = 200,
            ValidationFraction = 0,
            Seed = 1,
        };
        set(options);
        return _ml.MulticlassClassification.Trainers.BackPropagation(options).Fit(data).Transform(probe ?? data).Scores();
    }

    private IDataView Keyed(Row[] rows) =>
        TestData.Prepare(
            _ml.Data.LoadFromEnumerable(rows),
            _ml.Transforms.Conversion.MapValueToKey("Key", "Class").Append(_ml.Transforms.CopyColumns("Label", "Key")));

    /// <summary>A line with even noise around it.</summary>
    private static Row[] NoisyRows()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, Rows).Select(_ => (X: random.NextDouble(), Noise: random.NextDouble()))
            .Select(p => new Row { Features = [(float)p.X, (float)(p.X * p.X)], Label = (float)(100 + (50 * p.X) + (20 * p.Noise)) })];
    }

    /// <summary>Three classes that overlap.</summary>
    private static Row[] ClassRows(params int[] counts)
    {
        var random = new Random(4);
        return [.. counts.SelectMany((count, k) => Enumerable.Range(0, count).Select(_ => new Row
        {
            Class = ((char)('a' + k)).ToString(),
            Features = [(float)(k + (3 * random.NextDouble())), (float)random.NextDouble()],
            Weight = 1,
        }))];
    }

    private sealed record Row
    {
        public float Label { get; init; }

        public float Weight { get; init; }

        public string Class { get; init; } = "";

        [VectorType(2)]
        public float[] Features { get; init; } = [];
    }
}
