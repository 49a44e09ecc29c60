using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Codes of the features in the models of ML.NET: which networks read them, and that everything works with them.</summary>
public class FeatureEncodingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(1, new[] { true })]
    [InlineData(2, new[] { true, false })]
    [InlineData(5, new[] { true, false, true, false, true })]
    public void AutoEncodesEverySecondNetwork(int size, bool[] encoded)
    {
        NetworkEnsemble<float>? ensemble = Fit(FeatureEncoding.Auto, size).Ensemble;
        IReadOnlyList<Network<float>> networks = ensemble?.Networks ?? [Fit(FeatureEncoding.Auto, size).Network];
        Assert.Equal(encoded, networks.Select(network => network.InputEncoding is not null));
        Assert.All(networks, network => Assert.Equal(
            network.InputEncoding is null ? Activation.SiLU : Activation.ReLU, network.Layers[0].Activation));
        Assert.Equal(1, ensemble?.Weights.Sum() ?? 1, tolerance: 1e-12);
    }

    [Theory]
    [InlineData("None", 0)]
    [InlineData("PiecewiseLinear(8)", 3)]
    public void AChoiceHoldsForEveryNetwork(string choice, int encoded)
    {
        FeatureEncoding encoding = choice == "None" ? FeatureEncoding.None : FeatureEncoding.PiecewiseLinear(8);
        Assert.Equal(choice, encoding.ToString());
        IReadOnlyList<Network<float>> networks = Fit(encoding, size: 3).Ensemble!.Networks;
        Assert.Equal(encoded, networks.Count(network => network.InputEncoding is not null));
        Assert.All(networks, network => Assert.All(
            Enumerable.Range(0, network.InputEncoding?.Columns ?? 0),
            column => Assert.InRange(network.InputEncoding!.EdgesOf(column).Length, 0, 9)));
    }

    [Fact]
    public void AFeatureOfTwoValuesHasNoCodes()
    {
        // The second feature of the diabetes data is the sex.
        PiecewiseLinearEncoding encoding = Fit(FeatureEncoding.PiecewiseLinear(), size: 1).Network.InputEncoding!;
        Assert.True(encoding.EdgesOf(1).IsEmpty);
        Assert.False(encoding.EdgesOf(0).IsEmpty);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(1025)]
    public void TheNumberOfBinsHasARange(int bins) =>
        Assert.Contains("from 2 to 1024", Assert.Throws<ArgumentOutOfRangeException>(() => FeatureEncoding.PiecewiseLinear(bins)).Message);

    [Fact]
    public void WhatDoesNotGoWithCodesIsRefusedUnlessItIsAuto()
    {
        IDataView data = TestData.Diabetes(_ml);
        Assert.Null(With(FeatureEncoding.Auto, new() { InputDropout = 0.1 }).Fit(data).Model.Network.InputEncoding);
        var error = Assert.Throws<ArgumentException>(
            () => With(FeatureEncoding.PiecewiseLinear(), new() { InputDropout = 0.1 }).Fit(data));
        Assert.Contains("InputDropout 0.1", error.Message, StringComparison.Ordinal);

        BackPropagationRegressionTrainer With(FeatureEncoding encoding, Regularization regularization) =>
            _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                FeatureEncoding = encoding,
                Regularization = regularization,
                NumberOfEpochs = 2,
            });
    }

    [Fact]
    public void SparseFeaturesHaveNoCodesByDefault()
    {
        IDataView words = TestData.Prepare(
            TestData.IrisColumns(_ml),
            _ml.Transforms.Text.FeaturizeText("Features", "Species").Append(_ml.Transforms.Conversion.MapValueToKey("Label", "Species")));
        var model = _ml.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 2).Fit(words);
        Assert.All(model.Model.Ensemble!.Networks, network => Assert.Null(network.InputEncoding));
    }

    [Fact]
    public void AModelIsSavedAndScoresRowsOneByOneAndInBlocks()
    {
        IDataView data = TestData.Diabetes(_ml);
        ITransformer model = Trainer(FeatureEncoding.Auto, size: 2).Fit(data);
        float[] scores = [.. model.Transform(data).GetColumn<float>("Score")];
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = _ml.Model.Load(stream, out _);
        Assert.Equal(scores, loaded.Transform(data).GetColumn<float>("Score"));

        PredictionEngine<Patient, Prediction> engine = _ml.Model.CreatePredictionEngine<Patient, Prediction>(loaded);
        float[][] rows = [.. data.GetColumn<float[]>("Features")];
        for (int row = 0; row < 50; row++)
        {
            Assert.Equal(scores[row], engine.Predict(new Patient { Features = rows[row] }).Score, 1e-3 * Math.Abs(scores[row]));
        }
    }

    [Fact]
    public void StreamedRowsChooseTheEdgesThatRowsInMemoryDo()
    {
        IDataView data = TestData.Diabetes(_ml);
        PiecewiseLinearEncoding Encoding(long? memory) => _ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                MaximumMemory = memory,
                NumberOfEpochs = 2,
                ValidationFraction = 0,
            }).Fit(data).Model.Network.InputEncoding!;

        PiecewiseLinearEncoding expected = Encoding(null), streamed = Encoding(8_000);
        for (int c = 0; c < expected.Columns; c++)
        {
            Assert.Equal(expected.EdgesOf(c).ToArray(), streamed.EdgesOf(c).ToArray());
        }
    }

    [Fact]
    public void TrainingContinuesWithTheEdgesOfTheModel()
    {
        IDataView data = TestData.Diabetes(_ml);
        var model = Trainer(FeatureEncoding.Auto, size: 2).Fit(data);
        IDataView half = _ml.Data.TakeRows(data, 200);
        var continued = Trainer(FeatureEncoding.Auto, size: 2, model).Fit(half);
        for (int k = 0; k < 2; k++)
        {
            PiecewiseLinearEncoding? before = model.Model.Ensemble!.Networks[k].InputEncoding;
            PiecewiseLinearEncoding? after = continued.Model.Ensemble!.Networks[k].InputEncoding;
            Assert.Equal(before is null, after is null);
            for (int c = 0; c < before?.Columns; c++)
            {
                Assert.Equal(before.EdgesOf(c).ToArray(), after!.EdgesOf(c).ToArray());
            }
        }
    }

    private BackPropagationRegressionModelParameters Fit(FeatureEncoding encoding, int size) =>
        Trainer(encoding, size).Fit(TestData.Diabetes(_ml)).Model;

    private BackPropagationRegressionTrainer Trainer(FeatureEncoding encoding, int size, ITransformer? initialModel = null) =>
        _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options
        {
            FeatureEncoding = encoding,
            Ensemble = size,
            HiddenLayers = [20],
            NumberOfEpochs = 5,
            InitialModel = initialModel,
        });

    private sealed class Patient
    {
        [VectorType(10)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
