using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary><c>HiddenLayers.Try</c>: Fit tries sizes, trains with the one it chooses, and the model has the table.</summary>
public class HiddenSizeTrialTests
{
    /// <summary>Room for 100 rows of a feature and a label, and 8 bytes for their order.</summary>
    private const long LittleMemory = 100 * ((4 * (1 + 1)) + 8);

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _messages = [];

    public HiddenSizeTrialTests() => _ml.Log += (_, message) => _messages.Add(message.Message);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void TheModelIsWhatTheChosenSizeGives(int threads)
    {
        IDataView data = Waves();
        BackPropagationRegressionModelParameters model =
            Fit(data, o => (o.HiddenLayers, o.NumberOfThreads) = (HiddenLayers.Try([1, 9, 2], Activation.Tanh), threads));
        Assert.Equal([1, 2, 9], model.HiddenSizeTrials!.Trials.Select(trial => trial.Units));
        Assert.Equal(9, model.HiddenSizeTrials.Choice.Units);
        BackPropagationRegressionModelParameters plain = Fit(data, o => o.HiddenLayers = HiddenLayers.Of(Activation.Tanh, 9));
        Assert.Null(plain.HiddenSizeTrials);
        Assert.Equal(plain.Network.ToBytes(), model.Network.ToBytes());

        // The trial of the chosen size is the same training.
        Assert.Equal(plain.History.Min(epoch => epoch.ValidationLoss), model.HiddenSizeTrials.Choice.ValidationLoss);
        Assert.Contains(_messages, m => m.Contains("Trying 1, 9, 2 hidden units.", StringComparison.Ordinal));
        Assert.Contains(_messages, m => m.Contains($"{model.HiddenSizeTrials}", StringComparison.Ordinal));
        Assert.Contains($"{model.HiddenSizeTrials}", model.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheRuleIsTriedByFoldsInAClassificationAndSavedWithTheModel()
    {
        IDataView iris = TestData.Iris(_ml);
        var options = new BackPropagationMulticlassTrainer.Options(Preset.Fast)
        {
            HiddenLayers = HiddenLayers.TryRule(folds: 3),
            NumberOfEpochs = 10,
            Seed = 1,
        };
        var model = _ml.MulticlassClassification.Trainers.BackPropagation(options).Fit(iris);
        HiddenSizeTrials trials = model.Model.HiddenSizeTrials!;

        // √(4 features + 3 classes) = 2.65.
        Assert.Equal(Enumerable.Range(4, 10), trials.Trials.Select(trial => trial.Units));
        Assert.All(trials.Trials, trial => Assert.Equal(3, trial.Runs.Count));
        Assert.Equal(trials.Choice.Units, model.Model.Network.Layers[0].Outputs);
        var loaded = (BackPropagationTransformer<BackPropagationMulticlassModelParameters>)model.SaveAndLoad(iris.Schema);
        Assert.Equal(model.Model.Summary(), loaded.Model.Summary());
        HiddenSizeTrials again = loaded.Model.HiddenSizeTrials!;
        Assert.Equal(trials.Trials.SelectMany(trial => trial.Runs), again.Trials.SelectMany(trial => trial.Runs));
        Assert.Equal(trials.Choice.Units, again.Choice.Units);
    }

    [Fact]
    public void AllNetworksOfAnEnsembleGetTheSizeThatOneChose()
    {
        BackPropagationRegressionModelParameters model = Fit(Waves(), o =>
            (o.HiddenLayers, o.Ensemble, o.FeatureEncoding) = (HiddenLayers.Try([2, 6]), 3, FeatureEncoding.Auto));
        int units = model.HiddenSizeTrials!.Choice.Units;
        Assert.All(model.Ensemble!.Networks, network => Assert.Equal(units, network.Layers[0].Outputs));
        Assert.Equal(2, model.HiddenSizeTrials.Trials.Sum(trial => trial.Runs.Count));
    }

    [Fact]
    public void APipelineWithItIsCrossValidated()
    {
        var pipeline = _ml.Transforms.NormalizeMinMax("Features").Append(Trainer(o => o.HiddenLayers = HiddenLayers.Try([1, 6])));
        var results = _ml.Regression.CrossValidate(Waves(), pipeline, numberOfFolds: 2);
        Assert.All(results, result => Assert.True(result.Metrics.RSquared > 0.5));
        Assert.All(results, result => Assert.NotNull(
            ((TransformerChain<BackPropagationTransformer<BackPropagationRegressionModelParameters>>)result.Model)
                .LastTransformer.Model.HiddenSizeTrials));
    }

    [Fact]
    public void StreamedRowsAreTriedByValidationRowsAndNotByFolds()
    {
        BackPropagationRegressionModelParameters model = Fit(
            Waves(), o => (o.HiddenLayers, o.MaximumMemory) = (HiddenLayers.Try([1, 6]), LittleMemory));
        Assert.Contains(_messages, m => m.Contains("streamed in blocks", StringComparison.Ordinal));
        Assert.Equal(2, model.HiddenSizeTrials!.Trials.Count);
        AssertFails<InvalidOperationException>(
            "HiddenLayers has 2 folds, but the rows do not fit into MaximumMemory",
            o => (o.HiddenLayers, o.MaximumMemory) = (HiddenLayers.Try([1, 6], folds: 2), LittleMemory));
    }

    [Fact]
    public void FoldsTakeRowsThatAreValidatedOnToo()
    {
        // 20 rows give no validation part, but folds.
        IDataView few = _ml.Data.TakeRows(Waves(), 20);
        Assert.Equal(5, Fit(few, o => o.HiddenLayers = HiddenLayers.Try([2], folds: 5)).HiddenSizeTrials!.Choice.Runs.Count);
        AssertFails<ArgumentException>(
            "there are no validation rows to choose by", o => o.HiddenLayers = HiddenLayers.Try([2]), few);
        AssertFails<InvalidOperationException>(
            "HiddenLayers has 21 folds, but the training data has only 20 rows",
            o => o.HiddenLayers = HiddenLayers.Try([2], folds: 21),
            few);
    }

    [Fact]
    public void AModelIsNotContinuedWithAnotherSize()
    {
        IDataView data = Waves();
        var model = Trainer(o => o.HiddenLayers = HiddenLayers.Try([2, 6])).Fit(data);
        int units = model.Model.HiddenSizeTrials!.Choice.Units;
        AssertFails<ArgumentException>(
            "HiddenLayers is Try([2, 6]), but the training of a model is continued, " +
            $"and its number of hidden units is known: give {units}.",
            o => (o.HiddenLayers, o.InitialModel) = (HiddenLayers.Try([2, 6]), model));
        Fit(data, o => (o.HiddenLayers, o.InitialModel) = (units, model));
    }

    [Fact]
    public void RowsOfOneClassNeedNoTrial()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 80).Select(i => new BinaryRow { Features = [i], Label = true }));
        var model = _ml.BinaryClassification.Trainers.BackPropagation(
            new BackPropagationBinaryTrainer.Options { HiddenLayers = HiddenLayers.Try([2, 6]) }).Fit(data);
        Assert.Null(model.Model.HiddenSizeTrials);
    }

    [Fact]
    public void ARangeTestTakesTheLargestSize() =>
        Assert.NotEmpty(Trainer(o => o.HiddenLayers = HiddenLayers.Try([2, 6])).FindLearningRate(Waves()).Points);

    [Fact]
    public void CancellationEndsTheTrials()
    {
        using var source = new CancellationTokenSource();
        _ml.Log += (_, message) =>
        {
            if (message.Message.Contains("Trying", StringComparison.Ordinal))
            {
                source.Cancel();
            }
        };
        Assert.Throws<OperationCanceledException>(
            () => Fit(Waves(), o => (o.HiddenLayers, o.CancellationToken) = (HiddenLayers.Try([2, 6]), source.Token)));
    }

    [Fact]
    public void ATimeThatIsTooShortIsNamed() => AssertFails<InvalidOperationException>(
        "Half of the TimeBudget", o => (o.HiddenLayers, o.TimeBudget) = (HiddenLayers.Try([2, 6]), TimeSpan.FromTicks(2)));

    [Fact]
    public void TimeThatIsLongEnoughChangesNothing()
    {
        IDataView data = Waves();
        BackPropagationRegressionModelParameters[] models = [.. new TimeSpan?[] { null, TimeSpan.FromHours(2) }.Select(budget =>
            Fit(data, o => (o.HiddenLayers, o.TimeBudget) = (HiddenLayers.Try([2, 6]), budget)))];
        Assert.Equal(models[0].Network.ToBytes(), models[1].Network.ToBytes());
    }

    public static TheoryData<string, Func<HiddenLayers>, string> Wrong => new()
    {
        { "none", () => HiddenLayers.Try([]), "There are no sizes to try" },
        { "zero", () => HiddenLayers.Try([3, 0]), "sizes is 0, but must be 1 or more" },
        { "twice", () => HiddenLayers.Try([3, 3]), "sizes has 3 twice" },
        { "one fold", () => HiddenLayers.Try([3], folds: 1), "folds is 1, but must be 0 for the validation rows, or 2 or more" },
        { "folds below 0", () => HiddenLayers.TryRule(folds: -1), "folds is -1" },
        { "hard limit", () => HiddenLayers.Try([3], Activation.HardLimit), "HiddenLayers has the activation" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatIsWrongIsNamed(string what, Func<HiddenLayers> layers, string message)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => Trainer(o => o.HiddenLayers = layers()));
        Assert.True(error.Message.Contains(message, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Fact]
    public void FoldsDoNotGoWithTheLastRows() => AssertFails<ArgumentException>(
        "HiddenLayers is Try([2], folds: 3), but ValidationRows is Last",
        o => (o.HiddenLayers, o.ValidationRows) = (HiddenLayers.Try([2], folds: 3), ValidationRows.Last));

    [Fact]
    public void ItSaysWhatItIs()
    {
        Assert.Equal("Try([2, 4])", $"{HiddenLayers.Try([2, 4])}");
        Assert.Equal("TryRule(folds: 5)", $"{HiddenLayers.TryRule(folds: 5)}");
        Assert.Equal("TryRule()", $"{HiddenLayers.TryRule(Activation.Tanh)}");
        Assert.Equal(Activation.SiLU, HiddenLayers.TryRule().For(2, 2, readsCodes: false).Single().Activation);
        Assert.Equal(Activation.Tanh, HiddenLayers.TryRule(Activation.Tanh).For(2, 2, readsCodes: false).Single().Activation);
        Assert.Equal(1, HiddenLayers.TryRule().Count);
    }

    private void AssertFails<TError>(string message, Action<BackPropagationRegressionTrainer.Options> set, IDataView? data = null)
        where TError : Exception
    {
        var error = Assert.ThrowsAny<TError>(() => Fit(data ?? Waves(), set));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private BackPropagationRegressionModelParameters Fit(IDataView data, Action<BackPropagationRegressionTrainer.Options> set) =>
        Trainer(set).Fit(data).Model;

    private BackPropagationRegressionTrainer Trainer(Action<BackPropagationRegressionTrainer.Options> set)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            FeatureEncoding = FeatureEncoding.None,
            NumberOfEpochs = 40,
            Seed = 3,
        };
        set(options);
        return _ml.Regression.Trainers.BackPropagation(options);
    }

    /// <summary>y = sin 4x, which takes more than one tanh unit.</summary>
    private IDataView Waves()
    {
        var random = new Random(2);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(_ =>
        {
            float x = (2 * random.NextSingle()) - 1;
            return new Row { Features = [x], Label = MathF.Sin(4 * x) };
        }).ToArray());
    }

    private sealed class Row
    {
        public float Label { get; set; }

        [VectorType(1)]
        public float[] Features { get; set; } = [];
    }

    private sealed class BinaryRow
    {
        public bool Label { get; set; }

        [VectorType(1)]
        public float[] Features { get; set; } = [];
    }
}
