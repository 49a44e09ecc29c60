namespace BpTrainer.Examples.Tests.Shared;

/// <summary>What examples/data/README.md promises of the data sets.</summary>
public class ExampleSetTests
{
    public static TheoryData<string> Names => [.. ExampleSets.All.Select(set => set.Name)];

    [Fact]
    public void TheListHasEveryFile() => Assert.Equal(
        Directory.GetFiles(Path.GetDirectoryName(ExampleSets.PathOf("iris"))!).Select(Path.GetFileNameWithoutExtension).Order(),
        ExampleSets.All.Select(set => set.Name).Append("tables").Order());

    [Theory]
    [InlineData(nameof(LearningTask.Regression))]
    [InlineData(nameof(LearningTask.Binary))]
    [InlineData(nameof(LearningTask.Multiclass))]
    public void EachTaskHasNineSetsAndFiveThatNothingWasChosenOn(string task)
    {
        ExampleSet[] sets = [.. ExampleSets.All.Where(set => set.Task.ToString() == task)];
        Assert.Equal(9, sets.Length);
        Assert.Equal(5, sets.Count(set => !set.UsedForChoosing));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EverySetIsSmallAndReadWithoutLosingAColumn(string name)
    {
        Assert.InRange(new FileInfo(ExampleSets.PathOf(name)).Length, 1, 400_000);
        string[] header = File.ReadLines(ExampleSets.PathOf(name)).First().Split(',');
        ExampleSet set = ExampleSets.All.Single(set => set.Name == name);
        Problem problem = set.Load();

        Assert.Equal(header[^1], set.Label);
        Assert.Equal(header[..^1].Order(), problem.NumberColumns.Concat(problem.CategoryColumns).Order());
        Assert.InRange(problem.Rows, 150, 6000);
    }
}
