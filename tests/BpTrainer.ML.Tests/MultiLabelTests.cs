using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>A vector of yes and no makes a multi-label classification, whose columns are vectors with the label's slot names.</summary>
public sealed class MultiLabelTests
{
    private const string LongAndWide = "IsLong,IsWide";

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];

    public MultiLabelTests() => _ml.Log += (_, e) =>
    {
        if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
        {
            _warnings.Add(e.Message);
        }
    };

    [Theory]
    [InlineData(null)]
    [InlineData("logistic")]
    [InlineData("tanh")]
    public void EveryLabelIsLearned(string? squaredErrorBehind)
    {
        var halves = _ml.Data.TrainTestSplit(Iris(), testFraction: 0.3, seed: 2);
        BackPropagationMultiLabelTrainer.Options options = Options(epochs: 200);
        options.Loss = squaredErrorBehind is null ? null : Loss.HalfSquaredError;
        options.OutputActivation = squaredErrorBehind is null ? null : Activation.Parse(squaredErrorBehind);
        IDataView scored = Trainer(options).Fit(halves.TrainSet).Transform(halves.TestSet);
        MultiLabelClassificationMetrics metrics = _ml.BinaryClassification.EvaluateMultiLabel(scored, "Labels");
        Assert.InRange(metrics.SubsetAccuracy, 0.9, 1);
        Assert.InRange(metrics.HammingLoss, 0, 0.06);
        Assert.InRange(metrics.LogLoss, 0, 0.2);
    }

    [Fact]
    public void ColumnsAreVectorsWithTheSlotNamesOfTheLabel()
    {
        var model = Trainer(Options()).Fit(Iris());
        DataViewSchema schema = model.Transform(Iris()).Schema;
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), schema["Score"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), schema["Probability"].Type);
        Assert.Equal(new VectorDataViewType(BooleanDataViewType.Instance, 2), schema["PredictedLabel"].Type);
        Assert.All(["Score", "Probability", "PredictedLabel"], name => Assert.Equal(LongAndWide, SlotNames(schema[name])));
        Assert.Equal(LongAndWide, string.Join(',', model.Model.SlotNames));
    }

    [Fact]
    public void ScoreIsTheLogOddsOfTheProbability()
    {
        IDataView scored = Trainer(Options()).Fit(Iris()).Transform(Iris());
        object[][] labels = scored.Rows("PredictedLabel");
        foreach (((float[] score, float[] p), object[] label) in scored.Vectors("Score").Zip(scored.Vectors("Probability")).Zip(labels))
        {
            DataViews.AssertClose([[.. score.Select(s => 1 / (1 + MathF.Exp(-s)))]], [p], 1e-6);
            Assert.Equal(score.Select(s => (object)(s > 0)), label);
        }
    }

    [Fact]
    public void AnEnsemblePredictsTheMeanOfTheProbabilities()
    {
        BackPropagationMultiLabelTrainer.Options options = Options();
        options.Ensemble = 3;
        var model = Trainer(options).Fit(Iris());
        float[][] probabilities = model.Transform(Iris()).Vectors("Probability"), features = Iris().Vectors("Features");
        NetworkEnsemble<float> ensemble = model.Model.Ensemble!;
        for (int row = 0; row < features.Length; row += 7)
        {
            var mean = new float[2];
            foreach ((Network<float> network, double weight) in ensemble.Networks.Zip(ensemble.Weights))
            {
                mean = [.. mean.Zip(network.Outputs(features[row]), (sum, p) => sum + ((float)weight * p))];
            }

            DataViews.AssertClose([mean], [probabilities[row]], 1e-5);
        }
    }

    [Fact]
    public void FlagsAndNumbersGiveTheSameModel()
    {
        Row[] rows = Rows();
        BackPropagationMultiLabelTrainer.Options flags = Options(label: "Flags"), numbers = Options(label: "Numbers");
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        Assert.Equal(Trainer(flags).Fit(data).Model.Network.ToBytes(), Trainer(numbers).Fit(data).Model.Network.ToBytes());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0.5f)]
    [InlineData(-1)]
    public void OtherValuesAreRefusedWithTheirRow(float value)
    {
        Row[] rows = Rows();
        rows[7].Numbers[1] = value;
        var error = Assert.Throws<InvalidOperationException>(
            () => Trainer(Options(label: "Numbers")).Fit(_ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains(
            FormattableString.Invariant($"Column 'Numbers' has the label {value} in slot 1 of row 7, but each must be 0 or 1."),
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARowWithAMissingLabelIsLeftOutAndCounted()
    {
        Row[] rows = Rows();
        rows[7].Numbers[1] = float.NaN;
        Trainer(Options(label: "Numbers")).Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.Contains(_warnings, warning => warning.Contains("1 with a missing label", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Species", "String")]
    [InlineData("feature0", "Single")]
    public void OtherLabelsAreRefused(string column, string type)
    {
        IDataView data = TestData.Prepare(TestData.IrisColumns(_ml), _ml.Transforms.Concatenate("Features", "feature1"));
        string message = Assert.ThrowsAny<ArgumentException>(() => Trainer(Options(label: column)).Fit(data)).Message;
        Assert.Contains("known-size vector of Boolean or Single", message, StringComparison.Ordinal);
        Assert.Contains(type, message, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsOfOneKindMakeAModelOfIt()
    {
        // By the rule of succession each label of 20 rows has the probability 21/22, or 1/22.
        Row[] rows = [.. Enumerable.Range(0, 20).Select(i => new Row { Features = [i, -i], Flags = [true, false] })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var model = Trainer(Options(label: "Flags")).Fit(data);
        Assert.Equal(StopReason.OneClass, model.Model.StopReason);
        Assert.Contains(_warnings, warning => warning.Contains("same label in column 'Flags'", StringComparison.Ordinal));
        Assert.All(model.Transform(data).Vectors("Probability"), p => DataViews.AssertClose([[21 / 22f, 1 / 22f]], [p], 1e-6));
    }

    [Fact]
    public void LabelsThatFollowFromNothingAreWarnedOf()
    {
        var random = new Random(3);
        Row[] rows = [.. Enumerable.Range(0, 400).Select(_ => new Row
        {
            Features = [random.NextSingle(), random.NextSingle()],
            Flags = [random.Next(2) == 0, random.Next(4) == 0],
        })];
        Trainer(Options(label: "Flags", epochs: 5)).Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.Contains(_warnings, warning => warning.Contains("the shares of the labels for every row", StringComparison.Ordinal));
    }

    [Fact]
    public void StreamedRowsLearnAsThoseInMemory()
    {
        BackPropagationMultiLabelTrainer.Options options = Options(label: "Flags", epochs: 60);
        options.MaximumMemory = 2000;
        IDataView data = _ml.Data.LoadFromEnumerable(Rows());
        var model = Trainer(options).Fit(data);
        Assert.InRange(_ml.BinaryClassification.EvaluateMultiLabel(model.Transform(data), "Flags").HammingLoss, 0, 0.1);
    }

    [Fact]
    public void BlocksSingleRowsAndThePredictionEngineAgree()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows());
        var model = Trainer(Options(label: "Flags")).Fit(data);
        float[][] scores = model.Transform(data).Scores(), probabilities = model.Transform(data).Vectors("Probability");
        DataViews.AssertClose(scores, DataViews.SingleRowScores(model, data), 1e-5);
        using var engine = _ml.Model.CreatePredictionEngine<Row, Prediction>(model);
        Row[] rows = Rows();
        for (int i = 0; i < rows.Length; i += 9)
        {
            Prediction prediction = engine.Predict(rows[i]);
            DataViews.AssertClose([scores[i], probabilities[i]], [prediction.Score, prediction.Probability], 1e-5);
            Assert.Equal(scores[i].Select(score => score > 0), prediction.PredictedLabel);
        }
    }

    [Fact]
    public void ASavedModelScoresTheSameHereAndInAnotherProcess()
    {
        IDataView data = Iris();
        ITransformer model = _ml.Transforms.NormalizeMinMax("Features").Append(Trainer(Options())).Fit(data);
        IDataView reloaded = Processes.AssertLoadedModelsScoreTheSame(_ml, model, data);
        Assert.Equal(LongAndWide, SlotNames(reloaded.Schema["PredictedLabel"]));
    }

    [Fact]
    public void TrainingIsContinuedWithTheLabelsInOrder()
    {
        var model = Trainer(Options()).Fit(Iris());
        IDataView swapped = TestData.Prepare(Iris(), _ml.Transforms.Concatenate("Labels", "IsWide", "IsLong"));
        var continued = Trainer(Options()).Fit(swapped, null, model);
        Assert.Equal("IsWide,IsLong", string.Join(',', continued.Model.SlotNames));
        IDataView scored = continued.Transform(swapped);
        Assert.InRange(_ml.BinaryClassification.EvaluateMultiLabel(scored, "Labels").HammingLoss, 0, 0.2);
    }

    [Fact]
    public void CrossValidationTakesIt()
    {
        var folds = _ml.BinaryClassification.CrossValidateMultiLabel(Iris(), Trainer(Options(epochs: 100)), 3, "Labels", seed: 1);
        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.MicroF1, 0.85, 1));
    }

    [Fact]
    public void LabelSmoothingMovesTheTargets()
    {
        // One neuron a label with weights of 0: a = ½. The first label is yes, yes, no; with ε = 0.4 its targets are 0.8, 0.8, 0.2, and
        // the mean of a − y is −0.1, without −1/6; a step with η = 0.5 makes the bias 0.05 or 1/12. The second label is its opposite.
        IDataView data = _ml.Data.LoadFromEnumerable(
            new Row[] { new() { Features = [0, 0], Flags = [true, false] }, new() { Features = [0, 0], Flags = [true, false] },
                new() { Features = [0, 0], Flags = [false, true] } });
        var smooth = new BackPropagationMultiLabelTrainer.Options(Preset.Textbook)
        {
            LabelColumnName = "Flags",
            HiddenLayers = [],
            OutputInitializer = Initializer.Zero,
            BatchSize = int.MaxValue,
            NumberOfEpochs = 1,
        };
        DataViews.AssertClose([[1 / 12f, -1 / 12f]], [Trainer(smooth).Fit(data).Model.Network.Layers[0].Biases.ToArray()], 1e-6);
        smooth.LabelSmoothing = 0.4;
        DataViews.AssertClose([[0.05f, -0.05f]], [Trainer(smooth).Fit(data).Model.Network.Layers[0].Biases.ToArray()], 1e-6);
        smooth.Loss = Loss.HalfSquaredError;
        Assert.Contains("LabelSmoothing is 0.4", Assert.ThrowsAny<ArgumentException>(() => Trainer(smooth)).Message);
    }

    private BackPropagationMultiLabelTrainer Trainer(BackPropagationMultiLabelTrainer.Options options) =>
        _ml.BinaryClassification.Trainers.MultiLabelBackPropagation(options);

    private static BackPropagationMultiLabelTrainer.Options Options(int epochs = 10, string label = "Labels") => new(Preset.Fast)
    {
        LabelColumnName = label,
        HiddenLayers = [16],
        NumberOfEpochs = epochs,
        Seed = 1,
    };

    private IDataView Iris() => TaskCase.SeveralLabels.Load(_ml);

    /// <summary>The signs of two features.</summary>
    private static Row[] Rows()
    {
        var random = new Random(1);
        float[][] features = [.. Enumerable.Range(0, 200).Select(_ => new[] { random.NextSingle() - 0.5f, random.NextSingle() - 0.5f })];
        return
        [
            .. features.Select(x => new Row
            {
                Features = x,
                Flags = [x[0] > 0, x[1] > 0],
                Numbers = [x[0] > 0 ? 1 : 0, x[1] > 0 ? 1 : 0],
            }),
        ];
    }

    private static string SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return string.Join(',', names.DenseValues());
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public bool[] Flags { get; set; } = [];

        [VectorType(2)]
        public float[] Numbers { get; set; } = [0, 0];
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];

        public float[] Probability { get; set; } = [];

        public bool[] PredictedLabel { get; set; } = [];
    }
}
