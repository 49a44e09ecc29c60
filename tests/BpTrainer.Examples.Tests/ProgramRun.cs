using System.Reflection;

namespace BpTrainer.Examples.Tests;

/// <summary>One run of an example inside this process: its exit code and what it wrote.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program that is given the writers it writes to.</summary>
    public static ProgramRun Of(Func<IReadOnlyList<string>, TextWriter, TextWriter, int> program, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exitCode = program(arguments, output, error);
        return new ProgramRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>
    /// Runs the program of an assembly, which writes to the console; its tests belong to the collection <see cref="ConsoleTests"/>.
    /// </summary>
    public static ProgramRun OfAssembly(string assembly, params string[] arguments) =>
        OnConsole(() => (int)Assembly.Load(assembly).EntryPoint!.Invoke(null, [arguments])!);

    /// <summary>Runs what writes to the console; its tests belong to the collection <see cref="ConsoleTests"/>.</summary>
    public static ProgramRun OnConsole(Func<int> program)
    {
        (TextWriter console, TextWriter errors) = (Console.Out, Console.Error);
        try
        {
            return Of((_, output, error) =>
            {
                Console.SetOut(output);
                Console.SetError(error);
                return program();
            });
        }
        finally
        {
            Console.SetOut(console);
            Console.SetError(errors);
        }
    }

    /// <summary>Asserts that the program gave one line with this text on the error stream, nothing else, and exit code 2.</summary>
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

/// <summary>Tests of programs that write to the console, which a process has one of: they run one after the other.</summary>
[CollectionDefinition(nameof(ConsoleTests))]
public static class ConsoleTests;
