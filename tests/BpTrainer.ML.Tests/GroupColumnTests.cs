using BpTrainer.ML.Training;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Tests;

/// <summary>The column that keeps rows together may be of any kind that has equal values, and odd groups are no trap.</summary>
public class GroupColumnTests
{
    private const int RowsOfGroup = 7;

    /// <summary>Room for a block of about 150 of the 441 patients.</summary>
    private const long LittleMemory = 8_000;

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _messages = [];

    public GroupColumnTests() => _ml.Log += (_, message) => _messages.Add(message);

    [Theory]
    [InlineData(null)]
    [InlineData(LittleMemory)]
    public void EveryKindOfColumnGivesTheSameGroups(long? memory)
    {
        string[] integers =
        [
            nameof(Patient.I1), nameof(Patient.I2), nameof(Patient.I4), nameof(Patient.I8), nameof(Patient.U1), nameof(Patient.U2),
            nameof(Patient.U4), nameof(Patient.U8)
        ];
        IDataView data = TestData.Prepare(
            _ml.Data.LoadFromEnumerable(Patients(row => row / RowsOfGroup)),
            _ml.Transforms.Conversion.MapValueToKey("Key", nameof(Patient.Text)));
        byte[] expected = Fit(data, nameof(Patient.I4), memory).Network.ToBytes();
        Assert.NotEqual(Fit(data, null, memory).Network.ToBytes(), expected);
        Assert.All(integers, column => Assert.Equal(expected, Fit(data, column, memory).Network.ToBytes()));
        if (memory is null)
        {
            // Rows in memory are drawn group by group; in a stream the draw looks at the value of the group.
            Assert.Equal(expected, Fit(data, nameof(Patient.Text), memory).Network.ToBytes());
            Assert.Equal(expected, Fit(data, "Key", memory).Network.ToBytes());
        }
    }

    [Fact]
    public void NegativeNumbersAreGroupsToo()
    {
        byte[][] models = [.. new[] { 1, -1 }.Select(sign => Fit(
            _ml.Data.LoadFromEnumerable(Patients(row => sign * (row / RowsOfGroup))), nameof(Patient.I8), null).Network.ToBytes())];
        Assert.Equal(models[0], models[1]);
    }

    [Theory]
    [InlineData("Nowhere")]
    [InlineData(nameof(Patient.Number))]
    [InlineData(nameof(Patient.Flag))]
    [InlineData(nameof(Patient.Day))]
    [InlineData("Features")]
    public void AColumnWithoutGroupsIsNamed(string column)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Patients(_ => 1));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Fit(data, column, null));
        Assert.Contains($"row group column '{column}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(LittleMemory)]
    public void OneGroupAloneTeachesAndNobodyWatches(long? memory)
    {
        BackPropagationRegressionModelParameters model = Fit(_ml.Data.LoadFromEnumerable(Patients(_ => 5)), nameof(Patient.I4), memory);
        Assert.All(model.History, epoch => Assert.Null(epoch.ValidationLoss));
        Assert.Contains(_messages, m => m.Message.Contains("on 441 rows", StringComparison.Ordinal));
        LoggingEventArgs warning = Assert.Single(_messages, m => m.Kind == ChannelMessageKind.Warning);
        Assert.Contains("column 'I4' has no groups that can make up a validation part", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryRowAGroupIsAsWithoutGroups()
    {
        BackPropagationRegressionModelParameters model = Fit(_ml.Data.LoadFromEnumerable(Patients(row => row)), nameof(Patient.I4), null);
        Assert.All(model.History, epoch => Assert.NotNull(epoch.ValidationLoss));

        // A fifth of 441.
        Assert.Contains(_messages, m => m.Message.Contains("on 353 rows, all in memory, 88 more for validation", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(Patient.Text))]
    [InlineData("Key")]
    public void RowsWithoutAGroupStayTogether(string column)
    {
        // Half of the rows have no text, and no key: nobody knows which of them belong together, so they are never torn apart.
        IDataView data = TestData.Prepare(
            _ml.Data.LoadFromEnumerable(Patients(row => row < 220 ? 0 : row, text: group => group == 0 ? "" : $"group {group}")),
            _ml.Transforms.Conversion.MapValueToKey("Key", nameof(Patient.Text)));
        Assert.Equal(220, data.Values<uint>("Key").Count(key => key == 0));
        byte[] expected = Fit(data, nameof(Patient.I4), null).Network.ToBytes();
        Assert.Equal(expected, Fit(data, column, null).Network.ToBytes());
        Assert.Equal(
            2, _messages.Count(m => m.Message.Contains("on 353 rows, all in memory, 88 more for validation", StringComparison.Ordinal)));
    }

    [Fact]
    public void AClassThatIsOneGroupTeaches()
    {
        // Species as groups: none can be spared. With rows of setosa in groups of ten, half of those watch.
        string[] features = [.. Enumerable.Range(0, TestData.IrisFeatures).Select(i => $"feature{i}")];
        IDataView data = TestData.Prepare(
            TestData.IrisColumns(_ml),
            _ml.Transforms.Concatenate("Features", features).Append(_ml.Transforms.Conversion.MapValueToKey("Label", "Species")));
        var options =
            new BackPropagationMulticlassTrainer.Options(Preset.Fast)
            {
                ValidationFraction = 0.5,
                NumberOfEpochs = 2,
                RowGroupColumnName = "Species",
            };
        _ml.MulticlassClassification.Trainers.BackPropagation(options).Fit(data);
        Assert.Contains(_messages, m => m.Message.Contains("on 150 rows, all in memory, 0 more for validation", StringComparison.Ordinal));
        float[] labels = [.. Enumerable.Range(0, 150).Select(row => (float)(row / 50))];
        ulong[] groups = [.. Enumerable.Range(0, 150).Select(row => (ulong)(row < 50 ? row / 10 : 10 + (row / 50)))];
        (int[] training, int[] validation) = ValidationSplit.DrawGroups(labels, groups, classes: 3, fraction: 0.5, minimum: 10, seed: 1);
        Assert.InRange(validation.Length, 20, 30);
        Assert.All(validation, row => Assert.InRange(row, 0, 49));
        Assert.Equal(150 - validation.Length, training.Length);
    }

    [Fact]
    public void AClassOfOneRowTeaches()
    {
        // 50 setosa, 50 versicolor and one virginica; half of each class is asked for.
        IDataView data = TestData.Prepare(
            _ml.Data.TakeRows(TestData.IrisColumns(_ml), 101),
            _ml.Transforms.Concatenate("Features", "feature0", "feature1")
                .Append(_ml.Transforms.Conversion.MapValueToKey("Label", "Species")));
        var options = new BackPropagationMulticlassTrainer.Options(Preset.Fast) { ValidationFraction = 0.5, NumberOfEpochs = 2 };
        _ml.MulticlassClassification.Trainers.BackPropagation(options).Fit(data);
        Assert.Contains(_messages, m => m.Message.Contains("on 51 rows, all in memory, 50 more for validation", StringComparison.Ordinal));
    }

    private BackPropagationRegressionModelParameters Fit(IDataView data, string? column, long? memory) =>
        _ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                Seed = 3,
                NumberOfEpochs = 4,
                ValidationFraction = 0.2,
                RowGroupColumnName = column,
                MaximumMemory = memory,
            }).Fit(data).Model;

    /// <summary>441 diabetes patients, each with a group in columns of many kinds.</summary>
    private Patient[] Patients(Func<int, int> group, Func<int, string>? text = null)
    {
        IDataView data = TestData.Diabetes(_ml);
        float[] labels = data.Values<float>("Label");
        return [.. data.Values<VBuffer<float>>("Features").Take(441).Select((features, row) => new Patient
        {
            Features = [.. features.DenseValues()],
            Label = labels[row],
            I1 = (sbyte)group(row),
            I2 = (short)group(row),
            I4 = group(row),
            I8 = group(row),
            U1 = (byte)group(row),
            U2 = (ushort)group(row),
            U4 = (uint)group(row),
            U8 = (ulong)group(row),
            Text = text is null ? $"group {group(row)}" : text(group(row)),
            Number = group(row),
        })];
    }

    private sealed class Patient
    {
        [VectorType(TestData.DiabetesFeatures)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public sbyte I1 { get; set; }

        public short I2 { get; set; }

        public int I4 { get; set; }

        public long I8 { get; set; }

        public byte U1 { get; set; }

        public ushort U2 { get; set; }

        public uint U4 { get; set; }

        public ulong U8 { get; set; }

        public string Text { get; set; } = "";

        public float Number { get; set; }

        public bool Flag { get; set; }

        public DateTime Day { get; set; }
    }
}
