using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// The exclusive or, a truth table of four rows, by momentum with an adaptive rate: four tanh units, features in [−1, 1], one network.
/// </summary>
public class XorTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void IsLearnedFromAnyWeights(int seed)
    {
        IDataView table = _ml.Data.LoadFromEnumerable(
            new[] { (0f, 0f), (0, 1), (1, 0), (1, 1) }.Select(x => new Row { Features = [x.Item1, x.Item2], Label = x.Item1 != x.Item2 }));
        var model = _ml.BinaryClassification.Trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Fast)
        {
            HiddenLayers = HiddenLayers.Of(Activation.Tanh, 4),
            FeatureEncoding = FeatureEncoding.None,
            FeatureScaling = Scaling.MinMax(-1, 1),
            OutputInitializer = Initializer.Glorot,
            Optimizer = Optimizer.AdaptiveMomentum(),
            NumberOfEpochs = 500,
            TargetLoss = 0.05,
            Seed = seed,
        }).Fit(table);

        // A mean cross-entropy of 0.05 is at most 0.2 on a row: the right class has a probability of e^−0.2 = 0.82 or more.
        Probability[] rows = [.. _ml.Data.CreateEnumerable<Probability>(model.Transform(table), reuseRowObject: false)];
        Assert.All(rows, row => Assert.Equal(row.Label ? 1 : 0, row.Value, tolerance: 0.19));
        Assert.Equal([false, true, true, false], rows.Select(row => row.Label));
        Assert.Equal(StopReason.TargetLossReached, model.Model.StopReason);
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Probability
    {
        public bool Label { get; set; }

        [ColumnName("Probability")]
        public float Value { get; set; }
    }
}
