using BpTrainer.ML.Training;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>The training of every kind of model can be continued: fitted or loaded, in memory or streamed. The model stays.</summary>
public class ContinuedModelsTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string, long?, int> Kinds
    {
        get
        {
            var kinds = new TheoryData<string, long?, int>();
            foreach (string kind in new[] { "number", "vector", "quantiles", "binary", "classes" })
            {
                kinds.Add(kind, null, 1);
                kinds.Add(kind, null, 2);
                kinds.Add(kind, 2_500, 1);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TwoHalvesAreTheWhole(string kind, long? memory, int networks) =>
        // Gradient descent has no state, and without shuffling every epoch takes the same batches: nothing is lost in between.
        AssertTwoHalvesAreTheWhole(kind, memory, networks, o => o.Optimizer = Optimizer.GradientDescent());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TwoHalvesWithOptimizerStateAreTheWhole(string kind, long? memory, int networks)
    {
        AssertTwoHalvesAreTheWhole(kind, memory, networks, o => o.KeepOptimizerState = true);
        AssertTwoHalvesAreTheWhole(kind, memory, networks, o => (o.KeepOptimizerState, o.Optimizer) = (true, Optimizer.Adam()));
    }

    private void AssertTwoHalvesAreTheWhole(string kind, long? memory, int networks, Action<BackPropagationOptions> setOptimizer)
    {
        (IDataView data, Func<Action<BackPropagationOptions>, IEstimator<ITransformer>> trainer) = Task(kind);
        IEstimator<ITransformer> Pipeline(int epochs, ITransformer? initial) =>
            _ml.Transforms.NormalizeMinMax("Features").Append(trainer(o =>
            {
                setOptimizer(o);
                o.Schedule = LearningRateSchedule.Constant;
                (o.HiddenLayers, o.Shuffle, o.ValidationFraction, o.Seed, o.BatchSize) = ([6], false, 0, 3, 10);
                (o.NumberOfEpochs, o.InitialModel, o.MaximumMemory, o.Ensemble) = (epochs, initial, memory, networks);
            }));

        ITransformer half = Pipeline(3, null).Fit(data);
        float[][] before = half.Transform(data).Scores();
        float[][] whole = Pipeline(6, null).Fit(data).Transform(data).Scores();
        Assert.NotEqual(whole, before);
        DataViews.AssertSameBits(whole, Pipeline(3, half).Fit(data).Transform(data).Scores());
        DataViews.AssertSameBits(before, half.Transform(data).Scores());

        ITransformer loaded = half.SaveAndLoad(data.Schema);
        DataViews.AssertSameBits(whole, Pipeline(3, loaded).Fit(data).Transform(data).Scores());
        DataViews.AssertSameBits(before, loaded.Transform(data).Scores());
    }

    [Fact]
    public void TheStateOfTheOptimizerIsKeptOnlyWhenAsked()
    {
        IDataView data = TestData.Diabetes(_ml);
        Assert.Empty(Trainer(epochs: 1).Fit(data).Model.OptimizerStates);
        var kept = _ml.Regression.Trainers.BackPropagation(new() { NumberOfEpochs = 1, KeepOptimizerState = true, Ensemble = 2 }).Fit(data);
        Assert.Equal(["momentum", "momentum"], kept.Model.OptimizerStates.Select(state => state.Optimizer));
        kept = _ml.Regression.Trainers.BackPropagation(
            new() { NumberOfEpochs = 1, KeepOptimizerState = true, Ensemble = Ensemble.BestOf(2) }).Fit(data);
        Assert.Single(kept.Model.OptimizerStates);

        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                Optimizer = Optimizer.Lbfgs(),
                KeepOptimizerState = true,
            }));
        Assert.Contains("KeepOptimizerState is True, but must be false with the optimizer l-bfgs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherOptimizerBeginsAnewAndSaysSo()
    {
        IDataView data = TestData.Diabetes(_ml);
        var first = _ml.Regression.Trainers.BackPropagation(
            new(Preset.Fast) { NumberOfEpochs = 2, Seed = 3, KeepOptimizerState = true }).Fit(data);
        List<string> messages = [];
        _ml.Log += (_, message) => messages.Add(message.Message);
        BackPropagationRegressionTrainer Adam(ITransformer initial) => _ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                NumberOfEpochs = 1,
                Seed = 3,
                Optimizer = Optimizer.Adam(),
                InitialModel = initial,
            });
        Adam(first).Fit(data);
        Assert.Contains(messages, message => message.Contains(
            "The optimizer adam starts anew: the initial model has the state of momentum", StringComparison.Ordinal));
    }

    [Fact]
    public void TheModelOfFitComesBeforeThatOfTheOptions()
    {
        IDataView data = TestData.Diabetes(_ml);
        var first = Trainer(epochs: 1, seed: 1).Fit(data);
        var second = Trainer(epochs: 1, seed: 2).Fit(data);
        Assert.NotEqual(first.Model.Network.ToBytes(), second.Model.Network.ToBytes());
        byte[] expected = Trainer(epochs: 2).Fit(data, null, second).Model.Network.ToBytes();
        Assert.Equal(expected, Trainer(epochs: 2, initial: first).Fit(data, null, second).Model.Network.ToBytes());
        Assert.Equal(expected, Trainer(epochs: 2, initial: second).Fit(data).Model.Network.ToBytes());
        Assert.NotEqual(expected, Trainer(epochs: 2, initial: first).Fit(data).Model.Network.ToBytes());
    }

    [Fact]
    public void OfSeveralModelsInAPipelineTheLastCounts()
    {
        IDataView data = TestData.Diabetes(_ml);
        var first = Trainer(epochs: 1, seed: 1).Fit(data);
        var second = Trainer(epochs: 1, seed: 2).Fit(data);
        byte[] expected = Trainer(epochs: 2).Fit(data, null, second).Model.Network.ToBytes();
        ITransformer chain = first.Append(second).Append(_ml.Transforms.CopyColumns("Copy", "Score").Fit(second.Transform(data)));
        Assert.Equal(expected, Trainer(epochs: 2).Fit(data, null, chain).Model.Network.ToBytes());
    }

    [Fact]
    public void TheScalingsOfTheModelStay()
    {
        IDataView data = TestData.Diabetes(_ml);
        IDataView half = _ml.Data.TakeRows(data, 200);
        var first = Trainer(epochs: 3).Fit(data);
        Network<float> second = Trainer(epochs: 1, initial: first).Fit(half).Model.Network;
        Network<float> anew = Trainer(epochs: 1).Fit(half).Model.Network;
        Assert.Equal(first.Model.Network.InputScaling!.Offsets.ToArray(), second.InputScaling!.Offsets.ToArray());
        Assert.Equal(first.Model.Network.OutputScaling!.Offsets.ToArray(), second.OutputScaling!.Offsets.ToArray());
        Assert.NotEqual(anew.InputScaling!.Offsets.ToArray(), second.InputScaling.Offsets.ToArray());
    }

    [Theory]
    [InlineData("InitialModel", "another trainer")]
    [InlineData("InitialModel", "no trainer")]
    [InlineData("InitialModel", "another task")]
    [InlineData("model", "another trainer")]
    [InlineData("model", "no trainer")]
    [InlineData("model", "another task")]
    public void WhatIsNoModelOfTheTaskIsRefusedByItsName(string option, string from)
    {
        IDataView data = TestData.Diabetes(_ml);
        ITransformer other = from switch
        {
            "another trainer" => _ml.Regression.Trainers.Sdca(maximumNumberOfIterations: 1).Fit(data),
            "no trainer" => _ml.Transforms.NormalizeMinMax("Features").Fit(data),
            _ => _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 1).Fit(TestData.BreastCancer(_ml)),
        };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => option == "model"
            ? Trainer(epochs: 1).Fit(data, null, other)
            : Trainer(epochs: 1, initial: other).Fit(data));
        Assert.Equal(option, error.ParamName);
        Assert.Contains("does not contain a BackPropagationRegressionModelParameters", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(8_000)]
    public void AMismatchOfTheShapeSaysWhichLayer(int? memory)
    {
        IDataView data = TestData.Diabetes(_ml);
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            InitialModel = Trainer(epochs: 1).Fit(data),
            MaximumMemory = memory,
        };
        options.HiddenLayers = [new LayerSpec(64, Activation.Tanh) { Bias = BiasKind.Shared }];
        AssertMismatch(
            () => _ml.Regression.Trainers.BackPropagation(options).Fit(data),
            "layer 1 is a hidden layer of 128 relu units in the model, but options and data require a hidden layer of 64 tanh units " +
            "with the bias");
    }

    [Theory]
    [InlineData("quantiles", null, "layer of 3")]
    [InlineData("quantiles", 2_000L, "layer of 3")]
    [InlineData("labels", null, "layer of 3 linear units")]
    [InlineData("labels", 2_000L, "layer of 3 linear units")]
    public void AMismatchOfTheOutputsSaysWhichLayer(string what, long? memory, string expected)
    {
        IDataView Rows(int labels)
        {
            SchemaDefinition schema = SchemaDefinition.Create(typeof(VectorRow));
            schema[nameof(VectorRow.Labels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, labels);
            return _ml.Data.LoadFromEnumerable(
                Enumerable.Range(0, 90).Select(i => new VectorRow
                {
                    Features = [i, i % 7],
                    Labels = [.. Enumerable.Repeat(i % 5, labels)],
                    Label = i,
                }),
                schema);
        }

        var options = new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
        {
            LabelColumnName = nameof(VectorRow.Labels),
            NumberOfEpochs = 1,
        };
        (options.InitialModel, options.MaximumMemory) = (
            _ml.Regression.Trainers.MultiOutputBackPropagation(options).Fit(Rows(labels: 2)), memory);
        if (what == "quantiles")
        {
            (options.Loss, options.LabelColumnName) = (Loss.Quantiles(0.1, 0.5, 0.9), nameof(VectorRow.Label));
        }

        AssertMismatch(
            () => _ml.Regression.Trainers.MultiOutputBackPropagation(options).Fit(Rows(labels: 3)),
            "layer 3 is an output layer of 2 linear units in the model, but options and data require an output " + expected);
    }

    private static void AssertMismatch(Action fit, string expected)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(fit);
        Assert.Equal("InitialModel", error.ParamName);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private (IDataView Data, Func<Action<BackPropagationOptions>, IEstimator<ITransformer>> Trainer) Task(string kind)
    {
        T With<T>(Action<BackPropagationOptions> set, T options) where T : BackPropagationOptions
        {
            set(options);
            return options;
        }

        return kind switch
        {
            "number" => (
                TestData.Diabetes(_ml),
                set => _ml.Regression.Trainers.BackPropagation(With(set, new BackPropagationRegressionTrainer.Options(Preset.Fast)))),
            "vector" => (
                TestData.Prepare(TestData.NamedDiabetes(_ml), _ml.Transforms.Concatenate("Labels", "Label", "feature3")),
                set => _ml.Regression.Trainers.MultiOutputBackPropagation(
                    With(set, new BackPropagationMultiOutputTrainer.Options(Preset.Fast) { LabelColumnName = "Labels" }))),
            "quantiles" => (TestData.Diabetes(_ml), set => _ml.Regression.Trainers.MultiOutputBackPropagation(
                With(set, new BackPropagationMultiOutputTrainer.Options(Preset.Fast) { Loss = Loss.Quantiles(0.1, 0.5, 0.9) }))),
            "binary" => (
                TestData.BreastCancer(_ml),
                set => _ml.BinaryClassification.Trainers.BackPropagation(With(set, new BackPropagationBinaryTrainer.Options(Preset.Fast)))),
            _ => (
                TestData.Iris(_ml),
                set => _ml.MulticlassClassification.Trainers.BackPropagation(
                With(set, new BackPropagationMulticlassTrainer.Options(Preset.Fast)))),
        };
    }

    private BackPropagationRegressionTrainer Trainer(int epochs, int seed = 3, ITransformer? initial = null) =>
        _ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                NumberOfEpochs = epochs,
                Seed = seed,
                ValidationFraction = 0,
                InitialModel = initial,
            });

    private sealed class VectorRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float[] Labels { get; set; } = [];

        public float Label { get; set; }
    }
}
