using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Tests;

/// <summary>Regressions with several outputs are evaluated as scikit-learn does it.</summary>
public class MultiOutputEvaluationTests
{
    private static readonly string s_iris = Path.Combine(AppContext.BaseDirectory, "data", "iris.csv");

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];

    public MultiOutputEvaluationTests() => _ml.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning)
        {
            _warnings.Add(message.Message);
        }
    };

    [Fact]
    public void TheFiguresAreThoseOfScikitLearn()
    {
        // Figures of scikit-learn 1.2.1, where the sizes of sepals stand for predictions of those of petals:
        // t = numpy.loadtxt('iris.csv', delimiter=',', skiprows=1, usecols=range(4)); y, a = t[:, 2:], t[:, :2]
        // mean_absolute_error(y, a, multioutput=m), mean_squared_error(y, a, multioutput=m, squared=False), r2_score(y, a, multioutput=m)
        // for m = 'raw_values' and m = 'uniform_average'.
        IDataView data = _ml.Data.LoadFromTextFile(
            s_iris, new TextLoader.Options { Columns = Columns("Score", "Label"), Separators = [','], HasHeader = true });
        MultiOutputRegressionMetrics metrics = _ml.Regression.EvaluateMultiOutput(data);
        AssertClose(2.08533333, 2.36507928, -0.80700862, metrics.Outputs[0]);
        AssertClose(1.858, 2.11179229, -6.72727868, metrics.Outputs[1]);
        AssertClose(
            1.9716666666666662,
            2.2384357838104068,
            -3.767143648678445,
            metrics.MeanAbsoluteError,
            metrics.RootMeanSquaredError,
            metrics.RSquared);
    }

    [Fact]
    public void OneOutputIsEvaluatedAsByTheEvaluatorOfMLNet()
    {
        IDataView scored = _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 5)
            .Fit(Petals()).Transform(Petals());
        MultiOutputRegressionMetrics ours = _ml.Regression.EvaluateMultiOutput(scored);
        float[][] labels = [.. scored.Values<VBuffer<float>>("Label").Select(v => v.DenseValues().ToArray())];
        for (int slot = 0; slot < 2; slot++)
        {
            IDataView one = _ml.Data.LoadFromEnumerable(
                labels.Zip(scored.Scores(), (y, a) => new Pair { Label = y[slot], Score = a[slot] }));
            RegressionMetrics theirs = _ml.Regression.Evaluate(one);
            AssertClose(theirs.MeanAbsoluteError, theirs.RootMeanSquaredError, theirs.RSquared, ours.Outputs[slot]);
        }

        Assert.Equal(["petal_length", "petal_width"], ours.SlotNames);
    }

    [Fact]
    public void EveryRowIsHeldOutOnceInCrossValidation()
    {
        var results = _ml.Regression.CrossValidateMultiOutput(
            Petals(),
            _ml.Transforms.NormalizeMinMax("Features").Append(_ml.Regression.Trainers.MultiOutputBackPropagation()),
            numberOfFolds: 4,
            seed: 3);
        Assert.Equal([0, 1, 2, 3], results.Select(result => result.Fold));
        Assert.Equal(150, results.Sum(result => result.ScoredHoldOutSet.Scores().Length));
        foreach (var result in results)
        {
            MultiOutputRegressionMetrics again = _ml.Regression.EvaluateMultiOutput(result.ScoredHoldOutSet);
            Assert.Equal(Figures(again), Figures(result.Metrics));
        }

        // Linear least squares on all rows explains 0.868 and 0.747 of the variance.
        Assert.InRange(results.Average(result => result.Metrics.RSquared), 0.75, 0.95);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, 7)]
    [InlineData("Length", null)]
    [InlineData("Length", 7)]
    public void TheFoldsAreThoseOfTheCrossValidationOfMLNet(string? samplingKey, int? seed)
    {
        TextLoader.Column[] columns =
        [
            .. Columns("Features", "Label"), new TextLoader.Column("Number", DataKind.Single, 2),
            new TextLoader.Column("Length", DataKind.String, 0)
        ];
        IDataView data = _ml.Data.LoadFromTextFile(s_iris, columns, ',', hasHeader: true);
        var theirs = _ml.Regression.CrossValidate(
            data, _ml.Regression.Trainers.OnlineGradientDescent("Number"), 4, "Number", samplingKey, seed);
        var ours = _ml.Regression.CrossValidateMultiOutput(
            data, _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 1),
            4, samplingKeyColumnName: samplingKey, seed: seed);
        Assert.Equal(theirs.Select(fold => Sepals(fold.ScoredHoldOutSet)), ours.Select(fold => Sepals(fold.ScoredHoldOutSet)));
        if (samplingKey is not null)
        {
            // A length is in one fold only.
            string[][] lengths =
            [
                .. ours.Select(fold => fold.ScoredHoldOutSet.Values<ReadOnlyMemory<char>>(samplingKey))
                    .Select(texts => texts.Select(text => text.ToString()).Distinct().ToArray())
            ];
            Assert.Equal(35, lengths.Sum(fold => fold.Length));
            Assert.Equal(35, lengths.SelectMany(fold => fold).Distinct().Count());
        }

        static string Sepals(IDataView view) =>
            string.Join(' ', view.Values<VBuffer<float>>("Features").SelectMany(row => row.DenseValues()));
    }

    [Fact]
    public void TheModelsOfTheFoldsArePipelinesThatHaveNotSeenTheirFold()
    {
        IDataView petals = Petals();
        var pipeline = _ml.Transforms.NormalizeMeanVariance("Scaled", "Features").Append(
            _ml.Regression.Trainers.MultiOutputBackPropagation(featureColumnName: "Scaled", numberOfEpochs: 20));
        var folds = _ml.Data.CrossValidationSplit(petals, 3, seed: 5);
        foreach (var result in _ml.Regression.CrossValidateMultiOutput(petals, pipeline, 3, seed: 5))
        {
            float[][] expected = pipeline.Fit(folds[result.Fold].TrainSet).Transform(petals).Scores();
            DataViews.AssertSameBits(expected, result.Model.Transform(petals).Scores());
        }
    }

    [Fact]
    public void ColumnsMayHaveOtherNames()
    {
        TextLoader.Column[] columns = Columns("Sepals", "Petals");
        IDataView data = _ml.Data.LoadFromTextFile(s_iris, columns, ',', hasHeader: true);
        var trainer = _ml.Regression.Trainers.MultiOutputBackPropagation("Petals", "Sepals", numberOfEpochs: 20);
        IDataView scored = TestData.Prepare(
            data, trainer.Append(_ml.Transforms.CopyColumns("Predicted", "Score")).Append(_ml.Transforms.DropColumns("Score")));
        Assert.InRange(_ml.Regression.EvaluateMultiOutput(scored, "Petals", "Predicted").RSquared, 0.75, 0.95);
        var results = _ml.Regression.CrossValidateMultiOutput(data, trainer, 3, "Petals");
        Assert.InRange(results.Average(result => result.Metrics.RSquared), 0.7, 0.95);
    }

    [Fact]
    public void ARowWithoutLabelOrScoreIsLeftOut()
    {
        Row[] rows = [new() { Label = [1, 2], Score = [2, 2] }, new() { Label = [3, 6], Score = [3, 5] }];
        Row[] more =
        [
            rows[0],
            new() { Label = [float.NaN, 1], Score = [9, 9] },
            new() { Label = [9, 9], Score = [1, float.NaN] },
            new() { Label = [1, float.NaN], Score = [float.NaN, 9] },
            rows[1],
        ];
        Assert.Equal((0.5, Math.Sqrt(0.5), 0.5, 0.5), Figures(Evaluate(rows))[0]);
        Assert.Empty(Evaluate(rows).SlotNames);
        Assert.Empty(_warnings);
        Assert.Equal(Figures(Evaluate(rows)), Figures(Evaluate(more)));
        Assert.Contains(
            "Of 5 rows, 3 are left out of the evaluation: 2 have a missing label in column 'Label', " +
            "and 1 more have a missing score in column " +
            "'Score'.",
            Assert.Single(_warnings),
            StringComparison.Ordinal);
        var error = Assert.ThrowsAny<ArgumentException>(() => Evaluate(more[1..4]));
        Assert.Contains(
            "of 3 rows, 2 have a missing label in column 'Label', and 1 more have a missing score",
            error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => Evaluate([]));
    }

    [Fact]
    public void ARowThatScoresNaNIsLeftOutAsByTheEvaluatorOfMLNet()
    {
        // A row with a missing feature scores NaN.
        IDataView petals = Petals();
        ITransformer model = _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 5).Fit(petals);
        float[][] labels = petals.Vectors("Label");
        float[][] scores = model.Transform(petals).Scores();
        Row[] rows = [.. labels.Zip(scores, (label, score) => new Row { Label = label, Score = score })];
        rows[70].Score = [float.NaN, float.NaN];
        RegressionMetrics theirs = _ml.Regression.Evaluate(
            _ml.Data.LoadFromEnumerable(rows.Select(row => new Pair { Label = row.Label[1], Score = row.Score[1] })));
        AssertClose(theirs.MeanAbsoluteError, theirs.RootMeanSquaredError, theirs.RSquared, Evaluate(rows).Outputs[1]);
    }

    [Fact]
    public void WithoutSpreadOfTheLabelsRSquaredIsThatOfScikitLearn()
    {
        // r2_score([[3, 1], [3, 2]], [[3, 1], [3, 2]], multioutput='raw_values') of scikit-learn 1.2.1 is [1, 1], and with a score of 3.5
        // [0, 1].
        Row right = new() { Label = [3, 1], Score = [3, 1] }, alsoRight = new() { Label = [3, 2], Score = [3, 2] }, wrong = new()
        {
            Label = [3, 2],
            Score = [3.5f, 2],
        };
        Assert.Equal([1, 1], Evaluate([right, alsoRight]).Outputs.Select(output => output.RSquared));
        Assert.Equal([0, 1], Evaluate([right, wrong]).Outputs.Select(output => output.RSquared));
        Assert.Equal(0.5, Evaluate([right, wrong]).RSquared);
        Assert.True(double.IsNaN(Evaluate([wrong]).RSquared));
    }

    [Fact]
    public void ColumnsThatDoNotFitAreNamed()
    {
        IDataView petals = Petals();
        Refused(() => _ml.Regression.EvaluateMultiOutput(petals, scoreColumnName: "Nothing"), "Nothing");
        Refused(
            () => _ml.Regression.EvaluateMultiOutput(TestData.Diabetes(_ml), scoreColumnName: "Features"),
            "'Label'",
            "known-size vector of Single");
        Refused(
            () => _ml.Regression.EvaluateMultiOutput(_ml.Data.LoadFromTextFile(
                s_iris,
                [new TextLoader.Column("Score", DataKind.Single, 0, 2), new TextLoader.Column("Label", DataKind.Single, 2, 3)],
                ',',
                true)),
            "'Score'",
            "of size 2, as label column 'Label'",
            "Vector<Single, 3>");

        // A trainer of ML.NET's has one number for a score.
        IDataView numbers = _ml.Data.LoadFromTextFile(
            s_iris, [.. Columns("Features", "Label"), new TextLoader.Column("Number", DataKind.Single, 2)], ',', true);
        Refused(
            () => _ml.Regression.CrossValidateMultiOutput(numbers, _ml.Regression.Trainers.OnlineGradientDescent("Number")),
            "'Score'",
            "known-size vector of Single",
            "got Single");
        Refused(
            () => _ml.Regression.CrossValidateMultiOutput(
                petals, _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 1),
                samplingKeyColumnName: "Nothing"),
            "Nothing");
        Refused(
            () => _ml.Regression.CrossValidateMultiOutput(
                petals, _ml.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [16], numberOfEpochs: 1), numberOfFolds: 1),
            "numberOfFolds");

        static void Refused(Action action, params string[] parts)
        {
            var error = Assert.ThrowsAny<ArgumentException>(action);
            Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        }
    }

    private static TextLoader.Column[] Columns(string first, string second) =>
        [new TextLoader.Column(first, DataKind.Single, 0, 1), new TextLoader.Column(second, DataKind.Single, 2, 3)];

    private static void AssertClose(double mae, double rmse, double rSquared, RegressionMetrics actual) =>
        AssertClose(mae, rmse, rSquared, actual.MeanAbsoluteError, actual.RootMeanSquaredError, actual.RSquared);

    private static void AssertClose(double mae, double rmse, double rSquared, double actualMae, double actualRmse, double actualRSquared)
    {
        Assert.Equal(mae, actualMae, 1e-6);
        Assert.Equal(rmse, actualRmse, 1e-6);
        Assert.Equal(rSquared, actualRSquared, 1e-6);
    }

    private static (double, double, double, double)[] Figures(MultiOutputRegressionMetrics metrics) =>
        [.. metrics.Outputs.Select(
            output => (output.MeanAbsoluteError, output.RootMeanSquaredError, output.RSquared, output.MeanSquaredError))];

    private MultiOutputRegressionMetrics Evaluate(Row[] rows) => _ml.Regression.EvaluateMultiOutput(_ml.Data.LoadFromEnumerable(rows));

    private IDataView Petals() =>
        _ml.Data.CreateTextLoader(Columns("Features", "Label"), ',', hasHeader: true, dataSample: new MultiFileSource(s_iris)).Load(s_iris);

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Label { get; set; } = [];

        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }

    private sealed class Pair
    {
        public float Label { get; set; }

        public float Score { get; set; }
    }
}
