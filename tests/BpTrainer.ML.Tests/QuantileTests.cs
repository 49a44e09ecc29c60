using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Several quantiles in one model: they are in order, cover their shares and have names.</summary>
public class QuantileTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(0, 0.70, 0.80)]
    [InlineData(0.03, 0.74, 0.82)]
    public void AnIntervalHoldsNearlyItsShareOfNewDiabetesPatients(double penalty, double least, double most)
    {
        // Three times five folds, every patient predicted by a model that has not seen it. Quantiles that are learned from 354 patients lie
        // too near to each
        // other: of the interval for 80 % 73 % were measured, 77 % with a penalty. With scikit-learn 1.2.1 on such folds it is 69 % with
        // GradientBoostingRegressor(loss='quantile') and 77 % with QuantileRegressor(alpha=0), which is linear.
        (float Label, float[] Scores, float[] Constant)[] rows = HeldOut(TestData.Diabetes(_ml), repeats: 3, [0.1, 0.5, 0.9], penalty);
        Assert.Equal(3 * 442, rows.Length);
        AssertInOrder(rows.Select(row => row.Scores));
        Assert.InRange(Share(rows, row => row.Label < row.Scores[1]), 0.46, 0.56);
        Assert.InRange(Share(rows, row => row.Label >= row.Scores[0] && row.Label <= row.Scores[2]), least, most);

        // As many are missed on either side.
        Assert.InRange(Share(rows, row => row.Label < row.Scores[0]), 0.08, 0.17);
        Assert.InRange(Share(rows, row => row.Label > row.Scores[2]), 0.08, 0.17);

        // The interval is worth having: it is narrower than that between the same shares of all labels, 72 to 265.
        Assert.True(rows.Average(row => row.Scores[2] - row.Scores[0]) < 150);
    }

    [Fact]
    public void AnIntervalHoldsItsShareOfNewTumours()
    {
        // The worst radius from the ten mean sizes, which tell much of it.
        IDataView cancer = TestData.BreastCancer(_ml);
        IDataView data = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(cancer.Values<VBuffer<float>>("Features").Select(
            features => features.DenseValues().ToArray())
            .Select(sizes => new Tumour { Features = sizes[..10], Label = sizes[20] })));
        var rows = HeldOut(data, repeats: 1, [0.1, 0.5, 0.9], penalty: 0);
        Assert.InRange(Share(rows, row => row.Label >= row.Scores[0] && row.Label <= row.Scores[2]), 0.76, 0.86);
    }

    [Fact]
    public void EveryQuantileIsBetterThanThatOfAllLabels()
    {
        double[] taus = [0.1, 0.5, 0.9];
        var rows = HeldOut(TestData.Diabetes(_ml), repeats: 3, taus, penalty: 0);
        for (int k = 0; k < taus.Length; k++)
        {
            double model =
                rows.Average(row => Pinball(row.Label, row.Scores[k])), constant = rows.Average(row => Pinball(row.Label, row.Constant[k]));

            // Measured: 0.90, 0.69 and 0.72.
            Assert.InRange(model / constant, 0.5, k == 0 ? 0.95 : 0.8);

            double Pinball(double label, double quantile) => Math.Max(taus[k] * (label - quantile), (taus[k] - 1) * (label - quantile));
        }
    }

    [Fact]
    public void QuantilesOfAKnownSpreadAreFound()
    {
        // y = 2x + (0.5 + x)·u with u uniform in (0, 1): the quantile τ is 2x + (0.5 + x)τ.
        var random = new Random(3);
        Row[] rows = [.. Enumerable.Range(0, 4000).Select(_ =>
        {
            float x = (float)random.NextDouble();
            return new Row { Features = [x], Label = (2 * x) + ((0.5f + x) * (float)random.NextDouble()) };
        })];
        IDataView probe = _ml.Data.LoadFromEnumerable(Enumerable.Range(1, 9).Select(i => new Row { Features = [i / 10f] }));
        double[] taus = [0.05, 0.25, 0.5, 0.75, 0.95];
        float[][] scores = Trainer(taus, [20]).Fit(_ml.Data.LoadFromEnumerable(rows)).Transform(probe).Scores();
        float[][] expected =
        [
            .. Enumerable.Range(1, 9).Select(i => taus.Select(tau => (float)((0.2 * i) + ((0.5 + (0.1 * i)) * tau))).ToArray())
        ];
        DataViews.AssertClose(expected, scores, 0.1);
    }

    [Fact]
    public void TheSlotsAreNamedAndSavedAndPromised()
    {
        IDataView data = TestData.Diabetes(_ml);
        BackPropagationMultiOutputTrainer trainer = Trainer([0.05, 0.5, 0.95]);
        ITransformer model = trainer.Fit(data);
        IDataView scored = model.Transform(data), reloaded = model.SaveAndLoad(data.Schema).Transform(data);
        DataViews.AssertSameBits(scored.Scores(), reloaded.Scores());
        foreach (IDataView view in new[] { scored, reloaded })
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            view.Schema["Score"].GetSlotNames(ref names);
            Assert.Equal("q0.05 q0.5 q0.95", string.Join(' ', names.DenseValues()));
        }

        SchemaShape.Column promised = Assert.Single(DiabetesLoader().Append(trainer).GetOutputSchema(), column => column.Name == "Score");
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, promised.Kind);
        Assert.Equal(
            scored.Schema["Score"].Annotations.Schema.Select(annotation => annotation.Name).Order(),
            promised.Annotations.Select(annotation => annotation.Name).Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void TheyAreInOrderFarOutsideTheDataAndInAnEnsembleToo(int networks)
    {
        IDataView far = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 200).Select(i => new Row { Features = [(i - 100) * (i % 2 == 0 ? 1e4f : 1e30f)] }));
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Row { Features = [i], Label = i % 10 }));
        var options = new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
        {
            Loss = Loss.Quantiles(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
            HiddenLayers = HiddenLayers.Of(Activation.ReLU, 64),
            Ensemble = networks,
            Seed = 1,
        };
        AssertInOrder(_ml.Regression.Trainers.MultiOutputBackPropagation(options).Fit(data).Transform(far).Scores());
    }

    [Fact]
    public void ThePredictionEngineGivesTheQuantilesOfARow()
    {
        IDataView data = TestData.Diabetes(_ml);
        ITransformer model = _ml.Transforms.NormalizeMinMax("Features").Append(Trainer([0.25, 0.75])).Fit(data);
        float[][] expected = model.Transform(data).Scores();
        using var engine = _ml.Model.CreatePredictionEngine<Patient, Interval>(model);
        float[][] scores = [.. data.Values<VBuffer<float>>("Features").Select(
            features => engine.Predict(new Patient { Features = [.. features.DenseValues()] }).Score)];
        Assert.Equal(2, scores[0].Length);
        DataViews.AssertClose(expected, scores, 1e-5);
    }

    [Fact]
    public void StreamedRowsGiveTheSameQuantiles()
    {
        var messages = new List<string>();
        _ml.Log += (_, message) => messages.Add(message.Message);
        IDataView data = TestData.Diabetes(_ml);
        float[][] Scores(long? memory) => _ml.Regression.Trainers.MultiOutputBackPropagation(
            new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
            {
                Loss = Loss.Quantiles(0.1, 0.5, 0.9),
                MaximumMemory = memory,
                Shuffle = false,
                ValidationFraction = 0,
                BatchSize = 8,
                NumberOfEpochs = 5,
                Seed = 1,
            }).Fit(data).Transform(data).Scores();
        float[][] inMemory = Scores(null);
        Assert.DoesNotContain(messages, message => message.Contains("streamed in blocks", StringComparison.Ordinal));
        DataViews.AssertSameBits(inMemory, Scores(8_000));
        Assert.Contains(messages, message => message.Contains("streamed in blocks", StringComparison.Ordinal));
    }

    [Fact]
    public void AnEnsemblePredictsTheMeanOfItsQuantilesAndIsSaved()
    {
        IDataView data = TestData.Diabetes(_ml);
        var trained = _ml.Regression.Trainers.MultiOutputBackPropagation(
            new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
            {
                Loss = Loss.Quantiles(0.1, 0.9),
                Ensemble = 3,
                NumberOfEpochs = 20,
                Seed = 1,
            }).Fit(data);
        float[][] features = data.Vectors("Features");
        float[][] means = [.. features.Select(row =>
        {
            var sums = new double[2];
            foreach ((Network<float> network, double weight) in trained.Model.Ensemble!.Networks.Zip(trained.Model.Ensemble.Weights))
            {
                var outputs = new float[2];
                network.Predict(row, outputs);
                sums = [sums[0] + (weight * outputs[0]), sums[1] + (weight * outputs[1])];
            }

            return Array.ConvertAll(sums, sum => (float)sum);
        })];
        float[][] scores = trained.Transform(data).Scores();
        DataViews.AssertClose(means, scores, 1e-5);
        DataViews.AssertSameBits(scores, trained.SaveAndLoad(data.Schema).Transform(data).Scores());
    }

    [Fact]
    public void OneQuantileIsAVectorOfOne()
    {
        IDataView data = TestData.Diabetes(_ml);
        float[][] scores = Trainer([0.9]).Fit(data).Transform(data).Scores();
        Assert.All(scores, row => Assert.Single(row));
        Assert.InRange(data.Values<float>("Label").Zip(scores, (label, row) => label < row[0] ? 1.0 : 0).Average(), 0.8, 0.97);
    }

    [Theory]
    [InlineData(new double[0], "is empty")]
    [InlineData(new[] { 0.0, 0.5 }, "tau is 0, ")]
    [InlineData(new[] { 0.5, 1.0 }, "tau is 1, ")]
    [InlineData(new[] { 0.9, 0.1 }, "share 0.1 at place 2")]
    [InlineData(new[] { double.NaN }, "tau is NaN, ")]
    [InlineData(new[] { 0.2, 0.5, 0.5 }, "share 0.5 at place 3")]
    [InlineData(new[] { -0.1 }, "tau is -0.1, ")]
    [InlineData(new[] { 0.5, double.PositiveInfinity }, "tau is Infinity, ")]
    public void SharesOutOfRangeAreRefused(double[] taus, string expected)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => Trainer(taus));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AVectorLabelOrTheTrainerOfOneNumberIsRefused()
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast) { Loss = Loss.Quantiles(0.1, 0.5) }));
        Assert.Contains(
            "Loss is quantiles(0.1;0.5), which has several scores: use MultiOutputBackPropagation",
            error.Message,
            StringComparison.Ordinal);
        IDataView vectors = _ml.Data.LoadFromEnumerable([new VectorRow { Features = [1], Label = [1, 2] }]);
        error = Assert.ThrowsAny<ArgumentException>(() => Trainer([0.5]).Fit(vectors));
        Assert.Contains("Single, since the Loss is quantiles(0.5)", error.Message, StringComparison.Ordinal);
    }

    private TextLoader DiabetesLoader() => _ml.Data.CreateTextLoader(
        [new TextLoader.Column("Features", DataKind.Single, 0, 9), new TextLoader.Column("Label", DataKind.Single, 10)],
        ',',
        hasHeader: true);

    private static void AssertInOrder(IEnumerable<float[]> scores) =>
        Assert.All(scores, row => Assert.All(row.Zip(row.Skip(1)), pair => Assert.True(pair.First <= pair.Second, string.Join(' ', row))));

    /// <summary>
    /// Five folds, several times: labels, quantiles by a model of the other folds, and the quantiles of all labels of the other folds.
    /// </summary>
    private (float Label, float[] Scores, float[] Constant)[] HeldOut(IDataView data, int repeats, double[] taus, double penalty)
    {
        var trainer = _ml.Regression.Trainers.MultiOutputBackPropagation(
            new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
            {
                Loss = Loss.Quantiles(taus),
                Regularization = new Regularization { L2 = penalty },
                Seed = 4,
            });
        return [.. Enumerable.Range(1, repeats).SelectMany(
            seed => _ml.Data.CrossValidationSplit(data, numberOfFolds: 5, seed: seed)).SelectMany(fold =>
        {
            float[] labels = [.. fold.TrainSet.Values<float>("Label").Order()];
            float[] constant = [.. taus.Select(tau => labels[(int)(tau * labels.Length)])];
            IDataView scored = trainer.Fit(fold.TrainSet).Transform(fold.TestSet);
            return scored.Values<float>("Label").Zip(scored.Scores(), (label, scores) => (label, scores, constant));
        })];
    }

    private static double Share<T>(T[] rows, Func<T, bool> isSo) => rows.Average(row => isSo(row) ? 1.0 : 0);

    private BackPropagationMultiOutputTrainer Trainer(double[] taus, HiddenLayers? hidden = null) =>
        _ml.Regression.Trainers.MultiOutputBackPropagation(
            new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
            {
                Loss = Loss.Quantiles(taus),
                HiddenLayers = hidden ?? 16,
                Seed = 4,
            });

    private sealed class Row
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class VectorRow
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public float[] Label { get; set; } = [];
    }

    private sealed class Patient
    {
        [VectorType(TestData.DiabetesFeatures)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Interval
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Tumour
    {
        [VectorType(10)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
