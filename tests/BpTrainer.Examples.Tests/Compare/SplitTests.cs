using BpTrainer.Examples.Compare;

namespace BpTrainer.Examples.Tests.Compare;

public class SplitTests
{
    // 60 rows of a, 30 of b, 10 of c, in this order.
    private static readonly Problem s_threeClasses = TestProblems.From(
        "x,y\n" + string.Concat(Enumerable.Range(0, 100).Select(r => $"{r},{(r < 60 ? "a" : r < 90 ? "b" : "c")}\n")),
        "y",
        LearningTask.Multiclass);

    private static readonly Problem s_regression = TestProblems.From(
        "x,y\n" + string.Concat(Enumerable.Range(0, 50).Select(r => $"{r},{r}\n")), "y", LearningTask.Regression);

    [Fact]
    public void KeepsTheClassesInProportion()
    {
        for (int index = 0; index < 10; index++)
        {
            Split split = Split.Of(s_threeClasses, 0.2, seed: 1, index);
            Assert.Equal([12, 6, 2], CountClasses(split.Test));
            Assert.Equal([48, 24, 8], CountClasses(split.Training));
        }
    }

    [Fact]
    public void UsesEveryRowOnce()
    {
        Split split = Split.Of(s_threeClasses, 0.3, seed: 5, index: 3);
        Assert.Equal(Enumerable.Range(0, 100), split.Training.Concat(split.Test).Order());
    }

    [Fact]
    public void IsTheSameForTheSameSeed()
    {
        Split first = Split.Of(s_threeClasses, 0.2, seed: 7, index: 4);
        Split second = Split.Of(s_threeClasses, 0.2, seed: 7, index: 4);
        Assert.Equal(first.Training, second.Training);
        Assert.Equal(first.Test, second.Test);
    }

    [Theory]
    [InlineData(7, 5)]
    [InlineData(8, 4)]
    public void DiffersForAnotherSeedOrIndex(int seed, int index) =>
        Assert.NotEqual(Split.Of(s_threeClasses, 0.2, 7, 4).Test.Order(), Split.Of(s_threeClasses, 0.2, seed, index).Test.Order());

    // Pinned, so that a table stays comparable with those of earlier versions and other machines.
    [Fact]
    public void NeverChanges() =>
        Assert.Equal([42, 43, 23, 33, 19, 22, 40, 34, 15, 44], Split.Of(s_regression, 0.2, seed: 1, index: 0).Test);

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.99)]
    public void LeavesEachClassInBothParts(double testFraction)
    {
        Split split = Split.Of(s_threeClasses, testFraction, seed: 1, index: 0);
        Assert.DoesNotContain(0, CountClasses(split.Test));
        Assert.DoesNotContain(0, CountClasses(split.Training));
    }

    private static int[] CountClasses(int[] rows) =>
        Enumerable.Range(0, 3).Select(c => rows.Count(r => s_threeClasses.Classes[r] == c)).ToArray();
}
