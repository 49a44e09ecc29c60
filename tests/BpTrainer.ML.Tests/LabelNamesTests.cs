using BpTrainer.ML.Training;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace BpTrainer.ML.Tests;

/// <summary>
/// Classes and labels go by their names, not by the numbers that they happen to have; and keys that are no classes are refused.
/// </summary>
public class LabelNamesTests
{
    private static readonly string[] s_species = ["setosa", "versicolor", "virginica"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _messages = [];

    public LabelNamesTests() => _ml.Log += (_, e) => _messages.Add(e.Message);

    [Theory]
    [InlineData(false, 1, false, "virginica", "setosa", "versicolor")]
    [InlineData(true, 1, false, "virginica", "setosa", "versicolor")]
    [InlineData(false, 3, false, "virginica", "setosa", "versicolor")]
    [InlineData(true, 1, true, "virginica", "setosa", "versicolor")]
    [InlineData(false, 1, false, "versicolor", "setosa", "virginica")]
    [InlineData(true, 1, false, "versicolor", "setosa", "virginica")]
    [InlineData(false, 3, false, "versicolor", "setosa", "virginica")]
    [InlineData(true, 1, true, "versicolor", "setosa", "virginica")]
    public void TrainingContinuesWithClassesInAnotherOrder(bool isLoaded, int networks, bool keepsState, params string[] order)
    {
        BackPropagationMulticlassTrainer.Options Options(double rate, int epochs, ITransformer? initial) => new(Preset.Fast)
        {
            FeatureEncoding = FeatureEncoding.None,
            Optimizer = Optimizer.Momentum(rate),
            NumberOfEpochs = epochs,
            Ensemble = networks,
            KeepOptimizerState = keepsState,
            InitialModel = initial,
            Seed = 1,
        };
        IDataView data = Iris(s_species);
        ITransformer first = _ml.Transforms.CopyColumns("Copy", "Features").Append(
            _ml.MulticlassClassification.Trainers.BackPropagation(Options(0.01, 40, null))).Fit(data);
        _messages.Clear();
        IDataView reordered = Iris(order);
        ITransformer initial = isLoaded ? first.SaveAndLoad(data.Schema) : first;
        IDataView scored =
            _ml.MulticlassClassification.Trainers.BackPropagation(Options(1e-9, 1, initial)).Fit(reordered).Transform(reordered);
        Assert.Equal(Accuracy(first.Transform(data)), Accuracy(scored));
        float[][] expected =
        [
            .. first.Transform(data).Scores().Select(row => order.Select(name => row[Array.IndexOf(s_species, name)]).ToArray())
        ];
        DataViews.AssertClose(expected, scored.Scores(), 1e-4);
        Assert.Contains(_messages, message => message.Contains("the outputs are reordered", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("'versicolor', 'virginica'; the data lacks 'setosa'", "versicolor", "virginica")]
    [InlineData("the model lacks 'orchid'", "orchid", "setosa", "versicolor", "virginica")]
    [InlineData("the model lacks 'orchid'; the data lacks 'virginica'", "setosa", "versicolor", "orchid")]
    public void OtherClassesAreNamed(string text, params string[] classes)
    {
        ITransformer first = _ml.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 1)
            .Fit(Iris(s_species));
        BackPropagationMulticlassTrainer trainer = _ml.MulticlassClassification.Trainers.BackPropagation();
        var error = Assert.ThrowsAny<ArgumentException>(() => trainer.Fit(Iris(classes), null, first));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Contains("'setosa', 'versicolor', 'virginica'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TrainingGoesOnWithLabelsOfAVectorInAnotherOrder(bool isLoaded)
    {
        IDataView data = Labels("Label", "feature2", "feature8"), reordered = Labels("feature8", "Label", "feature2");
        ITransformer first = Regression(0.01, 20, null).Fit(data);
        IDataView scored = Regression(1e-9, 1, isLoaded ? first.SaveAndLoad(data.Schema) : first).Fit(reordered).Transform(reordered);
        DataViews.AssertClose([.. first.Transform(data).Scores().Select(row => new[] { row[2], row[0], row[1] })], scored.Scores(), 1e-4);

        var error = Assert.ThrowsAny<ArgumentException>(() => Regression(0.01, 1, first).Fit(Labels("Label", "feature3", "feature8")));
        Assert.Contains("the model lacks 'feature3'; the data lacks 'feature2'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValidationDataHasTheSlotsOfTheTrainingData()
    {
        IDataView data = Labels("Label", "feature2");
        var error = Assert.ThrowsAny<ArgumentException>(() => Regression(0.01, 1, null).Fit(data, Labels("feature2", "Label")));
        Assert.Contains(
            "slot 1 of the column 'Labels' is 'feature2', but 'Label' in the training data", error.Message, StringComparison.Ordinal);

        IDataView turned = TestData.Prepare(
            data, _ml.Transforms.Concatenate("Features", [.. Enumerable.Range(0, 10).Reverse().Select(i => $"feature{i}")]));
        error = Assert.ThrowsAny<ArgumentException>(() => Regression(0.01, 1, null).Fit(data, turned));
        Assert.Contains("slot 1 of the column 'Features' is 'feature9', but 'feature0'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(20)]
    [InlineData(31)]
    public void HashedLabelsAreRefused(int bits)
    {
        IDataView hashed = TestData.Prepare(Iris(s_species), _ml.Transforms.Conversion.Hash("Label", "Species", numberOfBits: bits));
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.MulticlassClassification.Trainers.BackPropagation().Fit(hashed));
        Assert.Equal("LabelColumnName", error.ParamName);
        Assert.Contains($"Label column 'Label' has {1L << bits} keys", error.Message, StringComparison.Ordinal);
        Assert.Contains("MapValueToKey", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ManyKeysWithNamesAreWarnedOf()
    {
        IDataView known = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 70_000).Select(i => new Key { Name = i < 3 ? s_species[i] : $"id {i}" }).ToArray());
        IDataView data = _ml.Data.TakeRows(
            TestData.Prepare(
                TestData.IrisLoader(_ml).Load(TestData.IrisFile),
                _ml.Transforms.Conversion.MapValueToKey("Label", "Species", keyData: known)),
            60);
        _ml.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [1], numberOfEpochs: 1).Fit(data);
        Assert.Contains(_messages, message => message.Contains("Label column 'Label' has 70000 keys", StringComparison.Ordinal));
    }

    /// <summary>Iris with the label of these classes, in this order; rows of other classes have none.</summary>
    private IDataView Iris(string[] classes)
    {
        IDataView known = _ml.Data.LoadFromEnumerable(classes.Select(name => new Key { Name = name }).ToArray());
        return TestData.Prepare(
            TestData.IrisLoader(_ml).Load(TestData.IrisFile), _ml.Transforms.Conversion.MapValueToKey("Label", "Species", keyData: known));
    }

    private double Accuracy(IDataView scored) => _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy;

    private IDataView Labels(params string[] columns) =>
        TestData.Prepare(TestData.NamedDiabetes(_ml), _ml.Transforms.Concatenate("Labels", columns));

    private BackPropagationMultiOutputTrainer Regression(double rate, int epochs, ITransformer? initial) =>
        _ml.Regression.Trainers.MultiOutputBackPropagation(
            new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
            {
                LabelColumnName = "Labels",
                Optimizer = Optimizer.Momentum(rate),
                NumberOfEpochs = epochs,
                InitialModel = initial,
                Seed = 1,
            });

    private sealed class Key
    {
        public string Name { get; set; } = "";
    }
}
