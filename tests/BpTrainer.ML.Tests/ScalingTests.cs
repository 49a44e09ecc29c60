using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Features and labels are standardized, mapped to a range, or left as they are; predictions are in the label's units.</summary>
public class ScalingTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];

    public ScalingTests() => _ml.Log += (_, e) =>
    {
        if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
        {
            _warnings.Add(e.Message);
        }
    };

    [Theory]
    [InlineData(0, 1, "logistic")]
    [InlineData(-1, 1, "tanh")]
    public void LabelsInARangeComeBackInTheirUnits(double low, double high, string output)
    {
        BackPropagationRegressionTrainer.Options options = Options(output, Scaling.MinMax(low, high));
        options.NumberOfEpochs = 1000;
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(Line());
        IDataView scored = model.Transform(Line());
        Assert.InRange(_ml.Regression.Evaluate(scored).RSquared, 0.98, 1);
        Assert.All(scored.Values<float>("Score"), score => Assert.InRange(score, 100, 500));
        Assert.Empty(_warnings);

        // 100 … 500 to low … high
        ColumnScaling labels = model.Model.Network.OutputScaling!;
        Assert.Equal((high - low) / 400, labels.Scales[0], 1e-12);
        Assert.Equal(100 - (low * 400 / (high - low)), labels.Offsets[0], 1e-9);
    }

    [Fact]
    public void FeaturesInARangeKeepNewRowsWithinHalfARange()
    {
        // 0 … 100 to −1 … 1; 1,000 counts as 150, half a range further, and −1,000 as −50.
        var options = Options("linear", Scaling.Standardize);
        options.FeatureScaling = Scaling.MinMax();
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(Line());
        ColumnScaling features = model.Model.Network.InputScaling!;
        Assert.Equal((50, 0.02), (features.Offsets[0], features.Scales[0]));
        float[] scores = model.Transform(View([1000, 150, -1000, -50, 60])).Values<float>("Score");
        Assert.Equal(scores[1], scores[0]);
        Assert.Equal(scores[3], scores[2]);
        Assert.NotEqual(scores[4], scores[1]);
    }

    [Fact]
    public void PredictionsMayLieBeyondTheLabels()
    {
        // A linear output goes on where the labels end: 4x + 100 at 120.
        BackPropagationRegressionTrainer.Options options = Options("linear", Scaling.MinMax(0, 1));
        options.HiddenLayers = [];
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(Line());
        Assert.Equal(580, model.Transform(View([120])).Values<float>("Score")[0], 1);
    }

    [Fact]
    public void NoneLeavesEverythingAsItIs()
    {
        BackPropagationRegressionTrainer.Options options = Options("linear", Scaling.None);
        (options.FeatureScaling, options.Optimizer) = (Scaling.None, Optimizer.Momentum(1e-6));
        Network<float> network = _ml.Regression.Trainers.BackPropagation(options).Fit(Line()).Model.Network;
        Assert.Null(network.InputScaling);
        Assert.Null(network.OutputScaling);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("streamed")]
    [InlineData("imputed")]
    public void TheRangeIsThatOfAllTrainingRows(string way)
    {
        BackPropagationRegressionTrainer.Options options = Options("logistic", Scaling.MinMax(0, 1));
        options.FeatureScaling = Scaling.MinMax(0, 1);
        options.MaximumMemory = way == "streamed" ? 1000 : null;
        options.ImputeMissingFeatures = way == "imputed";
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(Line());
        Network<float> network = model.Model.Network;
        Assert.Equal((0, 0.01), (network.InputScaling!.Offsets[0], network.InputScaling.Scales[0]));
        Assert.Equal(1 / 400.0, network.OutputScaling!.Scales[0], 1e-12);
        DataViews.AssertSameBits(model.Transform(Line()).Scores(), model.SaveAndLoad(Line().Schema).Transform(Line()).Scores());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    public void RowsWithoutTheirZerosAreScaledAsThoseWithThem(double low, double high)
    {
        const int Features = 1200;
        SparseRow[] rows = [.. Enumerable.Range(0, 40).Select(i => new SparseRow(Features, i % 7, i))];
        BackPropagationRegressionTrainer.Options options = Options("linear", Scaling.Standardize);
        (options.FeatureScaling, options.NumberOfEpochs, options.BatchSize) = (Scaling.MinMax(low, high), 3, 8);
        var sparse = _ml.Regression.Trainers.BackPropagation(options).Fit(_ml.Data.LoadFromEnumerable(rows, SparseRow.Schema(Features)));
        var dense = _ml.Regression.Trainers.BackPropagation(options).Fit(
            _ml.Data.LoadFromEnumerable(rows.Select(row => row.Dense()), SparseRow.Schema(Features)));
        Assert.Equal(dense.Model.Network.InputScaling!.Offsets.ToArray(), sparse.Model.Network.InputScaling!.Offsets.ToArray());
        IDataView view = _ml.Data.LoadFromEnumerable(rows, SparseRow.Schema(Features));
        DataViews.AssertClose(dense.Transform(view).Scores(), sparse.Transform(view).Scores(), 1e-4);
    }

    [Fact]
    public void AContinuedTrainingKeepsTheScalingsOfTheModel()
    {
        var model = _ml.Regression.Trainers.BackPropagation(Options("logistic", Scaling.MinMax(0, 1))).Fit(Line());
        BackPropagationRegressionTrainer.Options other = Options("logistic", Scaling.MinMax(0.2, 0.8));
        var continued = _ml.Regression.Trainers.BackPropagation(other).Fit(Line(), null, model);
        Assert.Equal(model.Model.Network.OutputScaling!.Scales[0], continued.Model.Network.OutputScaling!.Scales[0]);
    }

    [Fact]
    public void PoissonDividesByTheMeanOrTakesLabelsAsTheyAre()
    {
        // The mean of 100 … 500 is 300.
        BackPropagationRegressionTrainer.Options options = Options(null, Scaling.Standardize);
        options.Loss = Loss.Poisson;
        ColumnScaling labels = _ml.Regression.Trainers.BackPropagation(options).Fit(Line()).Model.Network.OutputScaling!;
        Assert.Equal(0, labels.Offsets[0]);
        Assert.Equal(1 / 300.0, labels.Scales[0], 1e-12);
        (options.LabelScaling, options.Optimizer) = (Scaling.None, Optimizer.Momentum(1e-6));
        Assert.Null(_ml.Regression.Trainers.BackPropagation(options).Fit(Line()).Model.Network.OutputScaling);
        options.LabelScaling = Scaling.MinMax(0, 1);
        Assert.Contains(
            "LabelScaling is MinMax(0, 1), but must be Standardize, a division by the mean, or None",
            Message(() => _ml.Regression.Trainers.BackPropagation(options)), StringComparison.Ordinal);
    }

    [Fact]
    public void QuantilesStayInOrder()
    {
        var options = new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
        {
            Loss = Loss.Quantiles(0.1, 0.5, 0.9),
            LabelScaling = Scaling.MinMax(0, 1),
            NumberOfEpochs = 20,
        };
        float[][] scores = _ml.Regression.Trainers.MultiOutputBackPropagation(options).Fit(Line()).Transform(Line()).Scores();
        Assert.All(scores, row => Assert.True(row[0] < row[1] && row[1] < row[2]));
        options.OutputActivation = Activation.Logistic;
        Assert.Contains(
            "OutputActivation is logistic, but the Loss quantiles(0.1;0.5;0.9) needs cumulative-softplus",
            Message(() => _ml.Regression.Trainers.MultiOutputBackPropagation(options)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logistic", "LabelScaling to a MinMax within that range")]
    [InlineData("relu", "outputs of relu are from 0 to")]
    public void LabelsThatTheOutputsCannotGiveAreWarnedOf(string output, string text)
    {
        _ml.Regression.Trainers.BackPropagation(Options(output, Scaling.Standardize)).Fit(Line());
        Assert.Contains(_warnings, warning => warning.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hard-limit", "half-squared-error", "derivative is 0")]
    [InlineData("tanh", "poisson", "needs them above 0")]
    [InlineData("softmax", "half-squared-error", "a softmax of a single output is always 1")]
    public void ActivationsThatDoNotSuitTheLossAreRefused(string output, string loss, string text)
    {
        BackPropagationRegressionTrainer.Options options = Options(output, Scaling.Standardize);
        options.Loss = loss == "poisson" ? Loss.Poisson : Loss.HalfSquaredError;
        string message = Message(() => _ml.Regression.Trainers.BackPropagation(options));
        Assert.Contains(text, message, StringComparison.Ordinal);
        Assert.Contains("OutputActivation", message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsThatAreNoneAreRefused()
    {
        Assert.Contains("FeatureScaling", Message(() => _ml.Regression.Trainers.BackPropagation(new() { FeatureScaling = null! })));
        Assert.Contains("LabelScaling", Message(() => _ml.Regression.Trainers.BackPropagation(new() { LabelScaling = null! })));
        Assert.Contains(
            "LabelScaling is Limit", Message(() => _ml.Regression.Trainers.BackPropagation(new() { LabelScaling = Scaling.Limit })));
        Assert.Contains("OutputBias", Message(() => _ml.Regression.Trainers.BackPropagation(new() { OutputBias = (BiasKind)7 })));
        Assert.Contains("range", Message(() => Scaling.MinMax(1, 1)));
        Assert.Contains("range", Message(() => Scaling.MinMax(double.NaN, 1)));
    }

    [Fact]
    public void ItIsAValueWithAText()
    {
        Assert.Equal(Scaling.MinMax(0, 1), Scaling.MinMax(0, 1));
        Assert.NotEqual(Scaling.MinMax(0, 1), Scaling.MinMax());
        Assert.Equal("MinMax(-1, 1) Standardize Limit None", $"{Scaling.MinMax()} {Scaling.Standardize} {Scaling.Limit} {Scaling.None}");
    }

    private static string Message(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;

    private static BackPropagationRegressionTrainer.Options Options(string? output, Scaling labels) => new(Preset.Fast)
    {
        HiddenLayers = HiddenLayers.Of(Activation.Tanh, 8),
        FeatureEncoding = FeatureEncoding.None,
        OutputActivation = output is null ? null : Activation.Parse(output),
        LabelScaling = labels,
        ValidationFraction = 0,
        Regularization = new(),
        NumberOfEpochs = 200,
        Seed = 1,
    };

    /// <summary>y = 4x + 100 for x from 0 to 100.</summary>
    private IDataView Line() => View([.. Enumerable.Range(0, 101).Select(i => (float)i)]);

    private IDataView View(float[] x) =>
        _ml.Data.LoadFromEnumerable(x.Select(value => new Point { Features = [value], Label = (4 * value) + 100 }).ToArray());

    private sealed class Point
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    /// <summary>A feature that is not 0.</summary>
    private sealed class SparseRow(int features, int place, float label)
    {
        public VBuffer<float> Features { get; set; } = new(features, 1, [place + 1], [place]);

        public float Label { get; set; } = label;

        public SparseRow Dense()
        {
            VBuffer<float> dense = default;
            Features.CopyToDense(ref dense);
            return new SparseRow(Features.Length, 0, Label) { Features = dense };
        }

        public static SchemaDefinition Schema(int features)
        {
            var schema = SchemaDefinition.Create(typeof(SparseRow));
            schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
            return schema;
        }
    }
}
