using BpTrainer.ML.Tests.Programs;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Lags and leads of a series: which rows they come from, in every way of reading, saved and loaded.</summary>
public class LagTests
{
    private const float NaN = float.NaN;

    /// <summary>The transformer's own entry in a saved file.</summary>
    private const string Entry = "TransformerChain/Model.key";

    private readonly MLContext _ml = new(seed: 1);

    /// <summary>The series 10, 11, 12, …</summary>
    [Fact]
    public void RowsGetTheValuesBeforeAndAfterThem()
    {
        IDataView data = Series(5);
        AssertRows([[NaN, NaN], [10, NaN], [11, NaN], [12, 10], [13, 11]], Lags(data, 1, 3).Vectors("Window"));
        AssertRows([[NaN, 10], [NaN, 11], [10, 12], [11, 13], [12, 14]], Lags(data, 2, 0).Vectors("Window"));

        Assert.Equal([11, 12, 13, 14, NaN], Fit(_ml.Transforms.LeadLabel("Next", "Value"), data).Values<float>("Next"));
        Assert.Equal([12, 13, 14, NaN, NaN], Fit(_ml.Transforms.LeadLabel("Next", "Value", 2), data).Values<float>("Next"));
        AssertRows(
            [[13, 11], [14, 12], [NaN, 13], [NaN, 14], [NaN, NaN]],
            Fit(_ml.Transforms.LeadLabels("Next", "Value", 3, 1), data).Vectors("Next"));
    }

    [Fact]
    public void SeveralSeriesStayTogether()
    {
        IDataView data = TestData.Prepare(Series(3), _ml.Transforms.Concatenate("Both", "Value", "Other"));
        IDataView lagged = Fit(_ml.Transforms.LagFeatures("Window", "Both", 0, 1), data);
        AssertRows([[10, -10, NaN, NaN], [11, -11, 10, -10], [12, -12, 11, -11]], lagged.Vectors("Window"));
        Assert.Equal(
            ["Both[t].Value", "Both[t].Other", "Both[t-1].Value", "Both[t-1].Other"],
            SlotNames(lagged.Schema["Window"]));
        Assert.Equal(["Value[t-1]", "Value[t-12]"], SlotNames(Lags(data, 1, 12).Schema["Window"]));
        Assert.Equal(["Value[t+2]"], SlotNames(Fit(_ml.Transforms.LeadLabels("Window", "Value", 2), data).Schema["Window"]));
    }

    [Fact]
    public void AVectorWithoutNamesNumbersItsSlots() => Assert.Equal(
        ["Pair[t-1].0", "Pair[t-1].1"],
        SlotNames(Fit(_ml.Transforms.LagFeatures("Window", "Pair", 1), Series(3)).Schema["Window"]));

    [Fact]
    public void SparseRowsAreAsDenseOnes()
    {
        SparsePoint[] points = [.. Enumerable.Range(0, 4).Select(i => new SparsePoint { Pair = new VBuffer<float>(3, 1, [i], [i % 3]) })];
        AssertRows(
            [[NaN, NaN, NaN], [0, 0, 0], [0, 1, 0], [0, 0, 2]],
            Fit(_ml.Transforms.LagFeatures("Window", "Pair", 1), _ml.Data.LoadFromEnumerable(points)).Vectors("Window"));
    }

    [Fact]
    public void TheColumnMayHideTheSeries()
    {
        IDataView lagged = Fit(_ml.Transforms.LagFeatures("Value", lags: 1), Series(3));
        AssertRows([[NaN], [10], [11]], lagged.Vectors("Value"));
        Assert.Equal([-10, -11, -12], lagged.Values<float>("Other"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(9)]
    public void ContinuedDataBeginsWithTheLastTrainingRows(int trainingRows)
    {
        LagTransformer lags = _ml.Transforms.LagFeatures("Window", "Value", 0, 2, 3).Fit(Series(trainingRows));
        float[][] whole = Lags(Series(trainingRows + 5), 0, 2, 3).Vectors("Window");
        IDataView test = _ml.Data.LoadFromEnumerable(Points(trainingRows + 5)[trainingRows..]);
        AssertRows(whole[trainingRows..], lags.ContinueSeries().Transform(test).Vectors("Window"));
        Assert.True(lags.ContinueSeries().ContinuesSeries);

        // What was fitted stays as it is, and begins anew.
        Assert.False(lags.ContinuesSeries);
        AssertRows(
            Fit(_ml.Transforms.LagFeatures("Window", "Value", 0, 2, 3), test).Vectors("Window"), lags.Transform(test).Vectors("Window"));
    }

    [Fact]
    public void APipelineIsContinuedWithAllItsLags()
    {
        var pipeline = _ml.Transforms.LagFeatures("A", "Value", 1)
            .Append(_ml.Transforms.CopyColumns("Copy", "Value"))
            .Append(_ml.Transforms.LagFeatures("B", "Copy", 2).Append(_ml.Transforms.LeadLabel("Next", "Value")));
        ITransformer model = pipeline.Fit(Series(4));
        IDataView test = _ml.Data.LoadFromEnumerable(Points(6)[4..]);
        foreach (ITransformer continued in new[] { model.ContinueSeries(), model.SaveAndLoad(test.Schema).ContinueSeries() })
        {
            AssertRows([[13], [14]], continued.Transform(test).Vectors("A"));
            AssertRows([[12], [13]], continued.Transform(test).Vectors("B"));
            Assert.Equal([15, NaN], continued.Transform(test).Values<float>("Next"));
        }

        AssertRows([[NaN], [14]], model.Transform(test).Vectors("A"));
        ITransformer none = _ml.Transforms.CopyColumns("Copy", "Value").Fit(test);
        Assert.Contains(
            "There are no lag features in it", Assert.ThrowsAny<ArgumentException>(none.ContinueSeries).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APredictionEngineRemembersTheRowsBefore(bool continues)
    {
        ITransformer model = _ml.Transforms.LagFeatures("Window", "Value", 0, 1, 3)
            .Append(_ml.Transforms.LeadLabel("Next", "Value")).Fit(Series(4));
        model = continues ? model.ContinueSeries() : model;
        Point[] test = Points(10)[4..];
        float[][] expected = model.Transform(_ml.Data.LoadFromEnumerable(test)).Vectors("Window");
        Assert.Equal(continues, !expected[0].Contains(NaN));

        // Two engines do not disturb each other.
        using var engine = _ml.Model.CreatePredictionEngine<Point, Windowed>(model);
        using var other = _ml.Model.CreatePredictionEngine<Point, Windowed>(model);
        other.Predict(new Point { Value = 99 });
        foreach ((Point point, float[] window) in test.Zip(expected))
        {
            Windowed predicted = engine.Predict(point);
            AssertRows([window], [predicted.Window]);
            Assert.Equal(NaN, predicted.Next);
        }
    }

    /// <summary>A row that was passed over would make all lags behind it wrong.</summary>
    [Fact]
    public void RowsThatAreNotReadByAMapperAreAnError()
    {
        IDataView data = Series(6);
        ITransformer lags = _ml.Transforms.LagFeatures("Window", "Value", 1).Fit(data);
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        IRowToRowMapper mapper = lags.GetRowToRowMapper(data.Schema);
        using DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema);
        ValueGetter<VBuffer<float>> read = row.GetGetter<VBuffer<float>>(mapper.OutputSchema["Window"]);
        VBuffer<float> window = default;
        cursor.MoveNext();
        read(ref window);
        read(ref window);
        cursor.MoveNext();
        read(ref window);
        Assert.Equal(10, window.GetItemOrDefault(0));
        cursor.MoveNext();
        cursor.MoveNext();
        var error = Assert.Throws<InvalidOperationException>(() => read(ref window));
        Assert.Contains(
            "Row 3 was read after row 1, but the column 'Window' needs every row in order", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A cursor goes through all rows, whichever of them are read.</summary>
    [Theory]
    [InlineData(new[] { 2 })]
    [InlineData(new[] { 0, 1 })]
    public void RowsThatNobodyReadsCount(int[] lags)
    {
        IDataView lagged = Fit(
            _ml.Transforms.LagFeatures("Window", "Value", lags).Append(_ml.Transforms.LeadLabel("Next", "Value", 2)), Series(9));
        DataViewSchema.Column[] columns = [lagged.Schema["Window"], lagged.Schema["Next"], lagged.Schema["Other"]];
        using DataViewRowCursor cursor = lagged.GetRowCursor(columns);
        ValueGetter<VBuffer<float>> read = cursor.GetGetter<VBuffer<float>>(columns[0]);
        ValueGetter<float> readNext = cursor.GetGetter<float>(columns[1]), readOther = cursor.GetGetter<float>(columns[2]);
        VBuffer<float> window = default;
        float next = 0, other = 0;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            Assert.Equal(row, cursor.Position);
            if (row is 4 or 6)
            {
                read(ref window);
                readNext(ref next);
                readOther(ref other);
                AssertRows([[.. lags.Select(lag => 10f + row - lag)]], [window.DenseValues().ToArray()]);
                Assert.Equal((12 + row, -10 - row), (next, other));
            }
        }
    }

    [Fact]
    public void OtherColumnsAreReadWithoutTheSeries()
    {
        IDataView lagged = Lags(Series(4), 1);
        DataViewSchema.Column other = lagged.Schema["Other"];
        using DataViewRowCursor cursor = lagged.GetRowCursor([other]);
        Assert.False(cursor.IsColumnActive(lagged.Schema["Window"]));
        Assert.ThrowsAny<Exception>(() => cursor.GetGetter<VBuffer<float>>(lagged.Schema["Window"]));
        Assert.Equal([-10, -11, -12, -13], lagged.Values<float>("Other"));
    }

    /// <summary>
    /// The cached data could be shuffled and read in parallel; the lags cannot, and what comes behind them stays in order.
    /// </summary>
    [Fact]
    public void RowsAreReadInOrder()
    {
        IDataView data = _ml.Data.Cache(Series(500)), lagged = Lags(data, 1);
        Assert.True(data.CanShuffle);
        Assert.False(lagged.CanShuffle);
        Assert.Single(lagged.GetRowCursorSet(lagged.Schema, 4));
        float[][] expected = [[NaN], .. Enumerable.Range(10, 499).Select(value => new float[] { value })];
        IDataView behind = TestData.Prepare(lagged, _ml.Transforms.CopyColumns("Copy", "Window"));
        AssertRows(expected, behind.Vectors("Copy"));

        DataViewSchema.Column window = lagged.Schema["Window"];
        using DataViewRowCursor shuffled = lagged.GetRowCursor([window], new Random(1));
        ValueGetter<VBuffer<float>> read = shuffled.GetGetter<VBuffer<float>>(window);
        foreach (float[] row in expected)
        {
            VBuffer<float> values = default;
            Assert.True(shuffled.MoveNext());
            read(ref values);
            AssertRows([row], [values.DenseValues().ToArray()]);
        }
    }

    [Fact]
    public void SavedAndLoadedItIsTheSame()
    {
        IDataView data = Series(20);
        LagTransformer lags = _ml.Transforms.LagFeatures("Window", "Pair", 0, 3, 1).Fit(data);
        foreach (LagTransformer saved in new[] { lags, lags.ContinueSeries() })
        {
            var loaded = (LagTransformer)saved.SaveAndLoad(data.Schema);
            AssertRows(saved.Transform(data).Vectors("Window"), loaded.Transform(data).Vectors("Window"));
            AssertRows(
                saved.ContinueSeries().Transform(data).Vectors("Window"), loaded.ContinueSeries().Transform(data).Vectors("Window"));
            Assert.Equal(
                (saved.InputColumnName, saved.OutputColumnName, saved.ContinuesSeries),
                (loaded.InputColumnName, loaded.OutputColumnName, loaded.ContinuesSeries));
        }

        var lead = (LagTransformer)_ml.Transforms.LeadLabel("Next", "Value").Fit(data).SaveAndLoad(data.Schema);
        Assert.Equal(11, lead.Transform(data).Values<float>("Next")[0]);
    }

    [Fact]
    public void DamagedFilesAreRefused()
    {
        IDataView data = Series(20);
        LagTransformer lags = _ml.Transforms.LagFeatures("Window", "Value", 0, 3, 1).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(lags, data.Schema, stream);
        byte[] file = stream.ToArray(), entry = ModelZip.Read(file, Entry);
        int start = entry.AsSpan().IndexOf("BPLF"u8), end = start + 12 + BitConverter.ToInt32(entry, start + 8) + 32;
        for (int place = start; place < end; place++)
        {
            byte[] damaged = [.. entry];
            damaged[place] ^= (byte)(1 << (place % 8));
            Exception error = Assert.ThrowsAny<Exception>(
                () => new MLContext().Model.Load(new MemoryStream(ModelZip.Replace(file, damaged, entry: Entry)), out _));
            Assert.Contains("The saved lag transformer cannot be read", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheSchemaIsAsPromised()
    {
        IDataView data = Series(5);
        var pipeline = _ml.Transforms.LagFeatures("Window", "Value", 1, 2).Append(_ml.Transforms.LeadLabel("Next", "Value"));
        SchemaShape promised = pipeline.GetOutputSchema(data.Schema.ToShape());
        DataViewSchema delivered = pipeline.Fit(data).GetOutputSchema(data.Schema);
        Assert.Equal(SchemaText.Of(promised), SchemaText.Of(delivered.ToShape()));
        Assert.Equal(SchemaText.Of(delivered), SchemaText.Of(pipeline.Fit(data).Transform(data).Schema));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), delivered["Window"].Type);
        Assert.Equal(NumberDataViewType.Single, delivered["Next"].Type);
    }

    [Theory]
    [InlineData("Nowhere", "Nowhere")]
    [InlineData("Text", "expected Single or Vector<Single> of known size, got String")]
    [InlineData("Count", "Count")]
    public void AColumnThatIsNoSeriesIsNamed(string column, string message)
    {
        LagEstimator lags = _ml.Transforms.LagFeatures("Window", column, 1);
        IDataView data = Series(5);
        Assert.All(
            new Action[] { () => lags.Fit(data), () => lags.GetOutputSchema(data.Schema.ToShape()) },
            act => Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(act).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void DataOfAnotherWidthThanInTrainingIsRefused()
    {
        IDataView data = TestData.Prepare(Series(3), _ml.Transforms.Concatenate("Three", "Value", "Pair"));
        LagTransformer lags = _ml.Transforms.LagFeatures("Window", "Pair", 1).Fit(data);
        IDataView wider = TestData.Prepare(data, _ml.Transforms.CopyColumns("Pair", "Three"));
        Assert.Contains(
            "as in the training data", Assert.ThrowsAny<ArgumentException>(() => lags.Transform(wider)).Message, StringComparison.Ordinal);

        // A label is a number.
        Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.LeadLabel("Next", "Pair").Fit(data));
        Assert.ThrowsAny<ArgumentException>(
            () => _ml.Transforms.LeadLabel("Next", "Pair").GetOutputSchema(data.Schema.ToShape()));
    }

    [Theory]
    [InlineData(new int[0], "at least one")]
    [InlineData(new[] { 1, -1 }, "lags has -1, but must be 0 or more")]
    [InlineData(new[] { 1, 2, 1 }, "1 rows away is asked for twice")]
    [InlineData(new[] { 1_000_001 }, "at most 1000000 are allowed")]
    public void LagsThatMakeNoSenseAreRefused(int[] lags, string message) => Assert.Contains(
        message,
        Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.LagFeatures("Window", "Value", lags)).Message, StringComparison.Ordinal);

    [Fact]
    public void AWindowThatDoesNotFitIntoMemoryIsRefused()
    {
        IDataView wide = _ml.Data.LoadFromEnumerable(Array.Empty<WidePoint>());
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.LagFeatures("Window", "Many", 1_000_000).Fit(wide));
        Assert.Contains("lags is 1000001 rows, but must be less: it would take 4.0 TB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherArgumentsThatMakeNoSenseAreRefused()
    {
        Assert.Contains(
            "horizon has 0, but must be 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.LeadLabel("Next", "Value", 0)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.LeadLabels("Next", "Value", 1, 0));
        Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.LagFeatures(" ", "Value", 1));
        Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.LagFeatures("Window", "", 1));
    }

    [Fact]
    public void ConvertToOnnxIsRefused()
    {
        IDataView data = Series(40);
        ITransformer model = _ml.Transforms.LagFeatures("Features", "Value", 0, 1)
            .Append(_ml.Transforms.LeadLabel("Label", "Value"))
            .Append(_ml.Regression.Trainers.BackPropagation(
                new BackPropagationRegressionTrainer.Options(Preset.Fast) { HiddenLayers = [3], NumberOfEpochs = 2 }))
            .Fit(data);
        var error = Assert.ThrowsAny<NotSupportedException>(() => _ml.Model.ConvertToOnnx(model, data, Stream.Null));
        Assert.Contains("ConvertToOnnx cannot convert a pipeline with lag features", error.Message, StringComparison.Ordinal);
    }

    private IDataView Lags(IDataView data, params int[] lags) => Fit(_ml.Transforms.LagFeatures("Window", "Value", lags), data);

    private static IDataView Fit<T>(IEstimator<T> estimator, IDataView data)
        where T : class, ITransformer => estimator.Fit(data).Transform(data);

    private IDataView Series(int rows) => _ml.Data.LoadFromEnumerable(Points(rows));

    private static Point[] Points(int rows) => [.. Enumerable.Range(10, rows).Select(value => new Point
    {
        Value = value,
        Other = -value,
        Pair = [value, -value],
        Text = "x",
        Count = value,
    })];

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static void AssertRows(float[][] expected, float[][] actual) => Assert.Equal(expected, actual);

    private sealed class Point
    {
        public float Value { get; set; }

        public float Other { get; set; }

        [VectorType(2)]
        public float[] Pair { get; set; } = [0, 0];

        public string Text { get; set; } = "";

        public int Count { get; set; }
    }

    private sealed class SparsePoint
    {
        [VectorType(3)]
        public VBuffer<float> Pair { get; set; }
    }

    private sealed class WidePoint
    {
        [VectorType(1_000_000)]
        public float[] Many { get; set; } = [];
    }

    private sealed class Windowed
    {
        public float[] Window { get; set; } = [];

        public float Next { get; set; }
    }
}
