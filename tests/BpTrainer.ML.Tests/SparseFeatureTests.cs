using BpTrainer.ML;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Tests;

/// <summary>Wide rows of which most features are 0 are learned from and scored without their zeros.</summary>
public class SparseFeatureTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _messages = [];

    public SparseFeatureTests() => _ml.Log += (_, message) => _messages.Add(message);

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void TheyAreLearnedFromAndScored(int networks, bool weighted)
    {
        IDataView data = View(Rows(400, Width));
        var options = Options();
        (options.Ensemble, options.ExampleWeightColumnName) = (networks, weighted ? "Weight" : null);
        var fitted = _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(data);
        AssertSparse();

        IDataView scored = fitted.Transform(data);
        Assert.InRange(_ml.BinaryClassification.Evaluate(scored).Accuracy, 0.95, 1);

        // In blocks, one by one, and with the zeros.
        float[] blocks = [.. scored.GetColumn<float>("Score")];
        using var engine = _ml.Model.CreatePredictionEngine<WideRow, Prediction>(fitted);
        Assert.Equal(blocks, Rows(400, Width).Select(row => engine.Predict(row).Score));
        Assert.Equal(
            blocks,
            fitted.Transform(View(Rows(400, Width, isDense: true))).GetColumn<float>("Score").ToArray(),
            (x, y) => Math.Abs(x - y) < 1e-5f);
    }

    [Fact]
    public void ZerosThatAreWrittenOutChangeNothing()
    {
        float[] Scores(bool isDense) =>
            [
                .. _ml.BinaryClassification.Trainers.BackPropagation(Options())
                    .Fit(View(Rows(200, Width, isDense)))
                    .Transform(View(Rows(50, Width)))
                    .GetColumn<float>("Score")
            ];
        Assert.Equal(Scores(isDense: false), Scores(isDense: true));
        AssertSparse();
    }

    [Fact]
    public void OtherRowsValidateAndAModelIsGoneOnFrom()
    {
        IDataView data = View(Rows(200, Width)), validation = View(Rows(60, Width, isDense: true));
        var trainer = _ml.BinaryClassification.Trainers.BackPropagation(Options());
        var first = trainer.Fit(data, validation);
        Assert.Contains(_messages, m => m.Message.Contains("60 more for validation", StringComparison.Ordinal));
        var second = trainer.Fit(data, validation, first);
        AssertSparse();
        Assert.InRange(second.Model.History[0].TrainingLoss, 0, first.Model.History[0].TrainingLoss / 2);
    }

    [Fact]
    public void ARowWithAMissingValueIsLeftOut()
    {
        WideRow[] rows = Rows(100, Width);
        rows[3].Features = new VBuffer<float>(Width, 1, [float.NaN], [7]);
        _ml.BinaryClassification.Trainers.BackPropagation(Options()).Fit(View(rows));
        AssertSparse();
        Assert.Contains(_messages, m => m.Message.Contains("Skipped 1 of 100 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void RowsThatDoNotFitIntoMemoryAreStreamedWithAWarning()
    {
        const int Wide = 11_000;
        var options = Options();
        options.MaximumMemory = 500_000;
        options.NumberOfEpochs = 1;
        _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(View(Rows(200, Wide, values: 330)));
        AssertWarned(
            "has 11000 features", "they do not fit into MaximumMemory", "one row takes 44012 bytes", "reduce the number of features");
    }

    [Fact]
    public void WideRowsWithFewZerosGetAWarning()
    {
        const int Wide = 10_001;
        var options = Options();
        options.NumberOfEpochs = 1;
        _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(View(Rows(20, Wide, values: 2000)));
        AssertWarned("Column 'Features' has 10001 features", "more than one value in 32 is not 0");
        Assert.Contains(_messages, m => m.Message.Contains(", all in memory,", StringComparison.Ordinal));
    }

    [Fact]
    public void NarrowRowsKeepTheirZeros()
    {
        _ml.BinaryClassification.Trainers.BackPropagation(Options()).Fit(View(Rows(100, 1023)));
        Assert.Contains(_messages, m => m.Message.Contains(", all in memory,", StringComparison.Ordinal));
        Assert.DoesNotContain(_messages, m => m.Message.Contains("zeros", StringComparison.Ordinal));
    }

    private const int Width = 2000;

    private static BackPropagationBinaryTrainer.Options Options() => new(Preset.Fast) { NumberOfEpochs = 20, Seed = 1 };

    private void AssertSparse() =>
        Assert.Contains(_messages, m => m.Message.Contains("all in memory without the zeros", StringComparison.Ordinal));

    private void AssertWarned(params string[] parts) => Assert.Single(
        _messages, m => m.Kind == ChannelMessageKind.Warning && parts.All(part => m.Message.Contains(part, StringComparison.Ordinal)));

    private IDataView View(WideRow[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(WideRow));
        schema[nameof(WideRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        return _ml.Data.LoadFromEnumerable(rows, schema);
    }

    /// <summary>Rows of few values, of which those in even columns say true and those in odd ones false.</summary>
    private static WideRow[] Rows(int count, int width, bool isDense = false, int values = 12)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            bool label = random.Next(2) == 1;
            int[] columns = [.. Enumerable.Range(0, values).Select(
                _ => Math.Min((2 * random.Next(width / 2)) + (random.NextDouble() < 0.9 == label ? 0 : 1), width - 1)).Distinct().Order()];
            float[] numbers = [.. columns.Select(_ => 0.5f + random.NextSingle())];
            var features = new VBuffer<float>(width, columns.Length, numbers, columns);
            return new WideRow
            {
                Label = label,
                Weight = 1 + random.Next(3),
                Features = isDense ? new VBuffer<float>(width, [.. features.DenseValues()]) : features,
            };
        })];
    }

    private sealed class WideRow
    {
        public bool Label { get; set; }

        public float Weight { get; set; }

        [VectorType(Width)]
        public VBuffer<float> Features { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
