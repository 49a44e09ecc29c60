using BpTrainer.ML.Training;
using BpTrainer.Stopping;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// Validation works behind other steps of a pipeline: with rows that belong together, and with rows that the options give.
/// </summary>
public class PipelineValidationTests
{
    private const int RowsOfGroup = 5;

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void GroupsStayWholeAndClassesInProportion()
    {
        // 60 groups of 5 rows: 30 of class 0, 20 of class 1, 10 that have both.
        float[] labels = [.. Enumerable.Range(0, 300).Select(row => row < 150 ? 0 : row < 250 ? 1f : row % 2)];
        ulong[] groups = [.. Enumerable.Range(0, 300).Select(row => (ulong)(row / RowsOfGroup))];
        for (int seed = 0; seed < 20; seed++)
        {
            (int[] training, int[] validation) = ValidationSplit.DrawGroups(labels, groups, classes: 2, fraction: 0.2, minimum: 1, seed);
            Assert.Equal(Enumerable.Range(0, 300), training.Concat(validation).Order());
            Assert.Empty(training.Select(row => groups[row]).Intersect(validation.Select(row => groups[row])));

            // A fifth of each class, give or take a group or two.
            Assert.InRange(validation.Count(row => labels[row] == 0), 35 - 8, 35 + 8);
            Assert.InRange(validation.Count(row => labels[row] == 1), 25 - 8, 25 + 8);
            Assert.InRange(validation.Length, 60 - 8, 60 + 8);
        }

        Assert.NotEqual(
            ValidationSplit.DrawGroups(labels, groups, 2, 0.2, 1, 1).Validation,
            ValidationSplit.DrawGroups(labels, groups, 2, 0.2, 1, 2).Validation);
    }

    [Fact]
    public void OneGroupOrTooFewRowsGiveNoValidationPart()
    {
        Assert.Empty(ValidationSplit.DrawGroups(new float[50], new ulong[50], classes: 0, fraction: 0.2, minimum: 1, seed: 1).Validation);
        ulong[] groups = [.. Enumerable.Range(0, 40).Select(row => (ulong)(row / 4))];
        Assert.Empty(ValidationSplit.DrawGroups(new float[40], groups, classes: 0, fraction: 0.2, minimum: 10, seed: 1).Validation);
        Assert.Equal(
            8, ValidationSplit.DrawGroups(new float[40], groups, classes: 0, fraction: 0.2, minimum: 8, seed: 1).Validation.Length);
    }

    [Theory]
    [InlineData("Number")]
    [InlineData("Text")]
    [InlineData("Key")]
    public void TheGroupColumnDecidesInAPipeline(string column)
    {
        Patient[] rows = Patients();
        ulong[] groups = [.. rows.Select(row => (ulong)row.Number)];
        (int[] learn, int[] watch) = ValidationSplit.DrawGroups(
            new float[rows.Length], groups, classes: 0, fraction: 0.2, minimum: 10, seed: 3);
        Assert.NotEmpty(watch);
        IDataView training = View(learn.Select(row => rows[row])), validation = View(watch.Select(row => rows[row]));
        byte[] expected = _ml.Regression.Trainers.BackPropagation(Options()).Fit(training, validation).Model.Network.ToBytes();

        var options = Options();
        options.RowGroupColumnName = column;
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Key", "Text").Append(_ml.Regression.Trainers.BackPropagation(options));
        TransformerChain<BackPropagationTransformer<BackPropagationRegressionModelParameters>> fitted = pipeline.Fit(View(rows));
        Assert.Equal(expected, fitted.LastTransformer.Model.Network.ToBytes());
        Assert.Equal(StopReason.EarlyStopping, fitted.LastTransformer.Model.StopReason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheShareOfAPipelineHasTheClassesInProportion(bool isGrouped)
    {
        // What the pipeline takes of 569 tumours is what the split draws, and the rows of a patient are next to one another.
        Tumour[] rows = Tumours();
        float[] labels = [.. rows.Select(row => row.Label ? 1f : 0)];
        (int[] learn, int[] watch) = isGrouped
            ? ValidationSplit.DrawGroups(
                labels, [.. rows.Select(row => (ulong)row.Patient)], classes: 2, fraction: 0.2, minimum: 10, seed: 3)
            : ValidationSplit.Draw(labels, classes: 2, fraction: 0.2, minimum: 10, seed: 3);
        double malignant = rows.Average(row => labels[row.Row]);
        Assert.Equal(malignant, watch.Average(row => labels[row]), isGrouped ? 0.03 : 0.005);
        Assert.Equal(!isGrouped, watch.Select(row => rows[row].Patient).Intersect(learn.Select(row => rows[row].Patient)).Any());

        var steps = _ml.Transforms.NormalizeMinMax("Features");
        ITransformer fitted = steps.Fit(_ml.Data.LoadFromEnumerable(rows));
        BackPropagationBinaryTrainer Trainer(string? group) =>
            _ml.BinaryClassification.Trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Fast)
            {
                Seed = 3,
                ValidationFraction = 0.2,
                EarlyStoppingRounds = 3,
                Optimizer = Optimizer.Momentum(0.2),
                RowGroupColumnName = group,
            });
        IDataView Part(int[] part) => fitted.Transform(_ml.Data.LoadFromEnumerable(part.Select(row => rows[row])));
        BackPropagationBinaryModelParameters expected = Trainer(null).Fit(Part(learn), Part(watch)).Model;
        BackPropagationBinaryModelParameters actual = steps.Append(
            Trainer(isGrouped ? nameof(Tumour.Patient) : null)).Fit(_ml.Data.LoadFromEnumerable(rows)).LastTransformer.Model;
        Assert.Equal(expected.Network.ToBytes(), actual.Network.ToBytes());
        Assert.Equal(StopReason.EarlyStopping, actual.StopReason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void StreamedGroupsStayWholeToo(int seed)
    {
        List<string> messages = [];
        _ml.Log += (_, message) => messages.Add(message.Message);
        var options = Options();
        (options.Seed, options.RowGroupColumnName, options.MaximumMemory, options.NumberOfEpochs) = (seed, "Text", 15_000, 2);
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(View(Patients())).Model;
        Assert.All(model.History, epoch => Assert.NotNull(epoch.ValidationLoss));
        string start = Assert.Single(messages, message => message.Contains("streamed in blocks", StringComparison.Ordinal));
        int validationRows = int.Parse(start[..start.IndexOf(" more for validation", StringComparison.Ordinal)].Split(' ')[^1], null);
        Assert.True(validationRows > 0 && validationRows % RowsOfGroup == 0, start);
    }

    [Theory]
    [InlineData("Nothing", "Nothing")]
    [InlineData("Features", "key, text or integer")]
    public void AGroupColumnThatDoesNotFitIsRefused(string column, string expected)
    {
        var options = Options();
        options.RowGroupColumnName = column;
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.BackPropagation(options).Fit(View(Patients())));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValidationDataInTheOptionsIsThatOfFit()
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(TestData.BreastCancer(_ml), testFraction: 0.3, seed: 2);
        ITransformer steps = _ml.Transforms.NormalizeMinMax("Features").Fit(split.TrainSet);
        var two = _ml.BinaryClassification.Trainers.BackPropagation(
            new BackPropagationBinaryTrainer.Options(Preset.Fast) { Seed = 3, Optimizer = Optimizer.Momentum(0.1) })
            .Fit(steps.Transform(split.TrainSet), steps.Transform(split.TestSet));
        var trainer = _ml.BinaryClassification.Trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Fast)
        {
            Seed = 3,
            Optimizer = Optimizer.Momentum(0.1),
            ValidationData = steps.Transform(split.TestSet),
        });
        var one = _ml.Transforms.NormalizeMinMax("Features").Append(trainer).Fit(split.TrainSet);
        Assert.Equal(two.Model.Network.ToBytes(), one.LastTransformer.Model.Network.ToBytes());
        Assert.Equal(StopReason.EarlyStopping, one.LastTransformer.Model.StopReason);
        Assert.Equal(one.LastTransformer.Model.History.MinBy(epoch => epoch.ValidationLoss)!.Epoch, one.LastTransformer.Model.BestEpoch);
    }

    private static BackPropagationRegressionTrainer.Options Options() =>
        new(Preset.Fast) { Seed = 3, ValidationFraction = 0.2, Optimizer = Optimizer.Momentum(0.1), EarlyStoppingRounds = 5 };

    private IDataView View(IEnumerable<Patient> rows) => _ml.Data.LoadFromEnumerable(rows.ToArray());

    /// <summary>The diabetes patients, five rows to a group.</summary>
    private Patient[] Patients()
    {
        IDataView data = TestData.Diabetes(_ml);
        float[] labels = data.Values<float>("Label");
        return [.. data.Values<VBuffer<float>>("Features").Take(440).Select((features, row) => new Patient
        {
            Features = [.. features.DenseValues()],
            Label = labels[row],
            Number = row / RowsOfGroup,
            Text = $"group {row / RowsOfGroup}",
        })];
    }

    /// <summary>The tumours of the breast cancer data, as if four in a row were of one patient.</summary>
    private Tumour[] Tumours()
    {
        IDataView data = TestData.BreastCancer(_ml);
        bool[] labels = data.Values<bool>("Label");
        return [.. data.Values<VBuffer<float>>("Features").Select((features, row) => new Tumour { Features =
        [
            .. features.DenseValues()], Label = labels[row], Row = row, Patient = row / 4 })
        ];
    }

    private sealed class Tumour
    {
        [VectorType(TestData.BreastCancerFeatures)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public int Row { get; set; }

        public int Patient { get; set; }
    }

    private sealed class Patient
    {
        [VectorType(TestData.DiabetesFeatures)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public long Number { get; set; }

        public string Text { get; set; } = "";
    }
}
