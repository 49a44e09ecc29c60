using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// Validation data that does not fit is refused by the name under which it was given: the option's or that of Fit's argument.
/// </summary>
public class ValidationDataTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData("no label", "label column 'Label'")]
    [InlineData("no features", "feature column 'Features'")]
    [InlineData("no weight", "weight column 'Weight'")]
    [InlineData("a text as label", "label column 'Label'")]
    [InlineData("fewer features", "has 4 features, but the training data has 10")]
    [InlineData("two labels", "expected Single")]
    public void ColumnsThatDoNotFitAreNamed(string what, string expected)
    {
        IDataView training = TestData.Prepare(TestData.NamedDiabetes(_ml), _ml.Transforms.CopyColumns("Weight", "feature2"));
        IDataView watched = TestData.Prepare(training, what switch
        {
            "no label" => _ml.Transforms.SelectColumns("Features", "Weight"),
            "no features" => _ml.Transforms.SelectColumns("Label", "Weight"),
            "no weight" => _ml.Transforms.SelectColumns("Label", "Features"),
            "a text as label" => _ml.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.String),
            "fewer features" => _ml.Transforms.Concatenate("Features", "feature0", "feature1", "feature2", "feature3"),
            _ => _ml.Transforms.Concatenate("Label", "Label", "feature2"),
        });
        BackPropagationRegressionTrainer Trainer(IDataView? validation) => _ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast) { ExampleWeightColumnName = "Weight", ValidationData = validation });
        AssertRefused(Trainer, training, watched, expected);
    }

    [Fact]
    public void AnotherNumberOfClassesIsRefused()
    {
        IDataView all = TestData.Iris(_ml);
        IDataView two = TestData.Prepare(_ml.Data.TakeRows(TestData.IrisColumns(_ml), 100), Iris());
        AssertRefused(MulticlassTrainer, all, two, "the same number of classes");
    }

    [Fact]
    public void KeysThatStandForOtherClassesAreRefused()
    {
        // The file is sorted by class: in the rows from the 51st on the second class comes up first.
        IDataView columns = TestData.IrisColumns(_ml);
        IDataView training = TestData.Prepare(columns, Iris());
        IDataView shifted = TestData.Prepare(_ml.Data.ShuffleRows(columns, seed: 5), Iris());
        Assert.NotEqual("setosa", Keys(shifted)[0]);
        AssertRefused(
            MulticlassTrainer,
            training,
            shifted,
            $"key 1 of the label column 'Label' stands for '{Keys(shifted)[0]}', but for '{Keys(training)[0]}'");

        // With the steps that were fitted to the training data, the same rows are right; so are keys that do not say what they stand for.
        Assert.NotNull(MulticlassTrainer(
            Iris().Fit(columns).Transform(_ml.Data.ShuffleRows(columns, seed: 5))).Fit(training).Model.History[0].ValidationLoss);
        IDataView nameless = _ml.Data.LoadFromEnumerable([new Flower { Label = 2, Features = [1, 2, 3, 4] }]);
        Assert.NotNull(MulticlassTrainer(nameless).Fit(training).Model.History[0].ValidationLoss);
    }

    [Fact]
    public void KeysOfNumbersAreComparedToo()
    {
        IDataView Numbers(params int[] labels) => TestData.Prepare(
            _ml.Data.LoadFromEnumerable(labels.Select(label => new Numbered { Number = label, Features = [label, 0] })),
            _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Numbered.Number)));
        AssertRefused(
            MulticlassTrainer,
            Numbers(3, 5, 5, 3),
            Numbers(5, 3),
            "key 1 of the label column 'Label' stands for '5', but for '3' in the training data");
        Assert.NotNull(MulticlassTrainer(Numbers(3, 5)).Fit(Numbers(3, 5, 5, 3)).Model.History[0].ValidationLoss);
    }

    [Theory]
    [InlineData(false, false, "The validation data has no rows")]
    [InlineData(false, true, "The validation data has no rows")]
    [InlineData(true, false, "The validation data has no usable rows: all 1 rows")]
    [InlineData(true, true, "The validation data has no usable rows: all 1 rows")]
    public void WithoutUsableRowsItIsRefused(bool hasRow, bool isOption, string expected)
    {
        // Only 0, 1 and 2 are classes.
        IDataView watched = _ml.Data.LoadFromEnumerable(
            Enumerable.Repeat(new Flower { Label = 9, Features = [1, 2, 3, 4] }, hasRow ? 1 : 0));
        IDataView training = TestData.Iris(_ml);
        var error = Assert.Throws<InvalidOperationException>(
            () => isOption ? MulticlassTrainer(watched).Fit(training) : MulticlassTrainer(null).Fit(training, watched));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void QuantilesVectorsAndWeightsHaveValidationDataToo()
    {
        IDataView data = TestData.Prepare(
            TestData.NamedDiabetes(_ml),
            _ml.Transforms.CopyColumns("Weight", "feature2").Append(_ml.Transforms.Concatenate("Labels", "Label", "feature3")));
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(data, testFraction: 0.3, seed: 2);
        RegressionCatalog.RegressionTrainers trainers = _ml.Regression.Trainers;
        Check<BackPropagationRegressionTrainer.Options, BackPropagationRegressionModelParameters>(
            o => o.ExampleWeightColumnName = "Weight", trainers.BackPropagation);
        Check<BackPropagationMultiOutputTrainer.Options, BackPropagationMultiOutputModelParameters>(
            o => o.LabelColumnName = "Labels", trainers.MultiOutputBackPropagation);
        Check<BackPropagationMultiOutputTrainer.Options, BackPropagationMultiOutputModelParameters>(
            o => o.Loss = Loss.Quantiles(0.1, 0.9), trainers.MultiOutputBackPropagation);

        void Check<TOptions, TModel>(Action<TOptions> set, Func<TOptions, BackPropagationTrainer<TModel>> create)
            where TOptions : BackPropagationOptions, new()
            where TModel : class
        {
            (byte[] Network, IReadOnlyList<EpochRecord> History) Fit(IDataView? option, IDataView? argument)
            {
                var options = new TOptions { ValidationData = option, Seed = 3, NumberOfEpochs = 5 };
                set(options);
                BackPropagationTrainer<TModel> trainer = create(options);
                return ((argument is null ? trainer.Fit(split.TrainSet) : trainer.Fit(split.TrainSet, argument)).Model as object) switch
                {
                    BackPropagationRegressionModelParameters one => (one.Network.ToBytes(), one.History),
                    BackPropagationMultiOutputModelParameters several => (several.Network.ToBytes(), several.History),
                    _ => throw new InvalidOperationException(),
                };
            }

            var byOption = Fit(split.TestSet, null);
            Assert.Equal(Fit(null, split.TestSet).Network, byOption.Network);

            // The argument comes first.
            Assert.Equal(byOption.Network, Fit(split.TrainSet, split.TestSet).Network);
            Assert.NotEqual(Fit(split.TrainSet, null).History[0].ValidationLoss, byOption.History[0].ValidationLoss);
        }
    }

    private void AssertRefused<TModel>(
        Func<IDataView?, BackPropagationTrainer<TModel>> trainer, IDataView training, IDataView watched, string expected)
        where TModel : class
    {
        BackPropagationTransformer<TModel> model = trainer(null).Fit(_ml.Data.TakeRows(training, 60), null!, trainer(null).Fit(training));
        (string Name, Action Fit)[] ways =
        [
            ("ValidationData", () => trainer(watched).Fit(training)),
            ("validationData", () => trainer(null).Fit(training, watched)),
            ("validationData", () => trainer(null).Fit(training, watched, model)),
        ];
        foreach ((string name, Action fit) in ways)
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(fit);
            Assert.Equal(name, error.ParamName);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
        }
    }

    private BackPropagationMulticlassTrainer MulticlassTrainer(IDataView? validation) =>
        _ml.MulticlassClassification.Trainers.BackPropagation(
            new BackPropagationMulticlassTrainer.Options(Preset.Fast)
            {
                ValidationData = validation,
                NumberOfEpochs = 2,
                ValidationFraction = 0,
            });

    private IEstimator<ITransformer> Iris() =>
        _ml.Transforms.Concatenate("Features", [.. Enumerable.Range(0, TestData.IrisFeatures).Select(i => $"feature{i}")])
        .Append(_ml.Transforms.Conversion.MapValueToKey("Label", "Species"));

    private static string[] Keys(IDataView data)
    {
        VBuffer<ReadOnlyMemory<char>> keys = default;
        data.Schema["Label"].GetKeyValues(ref keys);
        return [.. keys.DenseValues().Select(key => key.ToString())];
    }

    private sealed class Flower
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(TestData.IrisFeatures)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Numbered
    {
        public int Number { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
