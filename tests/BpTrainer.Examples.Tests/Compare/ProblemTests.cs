using BpTrainer.Examples.Compare;

namespace BpTrainer.Examples.Tests.Compare;

public class ProblemTests
{
    [Fact]
    public void TellsNumbersFromText()
    {
        Problem problem = TestProblems.From("a,b,c,y\n1,x,-2e1,0\n?,7,.5,1\n3,,NA,2\n", "y", LearningTask.Regression);

        Assert.Equal(["a", "c"], problem.NumberColumns);
        Assert.Equal(["b"], problem.CategoryColumns);
        Assert.Equal([[1, -20], [float.NaN, 0.5f], [3, float.NaN]], problem.Numbers);
        Assert.Equal([["x"], ["7"], [""]], problem.Categories);
        Assert.Equal([0, 1, 2], problem.Targets);
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData('|')]
    public void FindsTheSeparator(char separator)
    {
        Problem problem = TestProblems.From("a,y\n1,10\n2,20\n3,30\n".Replace(',', separator), "y", LearningTask.Regression);
        Assert.Equal([[1], [2], [3]], problem.Numbers);
        Assert.Equal([10, 20, 30], problem.Targets);
    }

    [Fact]
    public void ReadsQuotedCellsAndWindowsLineEnds()
    {
        Problem problem = TestProblems.From("\"the, city\",y\r\n\"Rio, \"\"BR\"\"\",1\r\n Rome ,2\r\n", "y", LearningTask.Regression);
        Assert.Equal(["the, city"], problem.CategoryColumns);
        Assert.Equal([["Rio, \"BR\""], ["Rome"]], problem.Categories);
    }

    [Theory]
    [InlineData("b", "a", "a", "b")]
    [InlineData("1", "0", "0", "1")]
    [InlineData("10", "9", "9", "10")]
    public void OrdersTheClasses(string one, string other, string first, string second)
    {
        Problem problem = TestProblems.From($"x,y\n1,{one}\n2,{other}\n3,{one}\n4,{other}\n", "y", LearningTask.Binary);
        Assert.Equal([first, second], problem.ClassNames);
        Assert.Equal([1, 0, 1, 0], problem.Classes);
    }

    [Fact]
    public void TheExampleSetsHaveTheirKnownShape()
    {
        var shapes = ExampleSets.OneATask().Select(
            p => (p.Name, p.Task, p.Rows, p.NumberColumns.Count, p.CategoryColumns.Count, p.ClassNames.Count));
        Assert.Equal(
            [
                ("iris", LearningTask.Multiclass, 150, 4, 0, 3),
                ("breast-cancer", LearningTask.Binary, 569, 30, 0, 2),
                ("diabetes", LearningTask.Regression, 442, 10, 0, 0),
            ],
            shapes);
    }
}
