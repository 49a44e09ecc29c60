using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// <c>HiddenLayers.Grow</c>: the hidden layer gets more units as long as they lower the loss, and the model has the stages.
/// </summary>
public class GrowingLayerTests
{
    /// <summary>Room for 200 rows of 10 features and a label, and 8 bytes for their order.</summary>
    private const long LittleMemory = 200 * ((4 * (10 + 1)) + 8);

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _messages = [];

    public GrowingLayerTests() => _ml.Log += (_, message) => _messages.Add(message.Message);

    /// <summary>The two-spirals problem with the options of the engine's test: 194 points of two spirals of three turns.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ItTellsTwoSpiralsApart(int seed)
    {
        IDataView points = Spirals(shift: 0);
        var model = _ml.BinaryClassification.Trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Fast)
        {
            HiddenLayers = HiddenLayers.Grow(
                new LayerSpec(80, Activation.Tanh) { Initializer = Initializer.NguyenWidrow }, new() { First = 10, Step = 5, Rounds = 3 }),
            FeatureEncoding = FeatureEncoding.None,
            FeatureScaling = Scaling.MinMax(-1, 1),
            OutputInitializer = Initializer.Glorot,
            Optimizer = Optimizer.ResilientPlus(),
            NumberOfEpochs = 500,
            TargetLoss = 0.01,
            ValidationFraction = 0,
            Seed = seed,
        }).Fit(points);
        Assert.Equal(1, _ml.BinaryClassification.Evaluate(model.Transform(points)).Accuracy);
        Assert.InRange(_ml.BinaryClassification.Evaluate(model.Transform(Spirals(shift: 0.5f))).Accuracy, 0.8, 1);
        BackPropagationBinaryModelParameters parameters = model.Model;
        Assert.Equal(StopReason.TargetLossReached, parameters.StopReason);
        Assert.Equal(10, parameters.GrowthStages[0].Units);
        Assert.Equal(parameters.GrowthStages[^1].Units, parameters.Network.Layers[0].Outputs);
    }

    [Fact]
    public void HistoryAndCallbackCountOnAndTheStagesAreSaved()
    {
        IDataView data = TestData.Diabetes(_ml);
        var epochs = new List<int>();
        var model = Trainer(o =>
        {
            o.HiddenLayers = HiddenLayers.Grow(7, new() { First = 1, Step = 3, LeastGain = 0 });
            o.OnEpoch = progress => epochs.Add(progress.Epoch.Epoch);
        }).Fit(data);
        BackPropagationRegressionModelParameters parameters = model.Model;
        Assert.Equal(1, parameters.GrowthStages[0].Units);
        Assert.InRange(parameters.GrowthStages.Count, 2, 3);
        Assert.Equal(parameters.GrowthStages.Sum(stage => stage.Epochs), parameters.History.Count);
        Assert.Equal(Enumerable.Range(1, parameters.History.Count), epochs);
        Assert.Contains(parameters.GrowthStages, stage =>
            stage.BestEpoch == parameters.BestEpoch && stage.Units == parameters.Network.Layers[0].Outputs);
        Assert.Contains(
            _messages,
            m => m.Contains("grows to at most that size, starting with 1 and adding 3 units in each stage", StringComparison.Ordinal));
        var loaded = (BackPropagationTransformer<BackPropagationRegressionModelParameters>)model.SaveAndLoad(data.Schema);
        Assert.Equal(parameters.GrowthStages, loaded.Model.GrowthStages);
        Assert.Equal(parameters.Summary(), loaded.Model.Summary());
        Assert.Contains("The hidden layer grew: 1 units, validation loss", parameters.Summary(), StringComparison.Ordinal);
        DataViews.AssertSameBits(model.Transform(data).Scores(), loaded.Transform(data).Scores());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void EachNetworkOfAnEnsembleGrowsAndThreadsChangeNothing(int threads)
    {
        IDataView data = TestData.Diabetes(_ml);
        BackPropagationRegressionModelParameters Grow(int count) => Trainer(o =>
            (o.HiddenLayers, o.Ensemble, o.FeatureEncoding, o.NumberOfThreads) =
                (HiddenLayers.Grow(5, new() { First = 2, Step = 2 }), 3, FeatureEncoding.Auto, count)).Fit(data).Model;

        BackPropagationRegressionModelParameters one = Grow(1), several = Grow(threads + 1);
        Assert.Equal(3, one.Ensemble!.Networks.Count);
        Assert.Equal(
            one.Ensemble.Networks.Select(network => network.ToBytes()), several.Ensemble!.Networks.Select(network => network.ToBytes()));
        Assert.Equal(one.Ensemble.Weights, several.Ensemble.Weights);
        Assert.Equal(one.GrowthStages, several.GrowthStages);
    }

    [Fact]
    public void NetworksThatGrewToDifferentSizesWeighTheSame()
    {
        BackPropagationRegressionModelParameters model = Trainer(o =>
            (o.HiddenLayers, o.Ensemble) = (HiddenLayers.Grow(6, new() { First = 1, Step = 1, LeastGain = 0 }), 6))
            .Fit(TestData.Diabetes(_ml)).Model;
        Assert.True(model.Ensemble!.Networks.Select(network => network.Layers[0].Outputs).Distinct().Count() > 1);
        Assert.All(model.Ensemble.Weights, weight => Assert.Equal(1.0 / 6, weight, 1e-12));
    }

    [Fact]
    public void StreamedRowsTeachItToo()
    {
        BackPropagationRegressionModelParameters model = Trainer(o =>
            (o.HiddenLayers, o.MaximumMemory) = (HiddenLayers.Grow(4, new() { First = 2, Step = 2 }), LittleMemory))
            .Fit(TestData.Diabetes(_ml)).Model;
        Assert.Contains(_messages, m => m.Contains("streamed in blocks", StringComparison.Ordinal));
        Assert.Equal([2, 4], model.GrowthStages.Select(stage => stage.Units));
    }

    [Fact]
    public void AModelThatGrewIsContinuedWithTheNumberOfItsUnits()
    {
        IDataView data = TestData.Diabetes(_ml);
        HiddenLayers layers = HiddenLayers.Grow(4, new() { First = 3 });
        var model = Trainer(o => o.HiddenLayers = layers).Fit(data);
        int units = model.Model.Network.Layers[0].Outputs;
        var error = Assert.ThrowsAny<ArgumentException>(
            () => Trainer(o => (o.HiddenLayers, o.InitialModel) = (layers, model)).Fit(data));
        Assert.Contains($"HiddenLayers is {layers}, but the training of a model is continued", error.Message, StringComparison.Ordinal);
        Assert.Equal(units, Trainer(o => (o.HiddenLayers, o.InitialModel) = (units, model)).Fit(data).Model.Network.Layers[0].Outputs);
    }

    [Fact]
    public void TheCallbackEndsGrowth()
    {
        BackPropagationRegressionModelParameters model = Trainer(o =>
        {
            o.HiddenLayers = HiddenLayers.Grow(9, new() { First = 1, Step = 2 });
            o.OnEpoch = progress =>
            {
                if (progress.Epoch.Epoch == 25)
                {
                    progress.Stop();
                }
            };
        }).Fit(TestData.Diabetes(_ml)).Model;
        Assert.Equal(StopReason.StopRequested, model.StopReason);
        Assert.Equal([1, 3], model.GrowthStages.Select(stage => stage.Units));
        Assert.Equal(25, model.History.Count);
    }

    public static TheoryData<HiddenLayers, string> Wrong => new()
    {
        { HiddenLayers.Grow(0), "HiddenLayers" },
        { HiddenLayers.Grow(default), "HiddenLayers" },
        { HiddenLayers.Grow(3, new() { First = 4 }), "First is 4, but must be at most 3" },
        { HiddenLayers.Grow(3, new() { Step = 0 }), "Step is 0" },
        { HiddenLayers.Grow(3, new() { LeastGain = 1 }), "LeastGain is 1" },
        { HiddenLayers.Grow(3, new() { Rounds = 0 }), "Rounds is 0" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatIsWrongIsNamed(HiddenLayers layers, string message)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => Trainer(o => o.HiddenLayers = layers));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private BackPropagationRegressionTrainer Trainer(Action<BackPropagationRegressionTrainer.Options> set)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            FeatureEncoding = FeatureEncoding.None,
            NumberOfEpochs = 15,
            EarlyStoppingRounds = 15,
            Seed = 3,
        };
        set(options);
        return _ml.Regression.Trainers.BackPropagation(options);
    }

    private IDataView Spirals(float shift)
    {
        var points = new List<Point>();
        for (float k = shift; k <= 96; k++)
        {
            (float sine, float cosine) = MathF.SinCos(k * MathF.PI / 16);
            float radius = 6.5f * (104 - k) / 104;
            points.Add(new Point { Features = [radius * sine, radius * cosine], Label = true });
            points.Add(new Point { Features = [-radius * sine, -radius * cosine] });
        }

        return _ml.Data.LoadFromEnumerable(points);
    }

    private sealed class Point
    {
        public bool Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
