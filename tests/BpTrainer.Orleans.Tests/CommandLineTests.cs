using BpTrainer.Examples.Cluster;

namespace BpTrainer.Orleans.Tests;

/// <summary>The commands of the example, on one machine.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bptrainer-");

    [Theory]
    [InlineData("--primary ADDRESS:PORT or --redis HOST:PORT", "worker")]
    [InlineData("--primary is 'here'", "worker", "--primary", "here")]
    [InlineData("--address is 'there'", "search", "--address", "there")]
    [InlineData("--trials is 0", "search", "--trials", "0")]
    [InlineData("There are no files in 'nowhere'", "train", "--data", "nowhere")]
    [InlineData("There is no folder 'nowhere'", "score", "--model", "m", "--from", "nowhere", "--to", ".")]
    [InlineData("--rows is 0", "rows", "--rows", "0", "--to", ".")]
    public void AMistakeIsSaidInOneLine(string message, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        Assert.Equal(2, CommandLine.Run(arguments, output, error));
        Assert.StartsWith("Error: ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Theory]
    [InlineData("lbfgs")]
    [InlineData("traingdx")]
    [InlineData("adam")]
    public void RowsAreDrawnLearnedAndScored(string optimizer)
    {
        string rows = Path.Combine(_folder.FullName, "rows"), model = Path.Combine(_folder.FullName, "model.zip");
        string scored = _folder.CreateSubdirectory("scored").FullName;
        Run("rows", "--rows", "300", "--inputs", "3", "--files", "2", "--to", rows);
        Assert.Contains("2 epochs in", Run("train", "--data", rows, "--optimizer", optimizer, "--epochs", "2", "--model", model));
        Run("score", "--model", model, "--from", rows, "--to", scored);
        Assert.Equal(["part-0.csv", "part-1.csv"], Directory.GetFiles(scored).Select(path => Path.GetFileName(path)).Order());
        Assert.All(Directory.GetFiles(scored), file => Assert.Equal(150 + 1, File.ReadLines(file).Count()));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        Assert.Equal(0, CommandLine.Run(arguments, output, error));
        return output.ToString();
    }
}
