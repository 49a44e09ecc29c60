using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace BpTrainer.ML.Tests;

/// <summary>What a user should know is on the model, in its file, and once in the log.</summary>
public class WarningsTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _logged = [];

    public WarningsTests() => _ml.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning)
        {
            _logged.Add(message.Message);
        }
    };

    [Theory]
    [InlineData(1, null, 1)]
    [InlineData(1, null, 3)]
    [InlineData(2, null, 1)]
    [InlineData(2, null, 3)]
    [InlineData(3, null, 1)]
    [InlineData(3, null, 3)]
    [InlineData(1, 1024L, 1)]
    [InlineData(1, 1024L, 3)]
    public void ARunThatDivergesHasItsBestEpochAndSaysSo(int seed, long? memory, int networks)
    {
        // One row is far away from all others, and every row is a batch.
        Point[] points = [.. Enumerable.Range(0, 33).Select(i => i == 16 ? new Point([1000], 100) : new Point([i], MathF.Sin(i / 5f)))];
        IDataView data = View(points);
        var model = Fit(data, o =>
        {
            (o.BatchSize, o.Seed, o.ValidationFraction, o.Ensemble, o.MaximumMemory) = (1, seed, 0, networks, memory);
            (o.HiddenLayers, o.FeatureEncoding, o.NumberOfEpochs) = (HiddenLayers.Of(Activation.Tanh, 64), FeatureEncoding.None, 200);
            (o.Optimizer, o.Schedule, o.Regularization) = (Optimizer.Momentum(0.01), LearningRateSchedule.Constant, new());
        });
        Assert.Equal(StopReason.NonFinite, model.Model.StopReason);
        Assert.All(model.Transform(data).Scores(), score => Assert.InRange(score[0], -300, 300));
        Assert.Contains(
            model.Model.Warnings,
            warning => warning.Id == "NonFinite" && warning.Text.Contains("The learning rate was 0.01", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryWarningIsOnTheModelAndOnceInTheLog()
    {
        // A constant feature, a row without label, and labels of pure chance.
        var random = new Random(1);
        Point[] points = [.. Enumerable.Range(0, 3000).Select(
            i => new Point([random.NextSingle(), 7, random.NextSingle()], i == 5 ? float.NaN : random.NextSingle()))];
        var model = Fit(View(points), o => o.NumberOfEpochs = 5).Model;
        Assert.Equal(["RowsLeftOut", "ConstantFeatures", "HardlyBetterThanConstant"], model.Warnings.Select(warning => warning.Id));
        Assert.Equal(3, _logged.Count);
        Assert.All(model.Warnings.Zip(_logged), pair => Assert.EndsWith(pair.First.Text, pair.Second, StringComparison.Ordinal));
        Assert.Contains("1 of 3 features have the same value", model.Warnings[1].Text, StringComparison.Ordinal);
        Assert.Contains("predicting the mean of the labels", model.Warnings[2].Text, StringComparison.Ordinal);
        Assert.Contains(model.Warnings[2].Text, model.Summary(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void WhatHasNotLearnedIsTrainedOnceMore(int networks)
    {
        var random = new Random(3);
        IDataView noise = View([.. Enumerable.Range(0, 300).Select(
            _ => new Point([random.NextSingle(), random.NextSingle()], random.NextSingle()))]);
        var informed = new List<string>();
        _ml.Log += (_, message) => informed.Add(message.Message);
        int begun = 0;
        var model = Fit(noise, Set).Model;
        Assert.Equal(2 * networks, begun);
        Assert.Equal(networks, informed.Count(text => text.Contains("trained once more from other weights", StringComparison.Ordinal)));
        Assert.Contains("even after a second training", Assert.Single(model.Warnings).Text, StringComparison.Ordinal);

        // A function is learned at once, and the training of a given model is continued, not begun anew.
        begun = 0;
        IDataView line = View([.. Enumerable.Range(0, 300).Select(i => new Point([i / 100f, random.NextSingle()], i / 50f))]);
        Assert.Empty(Fit(line, Set).Model.Warnings);
        Assert.Equal(networks, begun);
        begun = 0;
        ITransformer first = Fit(noise, Set);
        begun = 0;
        Fit(noise, options =>
        {
            Set(options);
            options.InitialModel = first;
        });
        Assert.Equal(networks, begun);

        void Set(BackPropagationRegressionTrainer.Options options)
        {
            (options.Ensemble, options.NumberOfEpochs, options.Seed) = (networks, 8, 1);
            options.OnEpoch = progress => begun += progress.Epoch.Epoch == 1 ? 1 : 0;
        }
    }

    [Fact]
    public void ScoresThatAreAllNaNAreWarnedOfOnce()
    {
        var model = Fit(View([.. Enumerable.Range(0, 600).Select(i => new Point([i % 7, i % 5], i % 7))]), o => o.NumberOfEpochs = 3);
        _logged.Clear();
        IDataView none = model.Transform(View([.. Enumerable.Range(0, 600).Select(i => new Point([i, float.NaN], 0))]));
        Assert.All(none.Scores(), score => Assert.Equal(float.NaN, score[0]));
        Assert.All(none.Scores(), score => Assert.Equal(float.NaN, score[0]));
        Assert.Contains("The scores of all 600 rows are NaN", Assert.Single(_logged), StringComparison.Ordinal);

        _logged.Clear();
        IDataView some = model.Transform(View([.. Enumerable.Range(0, 600).Select(i => new Point([i, i == 599 ? 1 : float.NaN], 0))]));
        Assert.Single(some.Scores(), score => !float.IsNaN(score[0]));
        Assert.Empty(_logged);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(4096L)]
    public void FeaturesAreNamed(long? memory)
    {
        IDataView data = Rows(id => id);
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            FeatureColumnName = "Features",
            NumberOfEpochs = 3,
            ValidationFraction = 0,
            MaximumMemory = memory,
        };
        var pipeline = _ml.Transforms.Categorical.OneHotEncoding("Id", outputKind: OneHotEncodingEstimator.OutputKind.Indicator)
            .Append(_ml.Transforms.Concatenate("Features", "Id", "X", "Seven")).Append(_ml.Regression.Trainers.BackPropagation(options));
        var warnings = pipeline.Fit(data).LastTransformer.Model.Warnings;
        Assert.Contains(
            warnings, warning => warning.Id == "ConstantFeatures" && warning.Text.Contains("('Seven')", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Id == "ManyLevels" && warning.Text.Contains(
            "column 'Id' has 60 levels in 60 training rows", StringComparison.Ordinal));

        // Six levels of ten rows each are no identifier.
        Assert.DoesNotContain(pipeline.Fit(Rows(id => id % 6)).LastTransformer.Model.Warnings, warning => warning.Id == "ManyLevels");
    }

    [Fact]
    public void AClassifierThatKnowsNothingSaysSo()
    {
        var random = new Random(3);
        IDataView data = View([.. Enumerable.Range(0, 400).Select(_ => new Point([random.NextSingle()], random.Next(4) == 0 ? 1 : 0))]);
        IDataView binary = _ml.Transforms.CustomMapping<Number, Flag>(
            (number, flag) => flag.Label = number.Label == 1, null).Fit(data).Transform(data);
        Assert.Contains(
            _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 3).Fit(binary).Model.Warnings,
            warning => warning.Text.Contains("largest class", StringComparison.Ordinal));
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        Assert.Contains(
            _ml.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 3).Fit(keys).Model.Warnings,
            warning => warning.Text.Contains("largest class", StringComparison.Ordinal));
    }

    [Fact]
    public void AModelThatHasLearnedHasNoWarnings()
    {
        Assert.Empty(Fit(TestData.Diabetes(_ml), _ => { }).Model.Warnings);
        Assert.Empty(_ml.MulticlassClassification.Trainers.BackPropagation().Fit(TestData.Iris(_ml)).Model.Warnings);
        Assert.Empty(_logged);
    }

    [Fact]
    public void TheFileHasThem()
    {
        IDataView data = Rows(id => id);
        var model = Fit(_ml.Transforms.Concatenate("Features", "X", "Seven").Fit(data).Transform(data), o => o.NumberOfEpochs = 2);
        Assert.NotEmpty(model.Model.Warnings);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, inputSchema: null, stream);
        stream.Position = 0;
        var loaded = (BackPropagationTransformer<BackPropagationRegressionModelParameters>)_ml.Model.Load(stream, out _);
        Assert.Equal(model.Model.Warnings, loaded.Model.Warnings);
    }

    private BackPropagationTransformer<BackPropagationRegressionModelParameters> Fit(
        IDataView data, Action<BackPropagationRegressionTrainer.Options> set)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { Seed = 3 };
        set(options);
        return _ml.Regression.Trainers.BackPropagation(options).Fit(data);
    }

    private IDataView View(Point[] points)
    {
        var schema = SchemaDefinition.Create(typeof(Point));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, points[0].Features.Length);
        return _ml.Data.LoadFromEnumerable(points, schema);
    }

    private IDataView Rows(Func<int, int> id) => _ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, 60).Select(i => new Row { Id = $"r{id(i)}", X = i, Seven = 7, Label = i % 7 }).ToArray());

    private sealed class Point(float[] features, float label)
    {
        public Point()
            : this([], 0)
        {
        }

        public float[] Features { get; set; } = features;

        public float Label { get; set; } = label;
    }

    private sealed class Number
    {
        public float Label { get; set; }
    }

    private sealed class Flag
    {
        public bool Label { get; set; }
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public float X { get; set; }

        public float Seven { get; set; }

        public float Label { get; set; }
    }
}
