using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>A model learns a few new rows besides what it has learned.</summary>
public class PartialFitTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string, int> Kinds => Combinations(["number", "vector", "quantiles", "binary", "classes", "labels"], [1, 3]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void APassIsAnEpochOfAContinuedTraining(string kind, int networks)
    {
        // Without a validation part, an average, or a schedule there is no difference but that no epoch competes.
        (IDataView data, IDataView few) = (Data(kind), _ml.Data.TakeRows(Data(kind), 20));
        ITransformer model = Fit(kind, data, networks);
        float[][] before = model.Transform(data).Scores();
        ITransformer expected = Fit(kind, few, networks, epochs: 1, initial: model);
        ITransformer updated = PartialFit(kind, few, model, networks);
        DataViews.AssertSameBits(expected.Transform(data).Scores(), updated.Transform(data).Scores());
        DataViews.AssertSameBits(before, model.Transform(data).Scores());
        Assert.NotEqual(before, updated.Transform(data).Scores());

        ITransformer ofLoaded = PartialFit(kind, few, model.SaveAndLoad(data.Schema), networks);
        DataViews.AssertSameBits(updated.Transform(data).Scores(), ofLoaded.Transform(data).Scores());
        DataViews.AssertSameBits(updated.Transform(data).Scores(), updated.SaveAndLoad(data.Schema).Transform(data).Scores());
    }

    [Theory]
    [InlineData("number")]
    [InlineData("vector")]
    [InlineData("quantiles")]
    [InlineData("binary")]
    [InlineData("classes")]
    [InlineData("labels")]
    public void ASingleRowIsLearned(string kind)
    {
        IDataView data = Data(kind), row = _ml.Data.TakeRows(data, 1);
        ITransformer model = Fit(kind, data, networks: 2);
        float[][] before = model.Transform(data).Scores();
        ITransformer updated = PartialFit(kind, row, model, networks: 2);
        float[][] after = updated.Transform(data).Scores();
        Assert.NotEqual(before, after);
        Assert.All(after, scores => Assert.All(scores, score => Assert.True(float.IsFinite(score))));
    }

    [Fact]
    public void ARowOftenLearnedIsPredicted()
    {
        IDataView data = TestData.Diabetes(_ml), row = _ml.Data.TakeRows(data, 1);
        var trainer = Regression(o => (o.HiddenLayers, o.Regularization) = ([6], new()));
        var model = trainer.Fit(data);
        float label = row.GetColumn<float>("Label").Single();
        float Miss(ITransformer by) => Math.Abs(by.Transform(row).Scores()[0][0] - label);
        Assert.True(Miss(model) > 5);
        Assert.InRange(Miss(trainer.PartialFit(row, model, numberOfEpochs: 100)), 0, 0.5);
    }

    [Fact]
    public void EveryNetworkLearnsAndWeighsAsBefore()
    {
        // Some of the networks read codes of the features, and the kinds weigh by their validation losses.
        IDataView data = TestData.Diabetes(_ml);
        var trainer = Regression(o => (o.Ensemble, o.FeatureEncoding, o.ValidationFraction) = (4, FeatureEncoding.Auto, 0.2));
        var model = trainer.Fit(data);
        Assert.NotEqual(model.Model.Ensemble!.Weights[0], model.Model.Ensemble.Weights[1]);
        var updated = trainer.PartialFit(_ml.Data.TakeRows(data, 10), model);
        Assert.Equal(model.Model.Ensemble.Weights, updated.Model.Ensemble!.Weights);
        Assert.All(
            model.Model.Ensemble.Networks.Zip(updated.Model.Ensemble.Networks),
            pair => Assert.NotEqual(pair.First.ToBytes(), pair.Second.ToBytes()));
        int best = model.Model.Ensemble.Networks.Index().First(n => n.Item.ToBytes().SequenceEqual(model.Model.Network.ToBytes())).Index;
        Assert.Equal(updated.Model.Ensemble.Networks[best].ToBytes(), updated.Model.Network.ToBytes());
    }

    [Fact]
    public void TheBestOfSeveralIsOneNetwork()
    {
        IDataView data = TestData.Diabetes(_ml);
        var trainer = Regression(o => o.Ensemble = Ensemble.BestOf(2));
        var updated = trainer.PartialFit(_ml.Data.TakeRows(data, 10), trainer.Fit(data));
        Assert.Null(updated.Model.Ensemble);
        Assert.Single(updated.Model.History);
    }

    [Fact]
    public void OptionsThatChooseOrEndEpochsAreNotUsed()
    {
        IDataView data = TestData.Diabetes(_ml), few = _ml.Data.TakeRows(data, 30);
        var plain = Regression(_ => { });
        var model = plain.Fit(data);
        var trainer = Regression(o =>
        {
            (o.Averaging, o.Schedule, o.TargetLoss, o.MaximumUpdates) =
                (WeightAveraging.Exponential(), LearningRateSchedule.Cosine(), 1e9, 1);
            (o.ValidationData, o.EarlyStoppingRounds, o.MinimumGradient, o.ValidationFraction) = (data, 1, 1e9, 0.5);
        });
        var updated = trainer.PartialFit(few, model, numberOfEpochs: 4);
        Assert.Equal(4, updated.Model.History.Count);
        Assert.Equal(plain.PartialFit(few, model, numberOfEpochs: 4).Model.Network.ToBytes(), updated.Model.Network.ToBytes());
        Assert.All(updated.Model.History, epoch => Assert.Equal(0.03, epoch.LearningRate));
        Assert.All(updated.Model.History, epoch => Assert.Null(epoch.ValidationLoss));
    }

    [Fact]
    public void TheLastEpochStaysThoughItsLossIsHigher()
    {
        // At a rate far too large the loss rises: a competition of the epochs would keep the first.
        IDataView data = TestData.Diabetes(_ml), few = _ml.Data.TakeRows(data, 10);
        var model = Regression(_ => { }).Fit(data);
        var trainer = Regression(o => (o.Optimizer, o.Regularization) = (Optimizer.GradientDescent(2), new() { ClipNorm = 1 }));
        var one = trainer.PartialFit(few, model, numberOfEpochs: 3);
        Assert.True(one.Model.History[^1].TrainingLoss > one.Model.History[0].TrainingLoss);
        Assert.Equal(3, one.Model.BestEpoch);
        var threeTimes = trainer.PartialFit(few, trainer.PartialFit(few, trainer.PartialFit(few, model)));
        Assert.Equal(threeTimes.Model.Network.ToBytes(), one.Model.Network.ToBytes());
    }

    [Fact]
    public void TheStateOfTheOptimizerContinues()
    {
        IDataView data = TestData.Diabetes(_ml), few = _ml.Data.TakeRows(data, 16);
        var trainer = Regression(o => (o.Optimizer, o.KeepOptimizerState) = (Optimizer.Adam(), true));
        var model = trainer.Fit(data);
        var twoPasses = trainer.PartialFit(few, model, numberOfEpochs: 2);
        var twice = trainer.PartialFit(few, trainer.PartialFit(few, model));
        Assert.Equal(twoPasses.Model.Network.ToBytes(), twice.Model.Network.ToBytes());
        Assert.Single(twice.Model.OptimizerStates);

        // A model with a state gives one with a state, whatever the trainer of the new rows would keep of its own.
        var another = Regression(o => o.Optimizer = Optimizer.Adam());
        Assert.Equal(twice.Model.Network.ToBytes(), another.PartialFit(few, another.PartialFit(few, model)).Model.Network.ToBytes());
    }

    [Fact]
    public void ADriftedSeriesIsFollowed()
    {
        // y = x + level, whose level rises by 0.02 a row after the 200 rows of the first training; ten rows at a time are first predicted,
        // then learned.
        var random = new Random(3);
        Point[] points = [.. Enumerable.Range(0, 400).Select(i =>
        {
            float x = (2 * random.NextSingle()) - 1;
            return new Point { Features = [x], Label = x + (0.02f * Math.Max(i - 200, 0)) };
        })];
        IDataView Rows(int from, int count) => _ml.Data.LoadFromEnumerable(points.Skip(from).Take(count));
        var trainer = Regression(o => o.BatchSize = 1);
        var first = trainer.Fit(Rows(0, 200));
        var model = first;
        double stale = 0, followed = 0;
        for (int from = 200; from < 400; from += 10)
        {
            IDataView rows = Rows(from, 10);
            stale += _ml.Regression.Evaluate(first.Transform(rows)).MeanSquaredError / 20;
            followed += _ml.Regression.Evaluate(model.Transform(rows)).MeanSquaredError / 20;
            model = trainer.PartialFit(rows, model, numberOfEpochs: 5);
        }

        // Not updated, the error is that of the level, whose square is 16·(1/3) on average.
        Assert.InRange(stale, 4, 7);
        Assert.InRange(followed, 0, 0.5);
    }

    [Fact]
    public void AClassNotSeenBeforeIsRefusedByName()
    {
        IDataView data = TestData.Iris(_ml);
        var trainer = _ml.MulticlassClassification.Trainers.BackPropagation(
            new BackPropagationMulticlassTrainer.Options(Preset.Fast) { Seed = 3, NumberOfEpochs = 2, HiddenLayers = [6] });
        var model = trainer.Fit(data);
        IDataView other = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(Flowers("setosa", "versicolor", "virginica", "rose"))
            .Transform(Flowers("rose"));
        var error = Assert.ThrowsAny<ArgumentException>(() => trainer.PartialFit(other, model));
        Assert.Contains("the model lacks 'rose'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsOfOneClassAreLearnedWithoutAWord()
    {
        IDataView data = TestData.Iris(_ml);
        var trainer = _ml.MulticlassClassification.Trainers.BackPropagation(
            new BackPropagationMulticlassTrainer.Options(Preset.Fast) { Seed = 3, NumberOfEpochs = 2, HiddenLayers = [6] });
        var updated = trainer.PartialFit(_ml.Data.TakeRows(data, 5), trainer.Fit(data));
        Assert.Empty(updated.Model.Warnings);
        Assert.All(updated.Transform(data).Scores(), scores => Assert.Equal(3, scores.Length));
    }

    [Fact]
    public void ImputationStays()
    {
        // The second feature is missing in a new row: it gets the mean of the first training, and the indicator's input.
        IDataView Rows(params float[] second) => _ml.Data.LoadFromEnumerable(second.Select(
            (value, i) => new Pair { Features = [i, value], Label = i }));
        var trainer = Regression(o => o.ImputeMissingFeatures = true);
        IDataView data = Rows([.. Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? float.NaN : i % 7)]);
        var model = trainer.Fit(data);
        var updated = trainer.PartialFit(Rows(float.NaN), model);
        Assert.Equal(model.Model.Network.Inputs, updated.Model.Network.Inputs);
        Assert.Equal(3, updated.Model.Network.Inputs);
        Assert.All(updated.Transform(data).Scores(), scores => Assert.True(float.IsFinite(scores[0])));
    }

    public static TheoryData<string, string> BadOptimizers => new()
    {
        { "adaptive-momentum", "Optimizer is adaptive-momentum, but must have a constant learning rate" },
        { "irprop-", "Optimizer is irprop-" },
        { "l-bfgs", "Optimizer is l-bfgs" },
        { "levenberg-marquardt", "Optimizer is levenberg-marquardt" },
    };

    [Theory]
    [MemberData(nameof(BadOptimizers))]
    public void AnOptimizerWithoutAConstantRateIsRefused(string name, string message)
    {
        IDataView data = TestData.Diabetes(_ml);
        Optimizer optimizer = name switch
        {
            "adaptive-momentum" => Optimizer.AdaptiveMomentum(),
            "irprop-" => Optimizer.ResilientMinus(),
            "l-bfgs" => Optimizer.Lbfgs(),
            _ => Optimizer.LevenbergMarquardt(),
        };
        var model = Regression(_ => { }).Fit(data);
        var error = Assert.ThrowsAny<ArgumentException>(() => Regression(o => o.Optimizer = optimizer).PartialFit(data, model));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        IDataView data = TestData.Diabetes(_ml);
        var trainer = Regression(_ => { });
        var model = trainer.Fit(data);
        AssertRefused("numberOfEpochs is 0, but must be at least 1", () => trainer.PartialFit(data, model, numberOfEpochs: 0));
        AssertRefused("layer 1 is a hidden layer of 8", () => Regression(o => o.HiddenLayers = [9]).PartialFit(data, model));
        AssertRefused("newData does not have the columns", () => trainer.PartialFit(
            _ml.Transforms.DropColumns("Label").Fit(data).Transform(data), model));
        AssertRefused("does not contain a BackPropagationRegressionModelParameters", () => trainer.PartialFit(
            data, _ml.Regression.Trainers.Sdca().Fit(data)));
        var balanced = _ml.BinaryClassification.Trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Fast)
        {
            NumberOfEpochs = 1,
            ClassWeights = ClassWeights.Balanced,
        });
        IDataView cancer = TestData.BreastCancer(_ml);
        AssertRefused("ClassWeights is balanced, but must be given", () => balanced.PartialFit(cancer, balanced.Fit(cancer)));
    }

    [Fact]
    public void NoUsableRowIsAnError()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, 20).Select(i => new Point { Features = [i], Label = i })]);
        IDataView bad = _ml.Data.LoadFromEnumerable([new Point { Features = [float.NaN], Label = 1 }]);
        var trainer = Regression(_ => { });
        var model = trainer.Fit(data);
        var error = Assert.ThrowsAny<InvalidOperationException>(() => trainer.PartialFit(bad, model));
        Assert.Contains("The new data has no usable rows", error.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string message, Action action) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static TheoryData<string, int> Combinations(string[] kinds, int[] networks)
    {
        var all = new TheoryData<string, int>();
        foreach (string kind in kinds)
        {
            foreach (int size in networks)
            {
                all.Add(kind, size);
            }
        }

        return all;
    }

    private IDataView Flowers(params string[] names) =>
        _ml.Data.LoadFromEnumerable(names.Select(name => new Flower { Features = [5, 3, 4, 1], Name = name }));

    private BackPropagationRegressionTrainer Regression(Action<BackPropagationRegressionTrainer.Options> set)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast);
        SetPlain(options);
        set(options);
        return _ml.Regression.Trainers.BackPropagation(options);
    }

    private static void SetPlain(BackPropagationOptions options)
    {
        (options.HiddenLayers, options.FeatureEncoding, options.Seed, options.NumberOfEpochs) = ([8], FeatureEncoding.None, 3, 20);
        (options.ValidationFraction, options.Schedule, options.Shuffle) = (0, LearningRateSchedule.Constant, false);
    }

    private IDataView Data(string kind) => kind switch
    {
        "binary" => TestData.BreastCancer(_ml),
        "classes" => TestData.Iris(_ml),
        "labels" => TaskCase.SeveralLabels.Load(_ml),
        "vector" => TestData.Prepare(TestData.Diabetes(_ml), _ml.Transforms.Concatenate("Label", "Label", "Label")),
        _ => TestData.Diabetes(_ml),
    };

    private ITransformer Fit(string kind, IDataView data, int networks, int epochs = 5, ITransformer? initial = null) =>
        Use(kind, networks, epochs, initial).Fit(data);

    private ITransformer PartialFit(string kind, IDataView rows, ITransformer model, int networks) =>
        Use(kind, networks, epochs: 5, initial: null).Partial(rows, model);

    /// <summary>A trainer of a kind: what fits it, and what teaches a model some rows.</summary>
    private (Func<IDataView, ITransformer> Fit, Func<IDataView, ITransformer, ITransformer> Partial) Use(
        string kind, int networks, int epochs, ITransformer? initial)
    {
        TOptions Set<TOptions>(TOptions options) where TOptions : BackPropagationOptions
        {
            SetPlain(options);
            (options.Ensemble, options.NumberOfEpochs, options.InitialModel) = (networks, epochs, initial);
            return options;
        }

        switch (kind)
        {
            case "binary":
                var binary = _ml.BinaryClassification.Trainers.BackPropagation(Set(new BackPropagationBinaryTrainer.Options()));
                return (data => binary.Fit(data), (rows, model) => binary.PartialFit(rows, model));
            case "classes":
                var classes = _ml.MulticlassClassification.Trainers.BackPropagation(Set(new BackPropagationMulticlassTrainer.Options()));
                return (data => classes.Fit(data), (rows, model) => classes.PartialFit(rows, model));
            case "labels":
                BackPropagationMultiLabelTrainer.Options ofLabels = Set(new BackPropagationMultiLabelTrainer.Options());
                ofLabels.LabelColumnName = "Labels";
                var labels = _ml.BinaryClassification.Trainers.MultiLabelBackPropagation(ofLabels);
                return (data => labels.Fit(data), (rows, model) => labels.PartialFit(rows, model));
            case "number":
                var number = _ml.Regression.Trainers.BackPropagation(Set(new BackPropagationRegressionTrainer.Options()));
                return (data => number.Fit(data), (rows, model) => number.PartialFit(rows, model));
            default:
                BackPropagationMultiOutputTrainer.Options options = Set(new BackPropagationMultiOutputTrainer.Options());
                options.Loss = kind == "quantiles" ? Loss.Quantiles(0.1, 0.5, 0.9) : options.Loss;
                var several = _ml.Regression.Trainers.MultiOutputBackPropagation(options);
                return (data => several.Fit(data), (rows, model) => several.PartialFit(rows, model));
        }
    }

    private sealed class Point
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Pair
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Flower
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public string Name { get; set; } = "";
    }
}
