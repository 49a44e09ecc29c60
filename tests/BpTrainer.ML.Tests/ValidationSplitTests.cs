using BpTrainer.ML.Training;

namespace BpTrainer.ML.Tests;

/// <summary>The validation rows are a seeded share of the data that keeps the classes in proportion.</summary>
public class ValidationSplitTests
{
    [Fact]
    public void KeepsClassesInProportion()
    {
        float[] labels = [.. Enumerable.Repeat(0f, 100), .. Enumerable.Repeat(1f, 40), .. Enumerable.Repeat(2f, 10)];
        (int[] training, int[] validation) = ValidationSplit.Draw(labels, classes: 3, fraction: 0.2, minimum: 1, seed: 4);
        Assert.Equal([20, 8, 2], Enumerable.Range(0, 3).Select(c => validation.Count(row => labels[row] == c)));
        Assert.Equal(Enumerable.Range(0, 150), training.Concat(validation).Order());
        Assert.Equal(validation.Order(), validation);
    }

    [Fact]
    public void TheSeedFixesTheRows()
    {
        var labels = new float[50];
        int[] Draw(int seed) => ValidationSplit.Draw(labels, classes: 0, fraction: 0.3, minimum: 1, seed).Validation;
        Assert.Equal(15, Draw(1).Length);
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void SmallDataHasNoValidationPart(double fraction)
    {
        (int[] training, int[] validation) = ValidationSplit.Draw(new float[40], classes: 0, fraction, minimum: 10, seed: 1);
        Assert.Equal(Enumerable.Range(0, 40), training);
        Assert.Empty(validation);
    }

    [Fact]
    public void EveryClassKeepsARowForTraining()
    {
        (int[] training, _) = ValidationSplit.Draw([0, 1, 1, 2, 2, 2], classes: 4, fraction: 0.99, minimum: 1, seed: 1);
        Assert.Equal([0, 1, 3], training.Select(row => row switch { 0 => 0, < 3 => 1, _ => 3 }).Order());
    }

    [Fact]
    public void FoldsHoldEveryRowOnceWithClassesInProportion()
    {
        float[] labels = [.. Enumerable.Repeat(0f, 51), .. Enumerable.Repeat(1f, 20), .. Enumerable.Repeat(2f, 5)];
        int[][] folds = ValidationSplit.Folds(labels, groups: null, classes: 3, folds: 5, seed: 4);
        Assert.Equal(Enumerable.Range(0, 76), folds.SelectMany(rows => rows).Order());
        Assert.All(folds, rows => Assert.Equal(rows.Order(), rows));
        Assert.All(folds, rows => Assert.InRange(rows.Count(row => labels[row] == 0), 10, 11));
        Assert.All(folds, rows => Assert.Equal((4, 1), (rows.Count(row => labels[row] == 1), rows.Count(row => labels[row] == 2))));
        Assert.Equal(folds, ValidationSplit.Folds(labels, groups: null, classes: 3, folds: 5, seed: 4));
        Assert.NotEqual(folds, ValidationSplit.Folds(labels, groups: null, classes: 3, folds: 5, seed: 5));
    }

    [Fact]
    public void FoldsKeepGroupsTogether()
    {
        ulong[] groups = [.. Enumerable.Range(0, 60).Select(row => (ulong)(row % 12))];
        int[][] folds = ValidationSplit.Folds(new float[60], groups, classes: 0, folds: 4, seed: 1);
        Assert.All(folds, rows => Assert.Equal(15, rows.Length));
        Assert.Equal(12, folds.Sum(rows => rows.Select(row => groups[row]).Distinct().Count()));
        var error = Assert.Throws<InvalidOperationException>(
            () => ValidationSplit.Folds(new float[60], groups, classes: 0, folds: 13, seed: 1));
        Assert.Contains("has 13 folds, but the training data has only 12 groups of rows", error.Message, StringComparison.Ordinal);
    }
}
