using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Tests;

/// <summary>A vector label makes a regression with several outputs, whose Score is a vector with the slot names of the label.</summary>
public sealed class VectorLabelTests
{
    private const string LengthAndWidth = "petal_length,petal_width";

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void PetalsFollowFromSepals()
    {
        var halves = _ml.Data.TrainTestSplit(Petals(), testFraction: 0.3, seed: 2);
        IDataView scored = _ml.Regression.Trainers.MultiOutputBackPropagation().Fit(halves.TrainSet).Transform(halves.TestSet);

        // Linear least squares on the same rows explains 0.85 and 0.73 of the variance, give or take a few hundredths a split.
        float[][] labels = scored.Values<VBuffer<float>>("Label").Select(v => v.DenseValues().ToArray()).ToArray();
        Assert.InRange(RSquared(labels, scored.Scores(), slot: 0), 0.82, 0.98);
        Assert.InRange(RSquared(labels, scored.Scores(), slot: 1), 0.72, 0.97);
    }

    [Fact]
    public void ScoreIsAVectorWithTheSlotNamesOfTheLabel()
    {
        IDataView data = Petals();
        var trainer = _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 2);
        var model = trainer.Fit(data);
        foreach (DataViewSchema schema in new[] { model.Transform(data).Schema, model.GetOutputSchema(data.Schema) })
        {
            DataViewSchema.Column score = schema["Score"];
            Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), score.Type);
            Assert.Equal(
                ["SlotNames", "ScoreColumnKind", "ScoreValueKind", "ScoreColumnSetId"],
                score.Annotations.Schema.Select(a => a.Name).OrderBy(Place));
            Assert.Equal(LengthAndWidth, SlotNames(score));
            ReadOnlyMemory<char> kind = default;
            score.Annotations.GetValue("ScoreColumnKind", ref kind);
            Assert.Equal("Regression", kind.ToString());
        }

        var parameters = model.Model;
        Assert.Equal(LengthAndWidth, string.Join(',', parameters.SlotNames));
        Assert.Equal(2, parameters.Network.Outputs);

        static int Place(string annotation) =>
            annotation == "SlotNames" ? 0 : annotation == "ScoreColumnKind" ? 1 : annotation == "ScoreValueKind" ? 2 : 3;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheTrainerPromisesWhatComes(bool named)
    {
        TextLoader loader = PetalLoader();
        IEstimator<ITransformer> trainer = _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 1);
        IDataView data = loader.Load(IrisFile);
        if (!named)
        {
            trainer = _ml.Transforms.CustomMapping<Unnamed, Unnamed>((from, to) => to.Label = from.Label, null).Append(trainer);
        }

        SchemaShape.Column promised = Assert.Single(loader.Append(trainer).GetOutputSchema(), column => column.Name == "Score");
        DataViewSchema.Column actual = trainer.Fit(data).Transform(data).Schema["Score"];
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, promised.Kind);
        Assert.Equal(NumberDataViewType.Single, promised.ItemType);
        Assert.Equal(actual.Annotations.Schema.Select(a => a.Name).Order(), promised.Annotations.Select(a => a.Name).Order());
        Assert.Equal(named, actual.Annotations.Schema.Any(a => a.Name == "SlotNames"));
    }

    [Fact]
    public void BlocksSingleRowsAndThePredictionEngineAgree()
    {
        IDataView data = Petals();
        ITransformer model = _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 5).Fit(data);
        float[][] scores = model.Transform(data).Scores();
        Assert.Equal(150, scores.Length);

        float[][] features = data.Values<VBuffer<float>>("Features").Select(v => v.DenseValues().ToArray()).ToArray();
        using var engine = _ml.Model.CreatePredictionEngine<Sepal, PetalScore>(model);
        DataViews.AssertClose(scores, features.Select(f => engine.Predict(new Sepal { Features = f }).Score).ToArray(), 1e-6);

        DataViewSchema output = model.GetOutputSchema(data.Schema);
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        using DataViewRow row = model.GetRowToRowMapper(data.Schema).GetRow(cursor, [output["Score"]]);
        ValueGetter<VBuffer<float>> read = row.GetGetter<VBuffer<float>>(row.Schema["Score"]);
        var single = new List<float[]>();
        while (cursor.MoveNext())
        {
            VBuffer<float> score = default;
            read(ref score);
            single.Add(score.DenseValues().ToArray());
        }

        DataViews.AssertClose(scores, [.. single], 1e-6);
    }

    [Fact]
    public void ASavedModelScoresTheSameHereAndInAnotherProcess()
    {
        IDataView data = Petals();
        ITransformer model = _ml.Transforms.NormalizeMinMax("Features").Append(
            _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 5)).Fit(data);
        IDataView reloaded = Processes.AssertLoadedModelsScoreTheSame(_ml, model, data);
        Assert.Equal(LengthAndWidth, SlotNames(reloaded.Schema["Score"]));
    }

    [Fact]
    public void ALoadedModelIsOfItsOwnType()
    {
        IDataView data = Petals();
        var loaded = Assert.IsType<BackPropagationTransformer<BackPropagationMultiOutputModelParameters>>(
            _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 1).Fit(data).SaveAndLoad(data.Schema));
        Assert.Equal(LengthAndWidth, string.Join(',', loaded.Model.SlotNames));
    }

    [Fact]
    public void AVectorOfOneIsStillAVector()
    {
        Row[] rows = [.. Enumerable.Range(0, 30).Select(i => new Row { Features = [i, -i], Label = [2 * i] })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows, Row.Schema(1));
        IDataView scored = _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 1)
            .Fit(data).Transform(data);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 1), scored.Schema["Score"].Type);
        Assert.All(scored.Scores(), score => Assert.Single(score));
    }

    [Fact]
    public void EveryOutputLearnsItsOwnTarget()
    {
        // Targets of very different size: each is scaled by itself.
        var random = new Random(1);
        Row[] rows = [.. Enumerable.Range(0, 200).Select(_ => (float)random.NextDouble()).Select(x =>
            new Row { Features = [x, x * x], Label = [1e-3f * x, 5000 - (1e4f * x)] })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows, Row.Schema(2));
        float[][] scores = _ml.Regression.Trainers.MultiOutputBackPropagation().Fit(data).Transform(data).Scores();
        float[][] labels = [.. rows.Select(row => row.Label)];
        Assert.InRange(RSquared(labels, scores, 0), 0.995, 1);
        Assert.InRange(RSquared(labels, scores, 1), 0.995, 1);
    }

    [Fact]
    public void ARowWithOneMissingTargetIsSkippedAndCounted()
    {
        Row[] rows = [.. Enumerable.Range(0, 40).Select(i => new Row { Features = [i, i % 7], Label = [i, -i] })];
        Row[] more =
        [
            new() { Features = [1, 1], Label = [1, float.NaN] },
            .. rows,
            new() { Features = [1, 1], Label = [float.PositiveInfinity, 1] },
            new() { Features = [1, float.NaN], Label = [1, 1] },
        ];
        List<string> warnings = [];
        _ml.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(e.Message);
            }
        };

        DataViews.AssertSameBits(FitAndScore(rows), FitAndScore(more));
        string warning = Assert.Single(warnings);
        Assert.Contains("Skipped 3 of 43 rows", warning, StringComparison.Ordinal);
        Assert.Contains("2 with a missing label", warning, StringComparison.Ordinal);

        float[][] FitAndScore(Row[] training) => _ml.Regression.Trainers.MultiOutputBackPropagation(Options())
            .Fit(_ml.Data.LoadFromEnumerable(training, Row.Schema(2)))
            .Transform(_ml.Data.LoadFromEnumerable(rows, Row.Schema(2)))
            .Scores();
    }

    [Fact]
    public void ValidationRowsAndWeightsWorkAsForOneTarget()
    {
        IDataView data = Petals();
        var model = _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 3).Fit(data).Model;
        Assert.All(model.History, epoch => Assert.NotNull(epoch.ValidationLoss));
        Assert.All(_ml.Regression.Trainers.MultiOutputBackPropagation(Options()).Fit(data, data).Model.History, epoch =>
            Assert.True(epoch.ValidationLoss < epoch.TrainingLoss * 2));
    }

    [Fact]
    public void ValidationDataWithOtherTargetsIsRefused()
    {
        IDataView one = _ml.Data.LoadFromEnumerable([new Row { Features = [1, 2], Label = [3] }], Row.Schema(1));
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.MultiOutputBackPropagation().Fit(Petals(), one));
        Assert.Contains("labels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AVectorOfUnknownSizeIsRefused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Row { Features = [1, 2], Label = [3] }]);
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.MultiOutputBackPropagation().Fit(data));
        Assert.Contains("Label", error.Message, StringComparison.Ordinal);
        Assert.Contains("known-size vector of Single", error.Message, StringComparison.Ordinal);
    }

    private static string IrisFile => Path.Combine(AppContext.BaseDirectory, "data", "iris.csv");

    private static BackPropagationMultiOutputTrainer.Options Options() =>
        new() { NumberOfEpochs = 20, BatchSize = int.MaxValue, ValidationFraction = 0, Seed = 3 };

    private static TextLoader.Column[] Columns() =>
        [new TextLoader.Column("Features", DataKind.Single, 0, 1), new TextLoader.Column("Label", DataKind.Single, 2, 3)];

    /// <summary>Iris: length and width of the petals, to be predicted from those of the sepals. The header names the slots.</summary>
    private IDataView Petals() => PetalLoader().Load(IrisFile);

    private TextLoader PetalLoader() =>
        _ml.Data.CreateTextLoader(Columns(), ',', hasHeader: true, dataSample: new MultiFileSource(IrisFile));

    private static double RSquared(float[][] labels, float[][] scores, int slot)
    {
        double mean = labels.Average(label => label[slot]);
        return 1 - (labels.Zip(scores, (y, a) => Math.Pow(y[slot] - a[slot], 2)).Sum() / labels.Sum(y => Math.Pow(y[slot] - mean, 2)));
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

        public float[] Label { get; set; } = [];

        /// <summary>The columns, with as many targets.</summary>
        public static SchemaDefinition Schema(int targets)
        {
            var schema = SchemaDefinition.Create(typeof(Row));
            schema[nameof(Label)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, targets);
            return schema;
        }
    }

    private sealed class Unnamed
    {
        [VectorType(2)]
        public float[] Label { get; set; } = [];
    }

    private sealed class Sepal
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class PetalScore
    {
        public float[] Score { get; set; } = [];
    }
}
