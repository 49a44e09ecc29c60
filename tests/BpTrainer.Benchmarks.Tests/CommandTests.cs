using System.Text.Json;

namespace BpTrainer.Benchmarks.Tests;

/// <summary>Runs commands inside this process, and reads the JSON line that they print.</summary>
public abstract class CommandTests
{
    private protected abstract int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error);

    protected JsonElement Line(params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(arguments);
        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        Assert.Equal(1, output.Count(c => c == '\n'));
        return JsonDocument.Parse(output).RootElement;
    }

    protected (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exitCode = Run(arguments, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    protected static double Number(JsonElement line, string field) => line.GetProperty(field).GetDouble();
}
