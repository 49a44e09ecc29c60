using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Scores from blocks of rows are those of single rows, in the same order, however the data is read.</summary>
public class BlockScoringTests
{
    private const double Tolerance = 1e-6;
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void EqualSingleRowScores(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        ITransformer model = task.Ours(_ml).Fit(data);
        DataViews.AssertClose(DataViews.SingleRowScores(model, data), model.Transform(data).Scores(), Tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(513)]
    public void EveryNumberOfRowsIsScored(int rows)
    {
        IDataView data = TestData.BreastCancer(_ml);
        ITransformer model = TaskCase.Binary.Ours(_ml).Fit(data);
        IDataView few = _ml.Data.TakeRows(data, rows);
        float[][] all = model.Transform(data).Scores();
        DataViews.AssertClose(all[..rows], model.Transform(few).Scores(), Tolerance);
    }

    [Fact]
    public void NoRowsGiveNoScores()
    {
        IDataView data = TestData.Iris(_ml);
        ITransformer model = TaskCase.Multiclass.Ours(_ml).Fit(data);
        Assert.Empty(model.Transform(_ml.Data.LoadFromEnumerable(Array.Empty<IrisRow>())).Scores());
    }

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void PredictionEngineGivesTheSame(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        ITransformer model = task.Ours(_ml).Fit(data);
        IDataView scored = model.Transform(data);
        float[][] features = data.Values<VBuffer<float>>("Features").Select(v => v.DenseValues().ToArray()).ToArray();

        float[][] predicted = task.Name switch
        {
            nameof(TaskCase.Multiclass) => Predict<IrisRow, VectorScore>(model, features, f => new IrisRow { Features = f }, s => s.Score),
            nameof(TaskCase.Binary) =>
                Predict<CancerRow, NumberScore>(model, features, f => new CancerRow { Features = f }, s => [s.Score]),
            _ => Predict<DiabetesRow, NumberScore>(model, features, f => new DiabetesRow { Features = f }, s => [s.Score]),
        };

        DataViews.AssertClose(scored.Scores(), predicted, Tolerance);
    }

    [Fact]
    public void BinaryColumnsAgree()
    {
        IDataView data = TestData.BreastCancer(_ml);
        IDataView scored = TaskCase.Binary.Ours(_ml).Fit(data).Transform(data);
        float[] scores = scored.Values<float>("Score");
        Assert.Equal(scores.Select(s => s > 0), scored.Values<bool>("PredictedLabel"));
        Assert.All(scores.Zip(scored.Values<float>("Probability")), pair =>
            Assert.Equal(1 / (1 + Math.Exp(-pair.First)), pair.Second, 1e-6));
    }

    [Fact]
    public void MulticlassColumnsAgree()
    {
        IDataView data = TestData.Iris(_ml);
        IDataView scored = TaskCase.Multiclass.Ours(_ml).Fit(data).Transform(data);
        float[][] scores = scored.Scores();
        Assert.Equal(scores.Select(s => (uint)(Array.IndexOf(s, s.Max()) + 1)), scored.Values<uint>("PredictedLabel"));
        Assert.All(scores, s => Assert.Equal(1, s.Sum(), 1e-5));
    }

    [Fact]
    public void MissingFeaturesGiveMissingPredictions()
    {
        IDataView data = TestData.Iris(_ml);
        ITransformer model = TaskCase.Multiclass.Ours(_ml).Fit(data);
        IDataView missing = _ml.Data.LoadFromEnumerable(
            [new IrisRow { Features = [float.NaN, 1, 1, 1] }, new IrisRow { Features = [5, 3, 1, 0.2f] }]);
        IDataView scored = model.Transform(missing);
        Assert.All(scored.Scores()[0], s => Assert.True(float.IsNaN(s)));
        Assert.All(scored.Scores()[1], s => Assert.True(float.IsFinite(s)));
        Assert.Equal(0u, scored.Values<uint>("PredictedLabel")[0]);
    }

    [Fact]
    public void ShuffledCursorsKeepRowsTogether()
    {
        IDataView data = _ml.Data.Cache(TestData.BreastCancer(_ml));
        IDataView scored = TaskCase.Binary.Ours(_ml).Fit(data).Transform(data);
        Assert.True(scored.CanShuffle);

        var byId = ReadRows(scored, null).ToDictionary(row => row.Id, row => (row.Score, row.FirstFeature));
        var shuffled = ReadRows(scored, new Random(5)).ToArray();

        Assert.Equal(byId.Count, shuffled.Length);
        Assert.NotEqual(byId.Keys.ToArray(), shuffled.Select(row => row.Id).ToArray());
        Assert.All(shuffled, row => Assert.Equal(byId[row.Id].FirstFeature, row.FirstFeature));
        Assert.All(shuffled, row => Assert.Equal(byId[row.Id].Score, row.Score, Tolerance * Math.Max(1, Math.Abs(row.Score))));
    }

    [Fact]
    public void CursorSetsCoverEveryRowOnce()
    {
        IDataView data = TestData.BreastCancer(_ml);
        IDataView scored = TaskCase.Binary.Ours(_ml).Fit(data).Transform(data);
        DataViewSchema.Column column = scored.Schema["Score"];
        var parts = new List<(long Batch, float Score)>();
        foreach (DataViewRowCursor cursor in scored.GetRowCursorSet([column], 4))
        {
            using (cursor)
            {
                ValueGetter<float> read = cursor.GetGetter<float>(column);
                while (cursor.MoveNext())
                {
                    float score = 0;
                    read(ref score);
                    parts.Add((cursor.Batch, score));
                }
            }
        }

        // Order by batch number is stable, and a batch lies in one cursor only.
        DataViews.AssertClose(scored.Scores(), parts.OrderBy(part => part.Batch).Select(part => new[] { part.Score }).ToArray(), Tolerance);
    }

    [Fact]
    public void PassedColumnsAloneAreNotScored()
    {
        IDataView data = TestData.BreastCancer(_ml);
        ITransformer model = TaskCase.Binary.Ours(_ml).Fit(data);
        int scoredRows = 0;
        var counted = TestData.Prepare(data, _ml.Transforms.CustomMapping<CancerRow, CancerRow>(
            (from, to) =>
            {
                // Rows are mapped on several threads.
                Interlocked.Increment(ref scoredRows);
                to.Features = from.Features;
            },
            contractName: null));

        Assert.Equal(569, model.Transform(counted).Values<bool>("Label").Length);
        Assert.Equal(0, scoredRows);
        model.Transform(counted).Scores();
        Assert.Equal(569, scoredRows);
    }

    [Fact]
    public void TwoConsumersReadIndependently()
    {
        IDataView data = TestData.Iris(_ml);
        IDataView scored = TaskCase.Multiclass.Ours(_ml).Fit(data).Transform(data);
        float[][] expected = scored.Scores();
        DataViewSchema.Column column = scored.Schema["Score"];

        using DataViewRowCursor first = scored.GetRowCursor([column]);
        first.MoveNext();
        using DataViewRowCursor second = scored.GetRowCursor([column]);
        float[][] readBySecond = DataViews.ReadScores(second, column);
        float[][] readByFirst = DataViews.ReadScores(first, column);
        DataViews.AssertSameBits(expected, readBySecond);
        DataViews.AssertSameBits(expected[1..], readByFirst);

        var inParallel = new float[8][][];
        Parallel.For(0, inParallel.Length, i => inParallel[i] = scored.Scores());
        Assert.All(inParallel, scores => DataViews.AssertSameBits(expected, scores));
    }

    [Fact]
    public void ValuesHandedOutStayAsTheyWere()
    {
        IDataView data = TestData.BreastCancer(_ml);
        IDataView scored = TaskCase.Binary.Ours(_ml).Fit(data).Transform(data);
        DataViewSchema.Column[] columns = [scored.Schema["Features"], scored.Schema["Score"]];
        using DataViewRowCursor cursor = scored.GetRowCursor(columns);
        ValueGetter<VBuffer<float>> read = cursor.GetGetter<VBuffer<float>>(columns[0]);
        var kept = new List<VBuffer<float>>();
        while (cursor.MoveNext())
        {
            VBuffer<float> features = default;
            read(ref features);
            kept.Add(features);
        }

        float[][] expected = data.Values<VBuffer<float>>("Features").Select(v => v.DenseValues().ToArray()).ToArray();
        DataViews.AssertSameBits(expected, kept.Select(v => v.DenseValues().ToArray()).ToArray());
    }

    private float[][] Predict<TRow, TScore>(ITransformer model, float[][] features, Func<float[], TRow> row, Func<TScore, float[]> score)
        where TRow : class
        where TScore : class, new()
    {
        using PredictionEngine<TRow, TScore> engine = _ml.Model.CreatePredictionEngine<TRow, TScore>(model);
        return features.Select(f => score(engine.Predict(row(f)))).ToArray();
    }

    private static IEnumerable<(DataViewRowId Id, float Score, float FirstFeature)> ReadRows(IDataView scored, Random? order)
    {
        DataViewSchema.Column[] columns = [scored.Schema["Score"], scored.Schema["Features"]];
        using DataViewRowCursor cursor = scored.GetRowCursor(columns, order);
        ValueGetter<float> readScore = cursor.GetGetter<float>(columns[0]);
        ValueGetter<VBuffer<float>> readFeatures = cursor.GetGetter<VBuffer<float>>(columns[1]);
        ValueGetter<DataViewRowId> readId = cursor.GetIdGetter();
        float score = 0;
        VBuffer<float> features = default;
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            readScore(ref score);
            readFeatures(ref features);
            readId(ref id);
            yield return (id, score, features.GetItemOrDefault(0));
        }
    }

    private sealed class DiabetesRow
    {
        [VectorType(TestData.DiabetesFeatures)]
        public float[] Features { get; set; } = [];
    }

    private sealed class CancerRow
    {
        [VectorType(TestData.BreastCancerFeatures)]
        public float[] Features { get; set; } = [];
    }

    private sealed class IrisRow
    {
        [VectorType(TestData.IrisFeatures)]
        public float[] Features { get; set; } = [];
    }

    private sealed class NumberScore
    {
        public float Score { get; set; }
    }

    private sealed class VectorScore
    {
        public float[] Score { get; set; } = [];
    }
}
