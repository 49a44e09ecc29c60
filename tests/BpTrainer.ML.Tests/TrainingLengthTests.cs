using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Where rows are few, updates count, not epochs, so that a set of 4 rows is learned by default.</summary>
public class TrainingLengthTests
{
    [Theory]
    [InlineData(1, 2000, 400)]
    [InlineData(4, 2000, 400)]
    [InlineData(8, 2000, 400)]
    [InlineData(9, 1000, 200)]
    [InlineData(40, 400, 80)]
    [InlineData(41, 334, 66)]
    [InlineData(72, 223, 44)]
    [InlineData(73, 200, 40)]
    [InlineData(250, 63, 12)]
    [InlineData(1_000_000, 50, 10)]
    [InlineData(long.MaxValue, 50, 10)]
    public void EpochsAndRoundsFollowTheNumberOfRows(long rows, int epochs, int rounds)
    {
        TrainingOptions byRule = new BackPropagationRegressionTrainer.Options(Preset.Fast).ToEngine(seed: 0, rows);
        Assert.Equal((epochs, rounds), (byRule.Epochs, byRule.EarlyStoppingRounds));
        TrainingOptions given = new BackPropagationRegressionTrainer.Options(Preset.Fast) { NumberOfEpochs = 7, EarlyStoppingRounds = 3 }
            .ToEngine(seed: 0, rows);
        Assert.Equal((7, 3), (given.Epochs, given.EarlyStoppingRounds));

        // The rule is one of the rows: all rows as one batch do not make more epochs.
        TrainingOptions fullBatch = new BackPropagationRegressionTrainer.Options(Preset.Fast) { BatchSize = int.MaxValue }.ToEngine(seed: 0, rows);
        Assert.Equal(epochs, fullBatch.Epochs);
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(4, 3)]
    [InlineData(40, 1)]
    [InlineData(40, 2)]
    [InlineData(40, 3)]
    public void TheExclusiveOrIsLearned(int rows, int seed)
    {
        var ml = new MLContext(seed);
        Row[] points = [.. Enumerable.Range(0, rows).Select(row =>
        {
            int a = row & 1, b = (row >> 1) & 1, answer = a ^ b;
            return new Row { Features = [a, b], Number = answer, Flag = answer == 1, Name = answer == 1 ? "one" : "none" };
        })];
        IDataView data = TestData.Prepare(ml.Data.LoadFromEnumerable(points), ml.Transforms.Conversion.MapValueToKey("Key", "Name"));

        var regression = ml.Regression.Trainers.BackPropagation("Number").Fit(data);
        AssertLearned(regression.Transform(data).Values<float>("Score"));
        var binary = ml.BinaryClassification.Trainers.BackPropagation("Flag").Fit(data);
        AssertLearned(binary.Transform(data).Values<float>("Probability"));
        var multiclass = ml.MulticlassClassification.Trainers.BackPropagation("Key").Fit(data);

        // The first row is none, which is the first class.
        AssertLearned([.. multiclass.Transform(data).Scores().Select(score => score[1])]);

        void AssertLearned(float[] answers) =>
            Assert.All(points.Zip(answers), pair => Assert.Equal(pair.First.Number, pair.Second, 0.1f));
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public bool Flag { get; set; }

        public string Name { get; set; } = "";
    }
}
