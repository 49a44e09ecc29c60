using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>The metrics of a multi-label classification, by hand.</summary>
public class MultiLabelEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>
    /// Label a: there in rows 0, 1, 2; predicted in 0, 1, 3: TP 2, FP 1, FN 1, F1 = 4/6. Label b: there in 0; predicted in 0 and 1: TP 1,
    /// FP 1, FN 0, F1 = 2/3. Label c: neither there nor predicted: 0. Wrong are a in rows 2 and 3 and b in row 1, 3 of 12; row 0 alone is
    /// right in all. Sums: TP 3, FP 2, FN 1: micro F1 = 6/9.
    /// </summary>
    private static readonly Row[] s_rows =
    [
        new([true, true, false], [0.8f, 0.5f, 0.1f], [true, true, false]),
        new([true, false, false], [0.6f, 0.6f, 0.2f], [true, true, false]),
        new([true, false, false], [0.4f, 0.3f, 0f], [false, false, false]),
        new([false, false, false], [0.9f, 0.1f, 0.5f], [true, false, false]),
    ];

    [Theory]
    [InlineData("Flags")]
    [InlineData("Numbers")]
    public void TheyAreThoseOfTheDefinitions(string label)
    {
        MultiLabelClassificationMetrics metrics = Evaluate(s_rows, label);
        Assert.Equal([4 / 6.0, 2 / 3.0, 0], metrics.F1Scores);
        Assert.Equal(3 / 12.0, metrics.HammingLoss, 1e-12);
        Assert.Equal(0.25, metrics.SubsetAccuracy);
        Assert.Equal(6 / 9.0, metrics.MicroF1, 1e-12);
        Assert.Equal(4 / 9.0, metrics.MacroF1, 1e-12);
        double[] given = [0.8, 0.5, 0.9, 0.6, 0.4, 0.8, 0.4, 0.7, 1, 0.1, 0.9, 0.5];
        Assert.Equal(-given.Average(Math.Log), metrics.LogLoss, 1e-6);
    }

    [Fact]
    public void CertaintyThatIsWrongCostsNoMoreThanFloatCanTell()
    {
        // −ln 2⁻²³ = 23 ln 2
        MultiLabelClassificationMetrics metrics = Evaluate([new([true, true, false], [0, 0, 1], [false, false, true])]);
        Assert.Equal(23 * Math.Log(2), metrics.LogLoss, 1e-9);
        Assert.Equal((1, 0), (metrics.HammingLoss, metrics.SubsetAccuracy));
    }

    [Fact]
    public void RowsWithoutALabelOrAProbabilityAreLeftOut()
    {
        Row[] more = [.. s_rows, new([true, true, true], [float.NaN, 1, 1], [false, true, true])];
        Assert.Equal(0.25, Evaluate(more).SubsetAccuracy);
        var error = Assert.ThrowsAny<ArgumentException>(() => Evaluate(more[4..]));
        Assert.Contains("There is nothing to evaluate: of 1 rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherLabelsAreRefused()
    {
        Row[] wrong = [.. s_rows, new([true, false, false], [1, 1, 1], [true, true, true]) { Numbers = [1, 3, 0] }];
        Assert.Contains("label 3 in slot 1 of row 4", Assert.Throws<InvalidOperationException>(() => Evaluate(wrong, "Numbers")).Message);
    }

    [Theory]
    [InlineData("Nowhere", "Probability", "PredictedLabel", "Nowhere")]
    [InlineData("Flags", "Flags", "PredictedLabel", "known-size vector of Single")]
    [InlineData("Flags", "Probability", "Numbers", "known-size vector of Boolean")]
    [InlineData("Two", "Probability", "PredictedLabel", "of size 2, as label column 'Two'")]
    public void ColumnsMustFit(string label, string probability, string predicted, string text)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.BinaryClassification.EvaluateMultiLabel(
            _ml.Data.LoadFromEnumerable(s_rows), label, probability, predicted));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private MultiLabelClassificationMetrics Evaluate(Row[] rows, string label = "Flags") =>
        _ml.BinaryClassification.EvaluateMultiLabel(_ml.Data.LoadFromEnumerable(rows), label);

    private sealed class Row(bool[] flags, float[] probability, bool[] predicted)
    {
        [VectorType(3)]
        public bool[] Flags { get; set; } = flags;

        [VectorType(3)]
        public float[] Numbers { get; set; } = Array.ConvertAll(flags, flag => flag ? 1f : 0f);

        [VectorType(2)]
        public float[] Two { get; set; } = [0, 1];

        [VectorType(3)]
        public float[] Probability { get; set; } = probability;

        [VectorType(3)]
        public bool[] PredictedLabel { get; set; } = predicted;
    }
}
