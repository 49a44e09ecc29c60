using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Several quantiles in one model: they are in order, cover their shares and have names.</summary>
public class QuantileTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void AnIntervalHoldsItsShareOfNewDiabetesPatients()
    {
        // Five folds: every patient is predicted by a model that has not seen it. Two standard errors of 442 draws are 0.04 at 0.8 and 0.05 at 0.5.
        var folds = _ml.Data.CrossValidationSplit(TestData.Diabetes(_ml), numberOfFolds: 5, seed: 2);
        var rows = folds.SelectMany(fold =>
        {
            IDataView scored = Trainer([0.1, 0.5, 0.9]).Fit(fold.TrainSet).Transform(fold.TestSet);
            return scored.Values<float>("Label").Zip(scored.Scores(), (Label, Scores) => (Label, Scores));
        }).ToArray();
        Assert.Equal(442, rows.Length);
        AssertInOrder(rows.Select(row => row.Scores));
        Assert.InRange(rows.Average(row => row.Label < row.Scores[1] ? 1 : 0), 0.43, 0.57);
        Assert.InRange(rows.Average(row => row.Label >= row.Scores[0] && row.Label <= row.Scores[2] ? 1 : 0), 0.72, 0.86);

        // The interval is worth having: it is narrower than that between the same shares of all labels, 72 to 265.
        Assert.True(rows.Average(row => row.Scores[2] - row.Scores[0]) < 170);
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
        float[][] expected = [.. Enumerable.Range(1, 9).Select(i => taus.Select(tau => (float)((0.2 * i) + ((0.5 + (0.1 * i)) * tau))).ToArray())];
        DataViews.AssertClose(expected, scores, 0.1);
    }

    [Fact]
    public void TheSlotsAreNamedAndSavedAndPromised()
    {
        IDataView data = TestData.Diabetes(_ml);
        BackPropagationRegressionTrainer trainer = Trainer([0.05, 0.5, 0.95]);
        ITransformer model = trainer.Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        IDataView scored = model.Transform(data), reloaded = new MLContext().Model.Load(stream, out _).Transform(data);
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
            scored.Schema["Score"].Annotations.Schema.Select(annotation => annotation.Name).Order(), promised.Annotations.Select(annotation => annotation.Name).Order());
    }

    [Fact]
    public void TheyAreInOrderFarOutsideTheDataAndInAnEnsembleToo()
    {
        IDataView far = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Row { Features = [(i - 100) * 1e4f] }));
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Row { Features = [i], Label = i % 10 }));
        foreach (int networks in new[] { 1, 3 })
        {
            var options = new BackPropagationRegressionTrainer.Options
            {
                Quantiles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
                Activation = Activation.ReLU,
                NumberOfNetworks = networks,
                AverageNetworks = true,
                Seed = 1,
            };
            AssertInOrder(_ml.Regression.Trainers.BackPropagation(options).Fit(data).Transform(far).Scores());
        }
    }

    [Theory]
    [InlineData(new double[0], "is empty")]
    [InlineData(new[] { 0.0, 0.5 }, "share 0 at place 1")]
    [InlineData(new[] { 0.5, 1.0 }, "share 1 at place 2")]
    [InlineData(new[] { 0.9, 0.1 }, "share 0.1 at place 2")]
    [InlineData(new[] { double.NaN }, "share NaN at place 1")]
    public void SharesOutOfRangeAreRefused(double[] taus, string expected)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => Trainer(taus));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherLossOrAVectorLabelIsRefused()
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options { Quantiles = [0.5], Loss = Loss.Huber() }));
        Assert.Contains("leave Loss out", error.Message, StringComparison.Ordinal);
        IDataView vectors = _ml.Data.LoadFromEnumerable([new VectorRow { Features = [1], Label = [1, 2] }]);
        error = Assert.ThrowsAny<ArgumentException>(() => Trainer([0.5]).Fit(vectors));
        Assert.Contains("Quantiles", error.Message, StringComparison.Ordinal);
    }

    private TextLoader DiabetesLoader() => _ml.Data.CreateTextLoader(
        [new TextLoader.Column("Features", DataKind.Single, 0, 9), new TextLoader.Column("Label", DataKind.Single, 10)], ',', hasHeader: true);

    private static void AssertInOrder(IEnumerable<float[]> scores) =>
        Assert.All(scores, row => Assert.All(row.Zip(row.Skip(1)), pair => Assert.True(pair.First <= pair.Second, string.Join(' ', row))));

    private BackPropagationRegressionTrainer Trainer(double[] taus, int[]? hidden = null) => _ml.Regression.Trainers.BackPropagation(
        new BackPropagationRegressionTrainer.Options { Quantiles = taus, HiddenLayers = hidden ?? [16], Seed = 4 });

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
}
