using BpTrainer.ML.Training;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Tests;

/// <summary>
/// <see cref="ValidationRows.Last"/>: the rows at the end validate, as if they had been given to Fit as validation data, and none of them
/// is learned from.
/// </summary>
public class LastValidationRowsTests
{
    private const int Rows = 200, Held = 20;

    /// <summary>Room for 100 rows of 2 features and a label, and 8 bytes for their order.</summary>
    private const long LittleMemory = 100 * ((4 * (2 + 1)) + 8);

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _messages = [];

    public LastValidationRowsTests() => _ml.Log += (_, message) => _messages.Add(message.Message);

    [Theory]
    [InlineData(200, 0.2, 40)]
    [InlineData(205, 0.1, 21)] // 20.5
    [InlineData(20, 0.99, 19)]
    [InlineData(49, 0.2, 10)] // 9.8
    [InlineData(45, 0.2, 0)] // 9, fewer than 10
    [InlineData(200, 0, 0)]
    public void TheLastRowsAreHeld(int rows, double fraction, int held)
    {
        (int[] training, int[] validation) = ValidationSplit.Last(rows, fraction, ValidationSplit.MinimumRows);
        Assert.Equal(Enumerable.Range(0, rows - held), training);
        Assert.Equal(Enumerable.Range(rows - held, held), validation);
    }

    [Theory]
    [InlineData(1, 1, null)]
    [InlineData(2, 1, null)]
    [InlineData(2, 1, LittleMemory)]
    [InlineData(1, 3, null)]
    [InlineData(1, 3, LittleMemory)]
    public void AreThoseOfGivenValidationData(int seed, int networks, long? memory)
    {
        IDataView all = View(MakeRows());
        BackPropagationRegressionModelParameters held = Trainer(o =>
        {
            (o.ValidationRows, o.ValidationFraction) = (ValidationRows.Last, (double)Held / Rows);
            (o.Seed, o.Ensemble, o.MaximumMemory) = (seed, networks, memory);
        }).Fit(all).Model;
        BackPropagationRegressionModelParameters given = Trainer(o => (o.Seed, o.Ensemble, o.MaximumMemory) = (seed, networks, memory))
            .Fit(View(MakeRows()[..^Held]), View(MakeRows()[^Held..])).Model;

        Assert.Equal(memory is not null, _messages.Exists(m => m.Contains("streamed in blocks", StringComparison.Ordinal)));
        Assert.Contains(_messages, m => m.Contains("on 180 rows", StringComparison.Ordinal)
            && m.Contains("20 more for validation", StringComparison.Ordinal));
        AssertSameHistory(given, held);
        Assert.Equal(given.Network.ToBytes(), held.Network.ToBytes());
    }

    /// <summary>The cached view could give the rows in a new order every epoch, but is not asked to.</summary>
    [Fact]
    public void StreamedAndInMemoryAreTheSame()
    {
        IDataView all = _ml.Data.Cache(View(MakeRows()));
        Assert.True(all.CanShuffle);
        byte[][] models = [.. new long?[] { null, LittleMemory }.Select(memory => Trainer(o =>
        {
            (o.ValidationRows, o.ValidationFraction, o.Shuffle, o.MaximumMemory) = (ValidationRows.Last, 0.1, false, memory);
        }).Fit(all).Model.Network.ToBytes())];
        Assert.Equal(models[0], models[1]);
        Assert.Contains(_messages, m => m.Contains("streamed in blocks", StringComparison.Ordinal));
    }

    [Fact]
    public void AShuffledStreamTeachesNoneOfThem()
    {
        // A label at the end that would move the mean of the labels, which is that of the training rows, far away.
        Row[] rows = MakeRows();
        rows[^1].Label = 1e6f;
        ColumnScaling scaling = Trainer(o =>
        {
            (o.ValidationRows, o.ValidationFraction, o.MaximumMemory) = (ValidationRows.Last, 0.1, LittleMemory);
        }).Fit(_ml.Data.Cache(View(rows))).Model.Network.OutputScaling!;
        Assert.Equal(rows[..^20].Average(row => row.Label), scaling.Offsets[0], 1e-4);
    }

    /// <summary>A quarter of the memory has room for 25 rows: of 40 the last half validates.</summary>
    [Fact]
    public void AStreamedShareIsHalvedUntilItFits()
    {
        Row[] rows = MakeRows();
        ColumnScaling scaling = Trainer(o =>
        {
            (o.ValidationRows, o.ValidationFraction, o.MaximumMemory) = (ValidationRows.Last, 0.2, LittleMemory);
        }).Fit(View(rows)).Model.Network.OutputScaling!;
        Assert.Contains(_messages, m => m.Contains("on 180 rows", StringComparison.Ordinal));
        Assert.Equal(rows[..^20].Average(row => row.Label), scaling.Offsets[0], 1e-4);
    }

    /// <summary>The share is one of the rows that can be used.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(LittleMemory)]
    public void RowsThatAreLeftOutDoNotCount(long? memory)
    {
        Row[] rows = MakeRows();
        rows[3].Label = float.NaN;
        rows[195].Features = [1, float.NaN];
        rows[199].Label = float.PositiveInfinity;
        Row[] usable = [.. rows.Where((_, i) => i is not (3 or 195 or 199))];
        ColumnScaling scaling = Trainer(o =>
        {
            (o.ValidationRows, o.ValidationFraction, o.MaximumMemory) = (ValidationRows.Last, 0.1, memory);
        }).Fit(View(rows)).Model.Network.OutputScaling!;

        // 197 · 0.1 = 19.7 → 20.
        Assert.Equal(usable[..^20].Average(row => row.Label), scaling.Offsets[0], 1e-4);
    }

    [Fact]
    public void ClassesAreNotKeptInProportion()
    {
        // Iris is sorted by class: the last fifth is of one class.
        IDataView iris = TestData.Iris(_ml);
        var options = new BackPropagationMulticlassTrainer.Options(Preset.Fast)
        {
            HiddenLayers = [5],
            NumberOfEpochs = 3,
            ValidationFraction = 0.2,
            Seed = 1,
        };
        BackPropagationMulticlassModelParameters given = _ml.MulticlassClassification.Trainers.BackPropagation(options)
            .Fit(_ml.Data.TakeRows(iris, 120), _ml.Data.SkipRows(iris, 120)).Model;
        options.ValidationRows = ValidationRows.Last;
        BackPropagationMulticlassModelParameters held = _ml.MulticlassClassification.Trainers.BackPropagation(options).Fit(iris).Model;
        AssertSameHistory(given, held);
    }

    [Fact]
    public void WithGivenValidationDataAllRowsTeach()
    {
        Trainer(o => o.ValidationRows = ValidationRows.Last).Fit(View(MakeRows()), View(MakeRows()[^Held..]));
        Assert.Contains(_messages, m => m.Contains("on 200 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void GroupsAreRefused()
    {
        var error = Assert.ThrowsAny<ArgumentException>(
            () => Trainer(o => (o.ValidationRows, o.RowGroupColumnName) = (ValidationRows.Last, "Customer")));
        Assert.Contains("RowGroupColumnName is 'Customer', but ValidationRows is Last", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownValueIsRefused()
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => Trainer(o => o.ValidationRows = (ValidationRows)7));
        Assert.Contains("ValidationRows is 7, but must be Random or Last", error.Message, StringComparison.Ordinal);
    }

    private static void AssertSameHistory<T>(BackPropagationModelParameters<T> expected, BackPropagationModelParameters<T> actual) =>
        Assert.Equal(
            expected.History.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)),
            actual.History.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)));

    private BackPropagationRegressionTrainer Trainer(Action<BackPropagationRegressionTrainer.Options> set)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            HiddenLayers = [5],
            FeatureEncoding = FeatureEncoding.None,
            NumberOfEpochs = 4,
            BatchSize = 8,
            Schedule = LearningRateSchedule.Constant,
            Seed = 3,
        };
        set(options);
        return _ml.Regression.Trainers.BackPropagation(options);
    }

    private IDataView View(Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private static Row[] MakeRows()
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, Rows).Select(i =>
        {
            float a = random.NextSingle(), b = random.NextSingle();
            return new Row { Features = [a, b], Label = (2 * a) - (b * b) + (0.01f * i) };
        })];
    }

    private sealed class Row
    {
        public float Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
