using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Weights, sparse vectors and missing values mean what they mean to the built-in trainers.</summary>
public class RowHandlingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void AWeightCountsAsThatManyRows()
    {
        Row[] weighted = MakeRows(40).Select((row, i) => row with { Weight = 1 + (i % 3) }).ToArray();
        Row[] repeated = weighted.SelectMany(row => Enumerable.Repeat(row with { Weight = 1 }, (int)row.Weight)).ToArray();

        // In full-batch training both see the same mean gradient; only the order of summation differs.
        DataViews.AssertClose(FitAndScore(repeated, FullBatch()), FitAndScore(weighted, FullBatch()), 1e-3);
        Assert.NotEqual(FitAndScore(MakeRows(40), FullBatch())[0][0], FitAndScore(weighted, FullBatch())[0][0], 1e-3f);
    }

    [Fact]
    public void ARowWithoutWeightIsSkipped()
    {
        Row[] rows = MakeRows(40);
        Row[] more = [.. rows, rows[0] with { Weight = 0, Label = 1000 }, rows[1] with { Weight = float.NaN, Label = 1000 }];
        DataViews.AssertSameBits(FitAndScore(rows, FullBatch()), FitAndScore(more, FullBatch()));
    }

    [Fact]
    public void SparseVectorsTrainAndScoreAsDenseOnes()
    {
        Row[] rows = MakeRows(60).Select(
            (row, i) => row with { Features = [row.Features[0], i % 2 == 0 ? 0 : row.Features[1], 0] }).ToArray();
        IDataView dense = _ml.Data.LoadFromEnumerable(rows);
        IDataView sparse = _ml.Data.LoadFromEnumerable(rows.Select(row => new SparseRow
        {
            Label = row.Label,
            Features = ToSparse(row.Features),
        }));
        Assert.Contains(sparse.Values<VBuffer<float>>("Features"), v => !v.IsDense);

        float[][] expected = _ml.Regression.Trainers.BackPropagation(FullBatch(weight: false)).Fit(dense).Transform(dense).Scores();
        ITransformer fromSparse = _ml.Regression.Trainers.BackPropagation(FullBatch(weight: false)).Fit(sparse);
        DataViews.AssertSameBits(expected, fromSparse.Transform(sparse).Scores());
        DataViews.AssertSameBits(expected, fromSparse.Transform(dense).Scores());
    }

    [Fact]
    public void RowsWithMissingValuesAreSkippedWithOneWarning()
    {
        Row[] rows = MakeRows(40);
        Row[] more =
        [
            rows[0] with { Label = float.NaN },
            .. rows,
            rows[1] with { Features = [float.NaN, 1, 1] },
            rows[2] with { Features = [1, float.PositiveInfinity, 1] },
        ];

        List<string> warnings = [];
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                warnings.Add(e.Message);
            }
        };
        float[][] withMissing = FitAndScore(more, FullBatch());
        string warning = Assert.Single(warnings);
        Assert.Contains("Skipped 3 of 43 rows", warning, StringComparison.Ordinal);
        DataViews.AssertSameBits(FitAndScore(rows, FullBatch()), withMissing);
    }

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void ARowWithAMissingFeatureScoresNaNAndNoOtherDoes(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        ITransformer model = task.Ours(_ml).Fit(data);
        IDataView few = _ml.Data.TakeRows(data, 3);
        float[][] whole = model.Transform(few).Scores();
        float[][] scores = model.Transform(Gaps.Make(_ml, few, (row, c) => row == 1 && c == 2)).Scores();
        Assert.All(scores[1], score => Assert.True(float.IsNaN(score)));
        DataViews.AssertSameBits([whole[0], whole[2]], [scores[0], scores[2]]);
    }

    [Fact]
    public void MissingKeysAreSkipped()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(
            MakeRows(60).Select((row, i) => new NamedRow { Name = i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c", Features = row.Features }));
        // Only a and b are known: every c becomes the missing key.
        IDataView known = _ml.Data.LoadFromEnumerable([new Name { Value = "a" }, new Name { Value = "b" }]);
        IDataView keyed = TestData.Prepare(data, _ml.Transforms.Conversion.MapValueToKey("Label", "Name", keyData: known));
        var model = _ml.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 2).Fit(keyed).Model;
        Assert.Equal(2, model.Network.Outputs);
    }

    private float[][] FitAndScore(Row[] rows, BackPropagationRegressionTrainer.Options options)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        IDataView probe = _ml.Data.LoadFromEnumerable(MakeRows(10));
        ITransformer model = _ml.Regression.Trainers.BackPropagation(options).Fit(data);
        return model.Transform(probe).Scores();
    }

    private static BackPropagationRegressionTrainer.Options FullBatch(bool weight = true) => new(Preset.Fast)
    {
        ExampleWeightColumnName = weight ? nameof(Row.Weight) : null,
        HiddenLayers = [5],
        FeatureEncoding = FeatureEncoding.None,
        BatchSize = int.MaxValue,
        NumberOfEpochs = 50,
        ValidationFraction = 0,
        Seed = 3,
    };

    private static Row[] MakeRows(int count)
    {
        var random = new Random(2);
        return Enumerable.Range(0, count).Select(_ =>
        {
            float a = (float)random.NextDouble(), b = (float)random.NextDouble(), c = (float)random.NextDouble();
            return new Row { Features = [a, b, c], Label = (2 * a) - (b * b) + (c / 2), Weight = 1 };
        }).ToArray();
    }

    private static VBuffer<float> ToSparse(float[] values)
    {
        int[] indices = Enumerable.Range(0, values.Length).Where(i => values[i] != 0).ToArray();
        return new VBuffer<float>(values.Length, indices.Length, indices.Select(i => values[i]).ToArray(), indices);
    }

    private sealed record Row
    {
        public float Label { get; init; }

        public float Weight { get; init; }

        [VectorType(3)]
        public float[] Features { get; init; } = [];
    }

    private sealed class SparseRow
    {
        public float Label { get; set; }

        [VectorType(3)]
        public VBuffer<float> Features { get; set; }
    }

    private sealed class NamedRow
    {
        public string Name { get; set; } = "";

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Name
    {
        public string Value { get; set; } = "";
    }
}
