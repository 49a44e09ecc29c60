using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// Rows are read dense and once, whether or not anybody knows how many there are. These tests count what the process allocates: none runs
/// beside them.
/// </summary>
[Collection(nameof(ReadingTests))]
[CollectionDefinition(nameof(ReadingTests), DisableParallelization = true)]
public class ReadingTests
{
    private const int Columns = 500;
    private const long MatrixBytes = 4L * Columns * Rows;
    private const int Rows = 20_000;

    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    public void TheModelDoesNotDependOnKnowingTheNumberOfRows(int rows)
    {
        Row[] data = [.. Stream(rows, copy: true)];
        IDataView known = _ml.Data.LoadFromEnumerable(data), unknown = _ml.Data.LoadFromEnumerable(data.Where(_ => true));
        IDataView filtered = _ml.Data.FilterRowsByColumn(
            _ml.Data.LoadFromEnumerable(data.Append(new Row { Label = -1, Features = new float[Columns] })), "Label", lowerBound: 0);
        Assert.Equal(rows, known.GetRowCount());
        Assert.Null(unknown.GetRowCount());
        Assert.Null(filtered.GetRowCount());
        float[] expected = Weights(known);
        Assert.Equal(expected, Weights(unknown));
        Assert.Equal(expected, Weights(filtered));
    }

    [Fact]
    public void ATextFileIsReadAsItsCache()
    {
        IDataView text = _ml.Data.LoadFromTextFile(
            Path.Combine(AppContext.BaseDirectory, "data", "diabetes.csv"),
            [new TextLoader.Column("Features", DataKind.Single, 0, 9), new TextLoader.Column("Label", DataKind.Single, 10)],
            separatorChar: ',',
            hasHeader: true);
        Assert.Null(text.GetRowCount());
        Assert.Equal(Weights(TestData.Diabetes(_ml)), Weights(text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FitAllocatesLittleMoreThanTheMatrix(bool isKnown) =>
        Assert.InRange(AllocatedByFit(isKnown, maximumMemory: null), MatrixBytes, (long)(1.3 * MatrixBytes));

    [Fact]
    public void FitToStreamedRowsAllocatesLittleMoreThanTheLimit()
    {
        // What ML.NET makes to read 20,000 rows a few times is left 4 MB.
        const long Limit = MatrixBytes / 8;
        Assert.InRange(AllocatedByFit(isKnown: true, Limit), Limit / 2, (long)(1.3 * Limit) + (4 << 20));
    }

    /// <summary>The bytes of all objects that a fit makes, on all threads: what it holds at one time is at most that.</summary>
    private long AllocatedByFit(bool isKnown, long? maximumMemory)
    {
        IEnumerable<Row> rows = Stream(Rows, copy: false);
        IDataView data = _ml.Data.LoadFromEnumerable(isKnown ? new Counted(rows) : rows);
        Assert.Equal(isKnown ? Rows : null, data.GetRowCount());
        Weights(_ml.Data.LoadFromEnumerable(Stream(100, copy: true).ToArray()));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Weights(data, maximumMemory);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private float[] Weights(IDataView data, long? maximumMemory = null)
    {
        var model = _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            HiddenLayers = [4],
            FeatureEncoding = FeatureEncoding.None,
            NumberOfEpochs = 2,
            BatchSize = 100,

            // Without validation rows there is no second training, which these labels would get.
            ValidationFraction = 0,
            Seed = 1,
            MaximumMemory = maximumMemory,
        }).Fit(data).Model;
        return [.. Enumerable.Range(0, 4).SelectMany(
            unit => Enumerable.Range(0, 10).Select(i => model.Network.Layers[0].GetWeight(i, unit)))];
    }

    /// <summary>Rows made one by one; without copying all are the same object, which leaves no garbage behind.</summary>
    private static IEnumerable<Row> Stream(int rows, bool copy)
    {
        var row = new Row { Features = new float[Columns] };
        for (int i = 0; i < rows; i++)
        {
            row = copy ? new Row { Features = new float[Columns] } : row;
            for (int c = 0; c < Columns; c++)
            {
                row.Features[c] = ((i * 31) + (c * 17)) % 101;
            }

            row.Label = i % 13;
            yield return row;
        }
    }

    /// <summary>A sequence that knows its length.</summary>
    private sealed class Counted(IEnumerable<Row> rows) : IReadOnlyCollection<Row>, ICollection<Row>
    {
        public int Count => Rows;

        public bool IsReadOnly => true;

        public IEnumerator<Row> GetEnumerator() => rows.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => rows.GetEnumerator();

        public void Add(Row item) => throw new NotSupportedException();

        public void Clear() => throw new NotSupportedException();

        public bool Contains(Row item) => throw new NotSupportedException();

        public void CopyTo(Row[] array, int arrayIndex) => throw new NotSupportedException();

        public bool Remove(Row item) => throw new NotSupportedException();
    }

    private sealed class Row
    {
        public float Label { get; set; }

        [VectorType(Columns)]
        public float[] Features { get; set; } = [];
    }
}
