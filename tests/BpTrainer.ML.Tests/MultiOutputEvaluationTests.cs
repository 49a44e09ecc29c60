using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Regressions with several outputs are evaluated as scikit-learn does it.</summary>
public class MultiOutputEvaluationTests
{
    private static readonly string s_iris = Path.Combine(AppContext.BaseDirectory, "data", "iris.csv");

    private readonly MLContext _ml = new(seed: 1);

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
        AssertClose(1.9716666666666662, 2.2384357838104068, -3.767143648678445, new OutputMetrics("mean", metrics.MeanAbsoluteError, metrics.RootMeanSquaredError, metrics.RSquared));
    }

    [Fact]
    public void OneOutputIsEvaluatedAsByTheEvaluatorOfMLNet()
    {
        IDataView scored = _ml.Regression.Trainers.BackPropagation(numberOfEpochs: 5).Fit(Petals()).Transform(Petals());
        MultiOutputRegressionMetrics ours = _ml.Regression.EvaluateMultiOutput(scored);
        float[][] labels = [.. scored.Values<VBuffer<float>>("Label").Select(v => v.DenseValues().ToArray())];
        for (int slot = 0; slot < 2; slot++)
        {
            IDataView one = _ml.Data.LoadFromEnumerable(labels.Zip(scored.Scores(), (y, a) => new Pair { Label = y[slot], Score = a[slot] }));
            RegressionMetrics theirs = _ml.Regression.Evaluate(one);
            AssertClose(theirs.MeanAbsoluteError, theirs.RootMeanSquaredError, theirs.RSquared, ours.Outputs[slot]);
        }

        Assert.Equal(["petal_length", "petal_width"], ours.Outputs.Select(output => output.Name));
    }

    [Fact]
    public void EveryRowIsHeldOutOnceInCrossValidation()
    {
        var results = _ml.Regression.CrossValidateMultiOutput(
            Petals(), _ml.Transforms.NormalizeMinMax("Features").Append(_ml.Regression.Trainers.BackPropagation()), numberOfFolds: 4, seed: 3);
        Assert.Equal([0, 1, 2, 3], results.Select(result => result.Fold));
        Assert.Equal(150, results.Sum(result => result.ScoredHoldOutSet.Scores().Length));
        foreach (var result in results)
        {
            MultiOutputRegressionMetrics again = _ml.Regression.EvaluateMultiOutput(result.ScoredHoldOutSet);
            Assert.Equal(again.Outputs, result.Metrics.Outputs);
        }

        // Linear least squares on all rows explains 0.868 and 0.747 of the variance.
        Assert.InRange(results.Average(result => result.Metrics.RSquared), 0.75, 0.95);
    }

    [Fact]
    public void ARowWithoutLabelIsLeftOut()
    {
        Row[] rows = [new() { Label = [1, 2], Score = [2, 2] }, new() { Label = [3, 6], Score = [3, 5] }];
        Row[] more = [rows[0], new() { Label = [float.NaN, 1], Score = [9, 9] }, rows[1]];
        Assert.Equal(Evaluate(rows).Outputs, Evaluate(more).Outputs);
        Assert.Equal(new OutputMetrics("0", 0.5, Math.Sqrt(0.5), 0.5), Evaluate(rows).Outputs[0]);
        Assert.ThrowsAny<ArgumentException>(() => Evaluate([more[1]]));
    }

    [Fact]
    public void ColumnsThatDoNotFitAreNamed()
    {
        IDataView petals = Petals();
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.EvaluateMultiOutput(petals, scoreColumnName: "Nothing"));
        Assert.Contains("Nothing", error.Message, StringComparison.Ordinal);
        error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.EvaluateMultiOutput(TestData.Diabetes(_ml), scoreColumnName: "Features"));
        Assert.Contains("known-size vector of Single", error.Message, StringComparison.Ordinal);
        error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.EvaluateMultiOutput(
            _ml.Data.LoadFromTextFile(s_iris, [new TextLoader.Column("Score", DataKind.Single, 0, 2), new TextLoader.Column("Label", DataKind.Single, 2, 3)], ',', true)));
        Assert.Contains("size 2", error.Message, StringComparison.Ordinal);
    }

    private static TextLoader.Column[] Columns(string first, string second) =>
        [new TextLoader.Column(first, DataKind.Single, 0, 1), new TextLoader.Column(second, DataKind.Single, 2, 3)];

    private static void AssertClose(double mae, double rmse, double rSquared, OutputMetrics actual)
    {
        Assert.Equal(mae, actual.MeanAbsoluteError, 1e-6);
        Assert.Equal(rmse, actual.RootMeanSquaredError, 1e-6);
        Assert.Equal(rSquared, actual.RSquared, 1e-6);
    }

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
