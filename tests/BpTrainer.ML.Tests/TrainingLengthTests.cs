using BpTrainer.Training;

namespace BpTrainer.ML.Tests;

/// <summary>Where rows are few, updates count, not epochs.</summary>
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
        TrainingOptions fullBatch = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            BatchSize = int.MaxValue,
        }.ToEngine(seed: 0, rows);
        Assert.Equal(epochs, fullBatch.Epochs);
    }
}
