namespace BpTrainer.Examples.Compare.Tests;

/// <summary>One run of the program inside this process: its exit code and what it wrote.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    public static ProgramRun With(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = CommandLine.Run(arguments, output, error);
        return new ProgramRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Asserts that the program gave one line with this text on the error stream, no table, and exit code 2.</summary>
    public void AssertUserError(string text)
    {
        Assert.Equal(2, ExitCode);
        Assert.Empty(Output);
        Assert.StartsWith("Error: ", Error);
        Assert.Equal(1, Error.Count(c => c == '\n'));
        Assert.EndsWith("\n", Error);
        Assert.Contains(text, Error);
    }
}
