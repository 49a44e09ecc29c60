using BpTrainer.ML.Training;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Training continues with the weights of a fitted or loaded model.</summary>
public class ContinuedTrainingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void TwoHalvesOfGradientDescentAreTheWhole()
    {
        // Plain gradient descent has no state, and without shuffling every epoch takes the same batches: nothing is lost in between.
        IDataView data = TestData.Diabetes(_ml);
        var trainer = Trainer(epochs: 6);
        var halfway = trainer.Fit(data);
        byte[] before = halfway.Model.Network.ToBytes();
        byte[] whole = Trainer(epochs: 12).Fit(data).Model.Network.ToBytes();
        Assert.NotEqual(whole, before);
        Assert.Equal(whole, trainer.Fit(data, null, halfway).Model.Network.ToBytes());
        Assert.Equal(before, halfway.Model.Network.ToBytes());
    }

    [Fact]
    public void ALoadedPipelineGoesOnInAPipeline()
    {
        IDataView data = TestData.Diabetes(_ml);
        var normalize = _ml.Transforms.NormalizeMinMax("Features");
        ITransformer fitted = normalize.Append(Trainer(epochs: 6)).Fit(data);
        ITransformer loaded = fitted.SaveAndLoad(data.Schema);

        float[][] whole = normalize.Append(Trainer(epochs: 12)).Fit(data).Transform(data).Scores();
        float[][] continued = normalize.Append(Trainer(epochs: 6, initial: loaded)).Fit(data).Transform(data).Scores();
        DataViews.AssertSameBits(whole, continued);
    }

    [Fact]
    public void ItLearnsFromWhereItWas()
    {
        // With momentum, shuffling and validation rows: the first epoch is where the model left off, not where random weights begin.
        IDataView data = TestData.BreastCancer(_ml);
        var trainer = _ml.BinaryClassification.Trainers.BackPropagation(
            new BackPropagationBinaryTrainer.Options(Preset.Fast) { Seed = 2, NumberOfEpochs = 20 });
        var first = trainer.Fit(data, data);
        var second = trainer.Fit(data, data, first);
        Assert.True(second.Model.History[0].ValidationLoss < first.Model.History[1].ValidationLoss / 2);
        Assert.True(second.Model.History.Min(epoch => epoch.ValidationLoss) < first.Model.History.Min(epoch => epoch.ValidationLoss));
    }

    [Fact]
    public void AnEnsembleGoesOnAsOne()
    {
        IDataView data = TestData.Iris(_ml);
        BackPropagationMulticlassTrainer Trainer(int networks, ITransformer? initial = null) =>
            _ml.MulticlassClassification.Trainers.BackPropagation(
                new BackPropagationMulticlassTrainer.Options(Preset.Fast)
                {
                    Seed = 2,
                    NumberOfEpochs = 3,
                    Ensemble = networks,
                    InitialModel = initial,
                });
        var first = Trainer(3).Fit(data);
        var second = Trainer(3, first).Fit(data);
        Assert.Equal(3, second.Model.Ensemble!.Networks.Count);
        Assert.True(second.Model.History[0].TrainingLoss < first.Model.History[1].TrainingLoss);
        var error = Assert.ThrowsAny<ArgumentException>(() => Trainer(2, first).Fit(data));
        Assert.Contains("Ensemble is 2, but must be 3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("units", "layer 2 is a hidden layer of 5 relu units in the model, but options and data require a hidden layer of 6 " +
        "relu units")]
    [InlineData("activation", "layer 1 is a hidden layer of 8 relu units in the model, but options and data require a hidden layer " +
        "of 8 tanh units")]
    [InlineData("layers", "layer 2 is a hidden layer of 5 relu units in the model, but options and data require an output layer of " +
        "1 linear units")]
    [InlineData("outputs", "layer 3 is an output layer of 1 linear units in the model, but options and data require an output layer " +
        "of 1 exponential units")]
    [InlineData("features", "layer 1 takes 10 features in the model, but the data has 4")]
    public void AMismatchSaysWhichLayer(string what, string expected)
    {
        IDataView diabetes = TestData.Diabetes(_ml);
        var model = Fit(new() { HiddenLayers = [8, 5], NumberOfEpochs = 1 }, diabetes);
        BackPropagationRegressionTrainer.Options other = new() { HiddenLayers = [8, 5], InitialModel = model };
        switch (what)
        {
            case "units":
                other.HiddenLayers = [8, 6];
                break;
            case "activation":
                other.HiddenLayers = HiddenLayers.Of(Activation.Tanh, 8, 5);
                break;
            case "layers":
                other.HiddenLayers = [8];
                break;
            case "outputs":
                other.Loss = Loss.Poisson;
                break;
        }

        IDataView fourFeatures = _ml.Data.LoadFromTextFile(
            Path.Combine(AppContext.BaseDirectory, "data", "diabetes.csv"),
            [new TextLoader.Column("Features", DataKind.Single, 0, 3), new TextLoader.Column("Label", DataKind.Single, 10)],
            separatorChar: ',',
            hasHeader: true);
        var error = Assert.ThrowsAny<ArgumentException>(() => Fit(other, what == "features" ? fourFeatures : diabetes));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModelOfAnotherTaskIsRefused()
    {
        IDataView data = TestData.Diabetes(_ml);
        ITransformer other = _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 1)
            .Fit(TestData.BreastCancer(_ml));
        var error = Assert.ThrowsAny<ArgumentException>(() => Trainer(1).Fit(data, null, other));
        Assert.Contains("does not contain a BackPropagationRegressionModelParameters", error.Message, StringComparison.Ordinal);
    }

    private BackPropagationTransformer<BackPropagationRegressionModelParameters> Fit(
        BackPropagationRegressionTrainer.Options options, IDataView data) =>
        _ml.Regression.Trainers.BackPropagation(options).Fit(data);

    private BackPropagationRegressionTrainer Trainer(int epochs, ITransformer? initial = null) => _ml.Regression.Trainers.BackPropagation(
        new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            HiddenLayers = [8],
            Optimizer = Optimizer.GradientDescent(),
            Schedule = LearningRateSchedule.Constant,
            Shuffle = false,
            ValidationFraction = 0,
            NumberOfEpochs = epochs,
            Seed = 3,
            InitialModel = initial,
        });
}
