using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Bad input fails early, with an error in ML.NET's manner that names the culprit.</summary>
public class BadInputTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string, Action<BackPropagationOptions>, string> BadOptions => new()
    {
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = null!, "null" },
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = [5, 0], "Units is 0, " },
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = [-3], "Units is -3, " },
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = HiddenLayers.Of(null!, 5), "null" },
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = HiddenLayers.Of(Activation.HardLimit, 5), "hard-limit" },
        { nameof(BackPropagationOptions.OutputInitializer), o => o.OutputInitializer = null!, "null" },
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = HiddenLayers.Rule(0), "addend is 0, " },
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = HiddenLayers.Rule(11), "addend is 11, " },
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = [null!], "null" },
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = [new LayerSpec(0, Activation.ReLU)], "Units is 0, " },
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = [new LayerSpec(1, null!)], "null" },
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = [new LayerSpec(1, Activation.HardLimit)], "hard-limit" },
        {
            nameof(BackPropagationOptions.HiddenLayers),
            o => o.HiddenLayers = [new LayerSpec(1, Activation.Tanh) { Bias = (BiasKind)9 }],
            "Bias is 9, "
        },
        { nameof(BackPropagationOptions.Optimizer), o => o.Optimizer = null!, "null" },
        { nameof(BackPropagationOptions.Optimizer), o => o.Optimizer = Optimizer.Momentum(0), "is 0, " },
        { nameof(BackPropagationOptions.Optimizer), o => o.Optimizer = Optimizer.Momentum(-0.5), "is -0.5, " },
        { nameof(BackPropagationOptions.Optimizer), o => o.Optimizer = Optimizer.Adam(double.NaN), "NaN" },
        { nameof(BackPropagationOptions.Optimizer), o => o.Optimizer = Optimizer.GradientDescent(double.PositiveInfinity), "Infinity" },
        { nameof(BackPropagationOptions.Optimizer), o => o.Optimizer = Optimizer.Momentum(momentum: 1), "is 1, " },
        { nameof(BackPropagationOptions.Optimizer), o => o.Optimizer = Optimizer.Momentum(momentum: -0.1), "-0.1" },
        { nameof(BackPropagationOptions.Optimizer), o => o.Optimizer = Optimizer.AdaptiveMomentum(momentum: double.NaN), "NaN" },
        { nameof(BackPropagationOptions.Optimizer), o => o.Optimizer = Optimizer.Adam() with { BiasRateFactor = 0 }, "is 0, " },
        {
            nameof(BackPropagationOptions.BatchSize),
            o => (o.Optimizer, o.BatchSize) = (Optimizer.ResilientMinus(), 20),
            "is 20, but must be TrainingOptions.FullBatch"
        },
        { nameof(BackPropagationOptions.Optimizer), o => o.Optimizer = Optimizer.Adam(beta1: 1), "is 1, " },
        { nameof(BackPropagationOptions.Regularization), o => o.Regularization = new Regularization { L2 = -1 }, "L2 is -1" },
        {
            nameof(BackPropagationOptions.Regularization),
            o => o.Regularization = new() { HiddenDropout = [0.1, 0.2, 0.3] },
            "3 rates, but there are 2 hidden layers"
        },
        {
            nameof(BackPropagationOptions.Regularization),
            o => (o.HiddenLayers, o.Regularization) = ([], new() { HiddenDropout = [0.1] }),
            "no hidden layer"
        },
        { nameof(BackPropagationOptions.NumberOfThreads), o => o.NumberOfThreads = 0, "is 0, " },
        { nameof(BackPropagationOptions.Ensemble), o => o.Ensemble = null!, "null" },
        { nameof(BackPropagationOptions.Ensemble), o => o.Ensemble = 0, "is 0, " },
        { nameof(BackPropagationOptions.Ensemble), o => o.Ensemble = Ensemble.BestOf(-1), "is BestOf(-1), " },
        {
            nameof(BackPropagationOptions.Schedule),
            o => (o.Schedule, o.Optimizer) = (LearningRateSchedule.Cosine(), Optimizer.AdaptiveMomentum()),
            "adapts the learning rate itself"
        },
        {
            nameof(BackPropagationOptions.Schedule),
            o => (o.Schedule, o.NumberOfEpochs) = (LearningRateSchedule.OneCycle(), int.MaxValue),
            "MaximumUpdates"
        },
        { nameof(BackPropagationOptions.Schedule), o => o.Schedule = LearningRateSchedule.Exponential(2), "factor is 2, " },
        { nameof(BackPropagationOptions.Averaging), o => o.Averaging = WeightAveraging.Exponential(1), "decay is 1, " },
        { nameof(BackPropagationOptions.MaximumUpdates), o => o.MaximumUpdates = 0, "is 0, " },
        { nameof(BackPropagationOptions.TimeBudget), o => o.TimeBudget = TimeSpan.Zero, "is 00:00:00, " },
        { nameof(BackPropagationOptions.MinimumGradient), o => o.MinimumGradient = -1, "is -1, " },
        { nameof(BackPropagationOptions.BatchSize), o => o.BatchSize = 0, "is 0, " },
        { nameof(BackPropagationOptions.NumberOfEpochs), o => o.NumberOfEpochs = 0, "is 0, " },
        { nameof(BackPropagationOptions.ValidationFraction), o => o.ValidationFraction = 1, "is 1, " },
        { nameof(BackPropagationOptions.ValidationFraction), o => o.ValidationFraction = double.NaN, "NaN" },
        { nameof(BackPropagationOptions.EarlyStoppingRounds), o => o.EarlyStoppingRounds = 0, "is 0, " },
        { nameof(BackPropagationOptions.TargetLoss), o => o.TargetLoss = -1, "is -1, " },
        { nameof(BackPropagationOptions.MaximumMemory), o => o.MaximumMemory = 0, "is 0, " },
        { nameof(BackPropagationOptions.MaximumMemory), o => o.MaximumMemory = -5, "is -5, " },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void AnOptionOutsideItsRangeIsNamed(string option, Action<BackPropagationOptions> spoil, string value)
    {
        var regression = new BackPropagationRegressionTrainer.Options(Preset.Fast);
        var binary = new BackPropagationBinaryTrainer.Options(Preset.Fast);
        var multiclass = new BackPropagationMulticlassTrainer.Options(Preset.Fast);
        Action[] creations =
        [
            () => _ml.Regression.Trainers.BackPropagation(regression),
            () => _ml.BinaryClassification.Trainers.BackPropagation(binary),
            () => _ml.MulticlassClassification.Trainers.BackPropagation(multiclass),
        ];
        Array.ForEach(new BackPropagationOptions[] { regression, binary, multiclass }, spoil);
        Assert.All(creations, create =>
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(create);
            Assert.Equal(option, error.ParamName);
            Assert.Contains(option, error.Message, StringComparison.Ordinal);
            Assert.Contains(value, error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void ArgumentsOfTheSimpleOverloadAreChecked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.BackPropagation(hiddenLayers: [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.BackPropagation(learningRate: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.BackPropagation(momentum: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.BackPropagation(momentum: 1, adaptiveLearningRate: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: -1));
    }

    [Fact]
    public void NullOptionsAreRefused() => Assert.Throws<ArgumentNullException>(() => _ml.Regression.Trainers.BackPropagation(null!));

    [Theory]
    [InlineData("Nowhere", "Features", null, "label", "Nowhere")]
    [InlineData("Label", "Nowhere", null, "feature", "Nowhere")]
    [InlineData("Label", "Features", "Nowhere", "weight", "Nowhere")]
    [InlineData("Text", "Features", null, "label", "Text")]
    [InlineData("Label", "Text", null, "feature", "Text")]
    [InlineData("Label", "Number", null, "feature", "Number")]
    [InlineData("Label", "Doubles", null, "feature", "Doubles")]
    [InlineData("Label", "Features", "Text", "weight", "Text")]
    public void AColumnThatIsMissingOrOfTheWrongTypeIsNamed(string label, string features, string? weight, string role, string column)
    {
        IDataView data = Rows(new Row { Label = 1 }, new Row { Label = 2 });
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Regression.Trainers.BackPropagation(label, features, weight).Fit(data));
        Assert.Contains(role, error.Message, StringComparison.Ordinal);
        Assert.Contains(column, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EachTaskChecksTheTypeOfItsLabel()
    {
        IDataView data = Rows(new Row { Label = 1 }, new Row { Label = 2 });
        Assert.Contains(
            "Label",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.Trainers.BackPropagation().Fit(data)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Label",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.BackPropagation().Fit(data)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Flag",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.BackPropagation("Flag").Fit(data)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void FeaturesOfUnknownSizeAreRefused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new VariableRow { Label = 1, Features = [1, 2] }]);
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.BackPropagation().Fit(data));
        Assert.Contains("Features", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoRowsAreRefused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.BackPropagation().Fit(Rows()));
        Assert.Contains("no rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoUsableRowsAreRefused()
    {
        IDataView data = Rows(new Row { Label = float.NaN }, new Row { Label = 1, Features = [float.NaN, 0] });
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.BackPropagation().Fit(data));
        Assert.Contains("no usable rows: all 2 rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValidationDataWithOtherFeaturesIsRefused()
    {
        var error = Assert.ThrowsAny<ArgumentException>(() =>
            _ml.Regression.Trainers.BackPropagation().Fit(TestData.Diabetes(_ml), Rows(new Row { Label = 1 })));
        Assert.Contains("2 features", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScoringOtherFeaturesIsRefused()
    {
        ITransformer model = TaskCase.Regression.Ours(_ml).Fit(TestData.Diabetes(_ml));
        Assert.ThrowsAny<Exception>(() => model.Transform(Rows(new Row())).Scores());
    }

    private IDataView Rows(params Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class Row
    {
        public float Label { get; set; }

        public bool Flag { get; set; }

        public string Text { get; set; } = "";

        public float Number { get; set; }

        [VectorType(2)]
        public double[] Doubles { get; set; } = [0, 0];

        [VectorType(2)]
        public float[] Features { get; set; } = [0, 0];
    }

    private sealed class VariableRow
    {
        public float Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
