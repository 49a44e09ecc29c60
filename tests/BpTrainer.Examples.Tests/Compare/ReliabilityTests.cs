using BpTrainer.Examples.Compare;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Tests.Compare;

public class ReliabilityTests
{
    private static readonly MLContext s_context = new(1);

    [Fact]
    public void OfTwoClassesItIsAboutThePositiveOne()
    {
        Reliability reliability = OfTwo((0.02f, false), (0.06f, true), (0.55f, true), (0.97f, true), (1f, true));

        Assert.Equal([2, 0, 0, 0, 0, 1, 0, 0, 0, 2], reliability.Bins.Select(bin => bin.Count));
        Assert.Equal(0.04, reliability.Bins[0].Predicted, 1e-6);
        Assert.Equal(0.5, reliability.Bins[0].Observed);
        Assert.Equal(double.NaN, reliability.Bins[1].Observed);
        Assert.Equal(0.985, reliability.Bins[9].Predicted, 1e-6);
        Assert.Equal(((2 * 0.46) + 0.45 + (2 * 0.015)) / 5, reliability.CalibrationError, 1e-6);
    }

    [Fact]
    public void OfMoreClassesItIsAboutThePredictedOne()
    {
        // Keys count from 0 here and from 1 in the view.
        var schema = SchemaDefinition.Create(typeof(ScoredClass));
        schema["Score"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        schema["Label"].ColumnType = schema["PredictedLabel"].ColumnType = new KeyDataViewType(typeof(uint), 3);
        IDataView scored = s_context.Data.LoadFromEnumerable(
            [
                new ScoredClass { Label = 0, PredictedLabel = 0, Score = [0.75f, 0.125f, 0.125f] },
                new ScoredClass { Label = 1, PredictedLabel = 2, Score = [0.125f, 0.125f, 0.75f] },
                new ScoredClass { Label = 2, PredictedLabel = 1, Score = [0.25f, 0.5f, 0.25f] },
            ],
            schema);
        Reliability reliability = Reliability.Of(LearningTask.Multiclass, scored)!;

        Assert.Equal(new ReliabilityBin(2, 0.75, 0.5), reliability.Bins[7]);
        Assert.Equal(new ReliabilityBin(1, 0.5, 0), reliability.Bins[5]);
        Assert.Equal(((2 * 0.25) + 0.5) / 3, reliability.CalibrationError, 1e-9);
    }

    [Fact]
    public void PartsAddUp()
    {
        Reliability parts = Reliability.Over([OfTwo((0.1f, true), (0.75f, false)), OfTwo((0.25f, false), (0.75f, true))]);
        Assert.Equal(OfTwo((0.1f, true), (0.75f, false), (0.25f, false), (0.75f, true)).Bins, parts.Bins);
    }

    [Fact]
    public void ARegressionHasNone() =>
        Assert.Null(Reliability.Of(LearningTask.Regression, s_context.Data.LoadFromEnumerable(new[] { new ScoredTruth() })));

    private static Reliability OfTwo(params (float Probability, bool Label)[] rows) => Reliability.Of(
        LearningTask.Binary,
        s_context.Data.LoadFromEnumerable(rows.Select(row => new ScoredTruth { Probability = row.Probability, Label = row.Label })))!;

    private sealed class ScoredTruth
    {
        public float Probability { get; set; }

        public bool Label { get; set; }
    }

    private sealed class ScoredClass
    {
        public uint Label { get; set; }

        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}
